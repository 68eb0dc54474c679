"""One HTTP/1.1 response, from bytes cut anywhere (RFC 9112): its status, its headers, its body.

Keeps true: what is wrong with the bytes is told by `Malformed`, and what a head may hold is
bounded. The parser is llhttp, of which httptools is the binding. Imports nothing of Parley.
"""

from contextlib import suppress

import httptools

_HEAD_LIMIT = 65536  # bytes, interim responses included
_KEPT = {
    b"content-type",
    b"content-encoding",
    b"location",
    b"retry-after",
    b"retry-after-ms",
    b"transfer-encoding",
}


class Malformed(Exception):
    """What came cannot be used; the message goes on after the provider's name."""


class _Surplus(Exception):
    """Bytes after the end of the response."""


class Response:
    """`parts` collects the body, and its reader empties it; `begun` says that a byte has come."""

    __slots__ = (
        "_framed",
        "_head_size",
        "_parser",
        "begun",
        "complete",
        "headers",
        "on_body",
        "parts",
        "reusable",
        "status",
    )

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.headers: dict[str, str] = {}
        self.status = 0  # until the head is whole
        self.begun = self.complete = self.reusable = False
        self._framed = False  # the end of the body is told by its length or its last chunk
        self._head_size = 0
        self.on_body = self.parts.append
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)

    def feed(self, chunk: bytes) -> None:
        """Take more bytes; raises Malformed, and then `parts` has what came before the fault."""
        self.begun = True
        if self._parser is None:
            return
        try:
            self._parser.feed_data(chunk)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.reusable = False
            if not self.complete:
                raise Malformed("sent what is not HTTP") from None
        if not self.status:
            self._head_size += len(chunk)
            if self._head_size > _HEAD_LIMIT:
                raise Malformed("sent headers without end")

    def end(self) -> None:
        """The connection has ended; raises Malformed when the response has not."""
        if not self.complete:
            if not self.status or self._framed:
                raise Malformed("ended in the middle of its answer")
            self.complete = True

    def forget(self) -> None:
        """Let the parser go: it and this response refer to each other."""
        self._parser = None
        with suppress(AttributeError):
            del self.on_body

    # What follows is called by the parser.

    def on_message_begin(self) -> None:
        if self.complete:
            raise _Surplus

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in (b"content-length", b"transfer-encoding"):
            self._framed = True
        if name in _KEPT and not self.status:
            self.headers[name.decode()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        assert self._parser is not None
        status = self._parser.get_status_code()
        if status >= 200:
            self.status = status
            self.reusable = self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        if self.status:
            self.complete = True
        else:  # an interim response (1xx): the one that counts is still to come
            self.headers.clear()
            self._framed = False
