"""The body of a response that stays open.

Keeps true: it begins with bytes at once, says something when there is nothing to say, and ends when
its ticket does. The server iterates over it as it is, with nothing of Flask's in between: that
would be memory of each stream, and work for each frame. May import every floor below web.
"""

import time
from collections.abc import Callable, Iterator

from chat import sse
from chat.web.watch import Ticket, Watch


class OpenStream:
    """Frames of an event stream as they come, for as long as `ticket` lets its reader read."""

    def __init__(
        self, frames: Iterator[bytes | None], ticket: Ticket, watch: Watch, first: bytes = b""
    ) -> None:
        self._frames = frames
        self._ticket = ticket
        self._watch = watch
        self._first = first
        self.on_close: Callable[[], None] = lambda: None

    def __iter__(self) -> Iterator[bytes]:
        ticket = self._ticket
        yield sse.RETRY + self._first
        for frame in self._frames:
            if ticket.ended:
                return
            ticket.sent_at = time.monotonic()
            yield frame or sse.HEARTBEAT

    def close(self) -> None:
        """The server calls this when the last byte is sent, or the reader is gone."""
        self._watch.close(self._ticket)
        self.on_close()
