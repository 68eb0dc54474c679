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
    """Turns bytes, cut anywhere, into frames.

    Lines are cut as bytes, each decoded on its own: CR and LF are never inside a character. What is
    not UTF-8 becomes U+FFFD, as the standard says; a `strict` decoder raises UnicodeDecodeError.
    """

    __slots__ = ("_after_cr", "_at_start", "_data", "_errors", "_event", "_id", "_pending")

    def __init__(self, *, strict: bool = False) -> None:
        self._errors = "strict" if strict else "replace"
        self._pending: list[bytes] = []  # parts of a line whose end has not come
        self._after_cr = False  # a LF that follows belongs to the CR before it
        self._at_start = True  # the first line may begin with a byte order mark
        self._id = ""
        self._event = ""
        self._data: list[str] = []

    @property
    def unfinished(self) -> str:
        """What has come of an event that has not ended, comments left out."""
        line = b"".join(self._pending)
        last = "" if line.startswith(b":") else line.decode("utf-8", "replace")
        return "\n".join((*self._data, *filter(None, [last])))

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Frames that `chunk` completes."""
        for line in self._lines(chunk):
            frame = self._line(line)
            if frame is not None:
                yield frame

    def feed_data(self, chunk: bytes) -> list[str]:
        """Only the `data` of the frames that `chunk` completes: the fast way for a busy reader."""
        if not self._pending and not self._data and (plain := self._plain(chunk)):
            return plain
        found: list[str] = []
        data = self._data
        for line in self._lines(chunk):
            if line.startswith("data: "):
                data.append(line[6:])
            elif line:
                self._line(line)
            elif data:
                found.append(data[0] if len(data) == 1 else "\n".join(data))
                data.clear()
        return found

    def _plain(self, chunk: bytes) -> list[str]:
        """The data of whole frames of one line of data each, and nothing else; else nothing.

        That is how providers send nearly all they send.
        """
        if not (chunk.startswith(b"data: ") and chunk.endswith(b"\n\n")) or b"\r" in chunk:
            return []
        found = chunk[6:-2].decode("utf-8", self._errors).split("\n\ndata: ")
        if chunk.count(b"\n") != 2 * len(found):
            return []
        self._after_cr = self._at_start = False
        return found

    def _with_line_feeds(self, chunk: bytes) -> bytes:
        """`chunk` with each of the three line ends as LF, also one that a cut went through."""
        if not chunk:
            return chunk
        if self._after_cr:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if b"\r" in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return chunk

    def _lines(self, chunk: bytes) -> list[str]:
        """The lines that `chunk` ends; what is left of it waits for its end."""
        chunk = self._with_line_feeds(chunk)
        end = chunk.rfind(b"\n") + 1
        if not end:
            if chunk:
                self._pending.append(chunk)
            return []
        ended = chunk[:end]
        if self._pending:
            ended = b"".join((*self._pending, ended))
            self._pending.clear()
        if end < len(chunk):
            self._pending.append(chunk[end:])
        if self._at_start:
            self._at_start = False
            ended = ended.removeprefix(codecs.BOM_UTF8)
        lines = ended.decode("utf-8", self._errors).split("\n")
        lines.pop()  # what follows the last line end
        return lines

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
