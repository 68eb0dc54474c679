"""HTTP/1.1 by hand, so that every byte of an answer is the caller's choice.

Owns one request as it was read and the answer as it is written. A client that goes away is not
noticed here: `connections.py` cancels the task that answers.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVENT_STREAM = "text/event-stream; charset=utf-8"
MAX_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str  # without the query
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """The body, or None if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when it ended between two requests."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Request(method, target.partition("?")[0], headers, await _read_body(reader, headers))


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int((await reader.readline()).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


class Exchange:
    """One answer: `begin`, `send` and `end`, or `whole`; `raw` for what is not HTTP at all."""

    def __init__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.request = request
        self.keep = request.headers.get("connection", "").lower() != "close"
        self.cut = 0
        self._writer = writer
        self._written = 0
        self._chunked = False

    @property
    def sent(self) -> int:
        """Bytes that the system has taken; what waits for a slow reader is not among them."""
        return max(0, self._written - self._writer.transport.get_write_buffer_size())

    async def begin(
        self, content_type: str = EVENT_STREAM, *, until_close: bool = False, **headers: str
    ) -> None:
        """The head of a 200 whose body comes in chunks, or lasts until the connection closes."""
        self._chunked = not until_close
        framing = {"Connection": "close"} if until_close else {"Transfer-Encoding": "chunked"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await self.raw(head(200, {"Content-Type": content_type} | framing | named))
        self.keep = self.keep and not until_close

    async def send(self, data: bytes) -> None:
        """Some of the body: one HTTP chunk, or more if the behaviour cuts."""
        size = self.cut or len(data) or 1
        for start in range(0, len(data), size):
            part = data[start : start + size]
            await self.raw(b"%x\r\n%b\r\n" % (len(part), part) if self._chunked else part)
            if self.cut:
                await asyncio.sleep(0)

    async def end(self) -> None:
        """The end of the body."""
        if self._chunked:
            await self.raw(b"0\r\n\r\n")

    async def whole(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """A complete answer of a known length."""
        await self.raw(head(status, dict(headers) | {"Content-Length": str(len(body))}) + body)

    async def raw(self, data: bytes) -> None:
        """These bytes, as fast as the reader takes them."""
        self._writer.write(data)
        self._written += len(data)
        await self._writer.drain()

    def reset(self) -> None:
        """Ends the connection with an RST, as a crashed host or a firewall does."""
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger
        )
        self._writer.transport.abort()
        self.keep = False


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """A status line and its headers, with the blank line."""
    lines = [f"HTTP/1.1 {status} {PHRASES.get(status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


PHRASES = {
    200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error",
    503: "Service Unavailable", 529: "Site is overloaded",
}  # fmt: skip
