"""What the tests of models share: readings of bytes, and a provider of a loopback server."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from chat import sse
from chat.errors import ProviderError
from chat.providers.base import Cited, Draft, Finish, Piece, Text, Thinking, Usage
from chat.providers.building import build_provider, format_of
from chat.providers.failures import Complaints
from chat.providers.formats import Reading
from chat.providers.model_provider import ModelProvider
from chat.providers.pacing import Pace
from chat.values import AnswerRequest, Connection, Depth, Kind, Limits, Turn
from tests.unit.providers.passages import passage, request
from tests.unit.providers.raw_server import Peer, Script

KEY = "sk-loopback-0123456789abcdef"
LIMITS = Limits(connect_seconds=5, first_byte_seconds=5, silence_seconds=5)
LIGHTHOUSE = passage("The lighthouse was built in 1871 by Maria Holt. Ships see it from afar.")
HARBOUR = passage("The harbour opens at eight. Boats may stay.", title="Harbour", number=2)


def connection(url: str, preset: str = "other", model: str = "write", **more: Any) -> Connection:
    kind: Kind = "anthropic" if preset == "anthropic" else "openai_compatible"
    known: dict[str, Any] = {"name": "acme", "key": KEY, "context_tokens": 32_000}
    return Connection(kind=kind, preset=preset, base_url=url, models=(model,), **known | more)


def asked(model: str = "write", depth: Depth = Depth.BALANCED, **more: Any) -> AnswerRequest:
    """A question with two passages."""
    return replace(
        request("When was the lighthouse built?", LIGHTHOUSE, HARBOUR, depth=depth),
        model=model,
        **more,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """All pieces of an answer, put together."""

    pieces: Sequence[Piece]
    failure: ProviderError | None = None

    @property
    def text(self) -> str:
        return "".join(one.content for one in self.texts)

    @property
    def thinking(self) -> str:
        return "".join(one.content for one in self.pieces if isinstance(one, Thinking))

    @property
    def texts(self) -> list[Text]:
        return [one for one in self.pieces if isinstance(one, Text)]

    @property
    def usage(self) -> Usage | None:
        return next((one for one in self.pieces if isinstance(one, Usage)), None)

    @property
    def finish(self) -> str | None:
        return next((one.reason for one in self.pieces if isinstance(one, Finish)), None)

    @property
    def cited(self) -> list[Cited]:
        return [one for one in self.pieces if isinstance(one, Cited)]


def told(draft: Draft) -> Told:
    """What a draft yields, and the ProviderError that it ends with."""
    pieces: list[Piece] = []
    try:
        for piece in draft.pieces:
            pieces.append(piece)
    except ProviderError as failure:
        return Told(pieces, failure)
    return Told(pieces)


def ask(
    url: str, preset: str = "other", model: str = "write", request: AnswerRequest | None = None
) -> Told:
    """One answer of one model."""
    with providing(url, preset, model) as provider:
        return told(provider.open(request or asked(model)))


@contextmanager
def providing(
    url: str, preset: str = "other", model: str = "write", pace: Pace | None = None, **more: Any
) -> Iterator[ModelProvider]:
    """A provider of one model, that keeps no connection afterwards."""
    described = connection(url, preset, model, **more)
    with closing(build_provider(described, LIMITS, pace or quick())) as provider:
        yield provider


def quick() -> Pace:
    """A pace that never rests."""
    return Pace(sleep=lambda _: None)


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading of one stream came to."""

    text: str
    thinking: str
    reading: Reading


def read(preset: str, parts: Sequence[bytes]) -> Read:
    """A stream, cut into `parts`, through the project's decoder and a format's reader."""
    wire_format = format_of(connection("http://127.0.0.1", preset))
    reading, decoder = wire_format.reading(Complaints("acme", [])), sse.Decoder()
    texts, thoughts = [], []
    for part in parts:
        if (found := decoder.feed_data(part)) and not reading.is_over and not reading.failure:
            reading.take(found)
            texts.append(reading.text)
            thoughts.append(reading.thinking)
    reading.end()
    return Read("".join(texts) + reading.text, "".join(thoughts) + reading.thinking, reading)


def cuts(stream: bytes) -> Iterator[list[bytes]]:
    """The stream whole, cut in two at each of its bytes, and cut into its bytes."""
    yield [stream]
    for at in range(1, len(stream)):
        yield [stream[:at], stream[at:]]
    yield [stream[at : at + 1] for at in range(len(stream))]


def noting(bodies: list[dict[str, Any]], *answers: bytes) -> Script:
    """A script of a server of bytes: each answer to one request, whose body is noted."""

    def play(peer: Peer) -> None:
        for answer in answers:
            sent = peer.request()
            if not sent:
                return
            bodies.append(json.loads(sent.partition(b"\r\n\r\n")[2]))
            peer.send(answer)

    return play


def talk(*contents: str) -> tuple[Turn, ...]:
    """A conversation, the user first."""
    return tuple(Turn("user" if n % 2 == 0 else "assistant", one) for n, one in enumerate(contents))
