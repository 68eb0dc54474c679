"""The body of a response that stays open.

Keeps true: it begins with bytes at once, says something when there is nothing to say, and ends when
its ticket does. The server iterates over it as it is, with nothing of Flask's in between: that
would be memory of each stream, and work for each frame. Where its outlet can, it leaves the
server's hands when it has to wait: a stream at rest has no stack, and its response is forgotten.
May import every floor below web.
"""

import logging
import time
from collections.abc import Callable, Iterator

from chat import sse
from chat.eventlog.following import WAITING
from chat.web.detached import Detached
from chat.web.outlet import Outlet
from chat.web.watch import Ticket, Watch

logger = logging.getLogger(__name__)


class OpenStream:
    """Frames of an event stream as they come, for as long as `ticket` lets its reader read."""

    def __init__(
        self,
        frames: Iterator[bytes | None],
        ticket: Ticket,
        watch: Watch,
        first: bytes = b"",
        outlet: Outlet | None = None,
    ) -> None:
        self._frames = frames
        self._ticket = ticket
        self._watch = watch
        self._first = first
        self._outlet = outlet
        self.on_close: Callable[[], None] = lambda: None

    def __iter__(self) -> Iterator[bytes]:
        ticket = self._ticket
        yield sse.RETRY + self._first
        self._first = b""
        for frame in self._frames:
            if ticket.ended:
                return
            if frame == WAITING and self._outlet is not None:
                self._outlet.detach(self._go_on)
                raise Detached
            ticket.sent_at = time.monotonic()
            yield frame or sse.HEARTBEAT

    def _go_on(self, outlet: Outlet) -> None:
        """Detached, and there is something: serve it, until there is nothing again."""
        ticket = self._ticket
        try:
            for frame in self._frames:
                if ticket.ended:
                    break
                if frame == WAITING:
                    return
                ticket.sent_at = time.monotonic()
                outlet.send(frame or sse.HEARTBEAT)
            outlet.end()
        except OSError:
            pass  # the reader is gone, or does not read
        except Exception:
            logger.exception("defect in an open stream")
        self._end(outlet)

    def _end(self, outlet: Outlet) -> None:
        outlet.close()
        self._watch.close(self._ticket)
        self.on_close()

    def close(self) -> None:
        """The server calls this at the end, or when the reader is gone, or when it has let go."""
        if self._outlet is not None and self._outlet.is_detached:
            return
        if self._outlet is not None:
            self._outlet.close()
        self._watch.close(self._ticket)
        self.on_close()
