"""The behaviours that break the format, or never end.

Each comes at the first event, or after the tokens that its name says (`wrong-json-after-3`), so
that it meets a reader before the first text and after it.
"""

import asyncio

from tests.upstream import words
from tests.upstream.behaviours import Behaviour
from tests.upstream.exchanges import Exchange, head
from tests.upstream.writing import Format, Pace, begin_text, behaves

PAGE = b"<!doctype html><title>Welcome</title><p>Sign in to the guest network."
HUGE = 50 * 1024 * 1024
BLOCK = 64 * 1024
DRIP_SECONDS = 0.05


@behaves("wrong-json")
async def wrong_json(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """A whole frame that is no JSON."""
    await begin_text(exchange, form, told, 0)
    await exchange.send(form.word("broken").rstrip()[:-3] + b"\n\n")
    await exchange.end()


@behaves("wrong-shape")
async def wrong_shape(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Frames that are JSON of other kinds than the format's."""
    await begin_text(exchange, form, told, 0)
    for data in (b"[1,2]", b'"text"', b"7", b'{"choices":{},"type":9}', b'{"choices":[null]}'):
        await exchange.send(b"data: " + data + b"\n\n")
    await exchange.end()


@behaves("wrong-charset")
async def wrong_charset(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Latin-1 where UTF-8 has to be."""
    await begin_text(exchange, form, told, 0)
    await exchange.send(form.word(" Café").decode().encode("latin-1"))
    await exchange.send(form.closing("end"))
    await exchange.end()


@behaves("html")
async def html(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """The page of a captive portal, or of a wrong address."""
    await exchange.whole(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})


@behaves("empty")
async def empty(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """llama-cpp-python's 200 without a body, when a prompt is too long."""
    await exchange.begin()
    await exchange.end()


@behaves("half-frame")
async def half_frame(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Half a frame, and the connection closes without the end of the body."""
    await begin_text(exchange, form, told, 0)
    frame = form.word(" half")
    await exchange.send(frame[: len(frame) // 2])
    exchange.keep = False


@behaves("unfinished")
async def unfinished(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Some text and a proper end of the body, but the format's own end never came."""
    await begin_text(exchange, form, told, 5)
    await exchange.end()


@behaves("huge-frame")
async def huge_frame(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """50 MB without the end of a line, as fast as they are taken."""
    await begin_text(exchange, form, told, 0)
    await exchange.send(b"data: ")
    for _ in range(HUGE // BLOCK):
        await exchange.send(b"x" * BLOCK)
    await exchange.send(b"\n\n")
    await exchange.end()


@behaves("drip")
async def drip(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """A byte every 50 ms, never silent and never a frame."""
    await begin_text(exchange, form, told, 0)
    while True:
        await exchange.send(b"x")
        await asyncio.sleep(DRIP_SECONDS)


@behaves("drip-head")
async def drip_head(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Headers without an end, a byte every 50 ms."""
    await exchange.raw(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    while True:
        await exchange.raw(b"x")
        await asyncio.sleep(DRIP_SECONDS)


@behaves("endless")
async def endless(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Tokens for ever: at the rate, or as fast as they are taken."""
    await begin_text(exchange, form, told, 1)
    pace = Pace(told.rate)
    for count, token in enumerate(words.tokens()):
        await exchange.send(form.word(token))
        await pace.rest()
        if count % 50 == 0:
            await asyncio.sleep(0)  # a write into a socket with room gives nobody else a turn


@behaves("endless-comments")
async def endless_comments(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """Heartbeats and nothing else, 2,000 a second."""
    await begin_text(exchange, form, told, 0)
    while True:
        await exchange.send(b": PROCESSING\n\n" * 20)
        await asyncio.sleep(0.01)


@behaves("bad-chunked")
async def bad_chunked(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """A chunk whose size is no number."""
    await begin_text(exchange, form, told, 0)
    await exchange.raw(b"zz\r\ndata: {}\n\n\r\n0\r\n\r\n")
    exchange.keep = False


@behaves("huge-headers")
async def huge_headers(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """1.6 MB of headers before a good answer's head ends."""
    filler = {f"X-Filler-{number}": "x" * 8_000 for number in range(200)}
    await exchange.raw(head(200, filler | {"Content-Length": "0"}))


@behaves("not-http")
async def not_http(exchange: Exchange, form: Format, told: Behaviour) -> None:
    """The banner of another protocol."""
    await exchange.raw(b"SSH-2.0-OpenSSH_9.6\r\n")
    exchange.keep = False
