"""Server-sent events, both ways: the encoder for readers, the decoder for what providers send.

Keeps true: no value can create a field or a frame. The decoder is the WHATWG algorithm
(https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
Imports nothing of Parley.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

RETRY = b"retry: 2000\n\n"
HEARTBEAT = b": keep-alive\n\n"
_FIELD = re.compile(r"[A-Za-z0-9_.:-]*\Z")
_LINE_END = re.compile("\r\n|\r|\n")


def encode(event: str, data: bytes, event_id: str = "") -> bytes:
    """One frame. `data` is compact JSON, which never holds a raw line end; names are checked.

    Without an `event_id` the frame has no id line, and the reader's last id stays.
    """
    if not _FIELD.match(event) or not _FIELD.match(event_id):
        raise ValueError("an event's name and id may only hold letters, digits and _.:-")
    if b"\n" in data or b"\r" in data:
        raise ValueError("an event's data must be one line")
    head = b"id: %b\n" % event_id.encode() if event_id else b""
    return b"%bevent: %b\ndata: %b\n\n" % (head, event.encode(), data)


@dataclass(frozen=True, slots=True)
class Frame:
    """One dispatched event of a stream."""

    id: str
    event: str
    data: str


class Decoder:
    """Turns bytes, cut anywhere, into frames."""

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._pending: list[str] = []  # parts of a line whose end has not come
        self._after_cr = False  # a LF that follows belongs to the CR before it
        self._at_start = True  # one BOM may still come
        self._id = ""
        self._event = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Frames that `chunk` completes."""
        text = self._utf8.decode(chunk)
        if not text:
            return
        if self._at_start:
            self._at_start = False
            text = text.removeprefix("\ufeff")
        if self._after_cr and text:
            self._after_cr = False
            text = text.removeprefix("\n")
        yield from self._lines(text)

    def _lines(self, text: str) -> Iterator[Frame]:
        start = 0
        for end in _LINE_END.finditer(text):
            line = "".join((*self._pending, text[start : end.start()]))
            self._pending.clear()
            start = end.end()
            frame = self._line(line)
            if frame is not None:
                yield frame
        self._after_cr = start == len(text) and text.endswith("\r")
        if start < len(text):
            self._pending.append(text[start:])

    def _line(self, line: str) -> Frame | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        return None

    def _dispatch(self) -> Frame | None:
        event, data = self._event or "message", self._data
        self._event, self._data = "", []
        return Frame(self._id, event, "\n".join(data)) if data else None
