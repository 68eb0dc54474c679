"""The behaviours that answer as a provider should, whole or as a stream.

Owns the table `KINDS`, which `failing.py` and `lying.py` add to: a kind's name and the coroutine
that carries it out. A kind with nothing here just writes.
"""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import islice

from tests.upstream import words
from tests.upstream.behaviours import Behaviour
from tests.upstream.chat_completions import ChatCompletions
from tests.upstream.exchanges import EVENT_STREAM, Exchange
from tests.upstream.messages import Messages

Format = ChatCompletions | Messages
Act = Callable[[Exchange, Format, Behaviour], Awaitable[None]]
KINDS: dict[str, Act] = {}
REASONS = {"length": "length", "filtered": "refused"}


def behaves(*kinds: str) -> Callable[[Act], Act]:
    """Makes a coroutine what these kinds do."""

    def register(act: Act) -> Act:
        KINDS.update(dict.fromkeys(kinds, act))
        return act

    return register


class Pace:
    """Holds the tokens of one answer to their rate, however long a write took."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._clock = asyncio.get_running_loop().time
        self._next = self._clock()

    async def rest(self) -> None:
        if not self._rate:
            return
        self._next += 1 / self._rate
        await asyncio.sleep(max(0.0, self._next - self._clock()))


async def answer(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """An answer as asked for: streamed, or whole."""
    if not streamed(exchange):
        await answer_whole(exchange, form, told)
        return
    tokens = planned(told)
    if told.kind == "continues":
        tokens = after_beginning(exchange, tokens)
    kept = tokens[: form.limit] if form.limit else tokens
    usual = REASONS.get(told.kind, "end")
    await exchange.begin(until_close=told.kind == "until-close", x_request_id=form.id)
    await write(exchange, form, told, kept)
    await exchange.send(form.closing("length" if len(kept) < len(tokens) else usual))
    await exchange.end()
    exchange.keep = exchange.keep and told.kind != "closes-after"


async def answer_whole(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """The plain answer, after the time that its tokens take."""
    tokens = planned(told)
    kept = tokens[: form.limit] if form.limit else tokens
    thoughts = words.THOUGHTS if form.thinks else ()
    if told.rate:
        await asyncio.sleep(len(kept) / told.rate)
    usual = REASONS.get(told.kind, "end")
    body = form.plain(thoughts, kept, "length" if len(kept) < len(tokens) else usual)
    await exchange.whole(200, body, {"Content-Type": "application/json", "X-Request-Id": form.id})


async def write(exchange: Exchange, form: Format, told: Behaviour, tokens: list[str]) -> None:
    """The first events, the thoughts and these tokens; no end."""
    pace = Pace(told.rate)
    await exchange.send(form.opening())
    for thought in words.THOUGHTS if form.thinks else ():
        await exchange.send(form.thought(thought))
        await pace.rest()
    for token in tokens:
        await exchange.send(form.word(token))
        await pace.rest()


async def begin_text(exchange: Exchange, form: Format, told: Behaviour, usual: int) -> None:
    """The head and the text up to where a fault comes: `usual` tokens, or what the name says.

    Where no stream was asked for, only the head.
    """
    await exchange.begin(EVENT_STREAM if streamed(exchange) else "application/json")
    count = told.after_or(usual)
    if count and streamed(exchange):
        tokens = planned(replace(told, tokens=max(count, told.tokens)))
        await write(exchange, form, told, tokens[:count])


def planned(told: Behaviour) -> list[str]:
    """The tokens of an answer."""
    if told.text is not None:
        return words.split(told.text)
    return list(islice(words.tokens(), told.tokens))


def after_beginning(exchange: Exchange, tokens: list[str]) -> list[str]:
    """What is left to write of an answer whose beginning is the last turn, where it is one.

    Without the marker that names no source: what a site passes on is the beginning of the same.
    """
    body = exchange.request.json()
    last, text = body["messages"][-1], "".join(tokens).replace(" [99]", "")
    begins = last["role"] == "assistant" and text.startswith(last["content"])
    return words.split(text[len(last["content"]) :] if begins else text)


def streamed(exchange: Exchange) -> bool:
    body = exchange.request.json()
    return isinstance(body, dict) and bool(body.get("stream"))


@behaves("echo")
async def echo(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Writes what it was asked: which text went to whom shows in the text."""
    said = exchange.request.json()["messages"][-1]["content"]
    text = said if isinstance(said, str) else "".join(part.get("text", "") for part in said)
    await answer(exchange, form, replace(told, text=text))


@behaves("repeats", "thinking-repeats")
async def repeats(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Writes all that it was told, also as its thoughts where it thinks.

    In pieces of `tokens` letters, the first of `after`: placeholders come cut anywhere.
    """
    body = exchange.request.json()
    said = [body.get("system") or "", *(message["content"] for message in body["messages"])]
    pieces = cut("\n\n".join(said), told.after_or(told.tokens), told.tokens)
    await exchange.begin()
    await exchange.send(form.opening())
    for piece in pieces if form.thinks else ():
        await exchange.send(form.thought(piece))
    for piece in pieces:
        await exchange.send(form.word(piece))
    await exchange.send(form.closing("end"))
    await exchange.end()


def cut(text: str, first: int, size: int) -> list[str]:
    """`text` in pieces of so many letters."""
    rest = range(first, len(text), size)
    return [piece for piece in (text[:first], *(text[at : at + size] for at in rest)) if piece]


@behaves("gzip")
async def gzip_encoded(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """A good answer in an encoding that nobody may have asked for."""
    tokens = planned(told)
    parts = [form.opening(), *(form.word(token) for token in tokens), form.closing("end")]
    if not streamed(exchange):
        parts = [form.plain((), tokens, "end")]
    kind = EVENT_STREAM if streamed(exchange) else "application/json"
    await exchange.begin(kind, Content_Encoding="gzip")
    await exchange.send(gzip.compress(b"".join(parts)))
    await exchange.end()
