"""Who has a stream open, and whether each may still read it.

Keeps true: a stream ends within a second of its session ending, its person being disabled, the
conversation being withdrawn from them, their spaces changing (for what tells of all of them; the
page opens it anew), or the process leaving; one that has sent nothing for `heartbeat_seconds` is
woken, so that it says something. One thread looks for all streams of the process, with a few
queries a second however many there are; an open stream itself holds no connection and no timer. A
change is looked at at once, at the other processes too, which `relay` tells. May import every floor
below web.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from chat import accounts, conversations, spaces
from chat.database import Database
from chat.values import Viewer

logger = logging.getLogger(__name__)
_SECONDS = 0.8  # between two looks: with the look itself less than a second


@dataclass(slots=True, eq=False)
class Ticket:
    """One open stream; `ended` turns true when it must end, and `wake` makes it look.

    `tells_all` when it tells of everything its viewer may see, whichever conversation it shows;
    `is_left` says whether its reader is known to be gone; `sent_at` is when it last sent something,
    of time.monotonic().
    """

    viewer: Viewer
    conversation_id: str | None
    wake: Callable[[], None]
    ended: bool = field(default=False)
    sent_at: float = field(default_factory=time.monotonic)
    tells_all: bool = field(default=False)
    is_left: Callable[[], bool] = field(default=lambda: False)

    def end(self) -> None:
        self.ended = True
        self.wake()


class Watch:
    """The open streams of this process."""

    def __init__(
        self,
        database: Database,
        heartbeat_seconds: float = 15.0,
        *,
        after_look: Callable[[], None] = lambda: None,
        relay: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._after_look = after_look
        self._relay = relay
        self._heartbeat_seconds = heartbeat_seconds
        self._lock = threading.Lock()
        self._tickets: set[Ticket] = set()
        self._look = threading.Event()
        self._thread: threading.Thread | None = None
        self.is_leaving: Callable[[], bool] = lambda: False  # new streams go elsewhere
        self.lets_go = False  # whether the worker does, of the connections of streams
        self.is_full: Callable[[], bool] = lambda: False  # there are as many as may be open
        self.has_left: Callable[[], bool] = lambda: False  # and so do those that are open

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._tickets)

    @property
    def session_ids(self) -> frozenset[str]:
        """The sign-ins whose pages are looked at: a hidden one keeps no news open."""
        with self._lock:
            open_pages = [one for one in self._tickets if one.tells_all]
        return frozenset(one.viewer.session_id or "" for one in open_pages)

    def open(
        self,
        viewer: Viewer,
        conversation_id: str | None,
        wake: Callable[[], None],
        *,
        tells_all: bool = False,
    ) -> Ticket:
        """A stream opens; `close` it when it ends. Without a conversation it tells of all."""
        tells_all = tells_all or conversation_id is None
        ticket = Ticket(viewer, conversation_id, wake, tells_all=tells_all)
        with self._lock:
            self._tickets.add(ticket)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()
        return ticket

    def close(self, ticket: Ticket) -> None:
        with self._lock:
            self._tickets.discard(ticket)

    def wait_until_closed(self, seconds: float) -> None:
        """Wait until no stream is open, at most for so long."""
        deadline = time.monotonic() + seconds
        while self._tickets and time.monotonic() < deadline:
            time.sleep(0.01)

    def look_everywhere(self) -> None:
        """Somebody's access changed: look at once, here and at the other processes."""
        self.look_now()
        self._relay()

    def look_now(self) -> None:
        """Look at once instead of within a second."""
        self._look.set()

    def look(self) -> None:
        """End the streams that may not go on."""
        with self._lock:
            tickets = list(self._tickets)
        if self.has_left():
            _end(tickets)
        elif tickets:
            _end([ticket for ticket in tickets if ticket.is_left()])
            _end(self._unwelcome(tickets))
            self._wake_silent(tickets)
            self._after_look()

    def _wake_silent(self, tickets: Iterable[Ticket]) -> None:
        latest = time.monotonic() - self._heartbeat_seconds
        for ticket in tickets:
            if ticket.sent_at <= latest:
                ticket.sent_at = time.monotonic()  # woken once, also one that cannot send
                ticket.wake()

    def _unwelcome(self, tickets: list[Ticket]) -> Iterable[Ticket]:
        keys = {ticket.viewer.session_id or "" for ticket in tickets}
        places = {(t.viewer.id, t.conversation_id) for t in tickets if t.conversation_id}
        with self._database.querying() as connection:
            valid = accounts.sessions.still_valid(connection, keys)
            closed = conversations.hidden_among(connection, places)
            moved = spaces.moved_among(connection, {t.viewer for t in tickets if t.tells_all})
        return [
            ticket
            for ticket in tickets
            if ticket.viewer.session_id not in valid
            or (ticket.viewer.id, ticket.conversation_id) in closed
            or (ticket.tells_all and ticket.viewer in moved)
        ]

    def _run(self) -> None:
        while True:
            self._look.wait(_SECONDS)
            self._look.clear()
            try:
                self.look()
            except SQLAlchemyError:
                continue  # asked again in a second; reading on is what the last look allowed
            except Exception:  # without this thread nobody's access would end
                logger.exception("defect while looking at the open streams")


def _end(tickets: Iterable[Ticket]) -> None:
    for ticket in tickets:
        ticket.end()
