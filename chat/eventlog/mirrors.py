"""Logs of runs that another process writes, as far as they have come here.

Keeps true: one mirror a run, however many follow it; it begins with all that the database holds of
the newest attempt; frames are passed on as they were encoded. One that nobody follows is dropped
after some seconds. May import the plain ground, the tables, conversations and its siblings.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat import conversations, events
from chat.database import Database
from chat.eventlog.backplane import Group, after
from chat.eventlog.live import LiveLog
from chat.eventlog.sql_groups import read_groups
from chat.events import Event, EventId
from chat.models import Run

_UNUSED_SECONDS = 5.0  # a page that reloads finds it still there


class Mirror:
    """One log, and who needs it."""

    __slots__ = ("followers", "loading", "log", "message_id", "unused_since")

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.log: LiveLog | None = None
        self.loading = threading.Lock()
        self.followers = 0
        self.unused_since = 0.0


class Mirrors:
    """Those of one process. `fed` is called when there is one more to be fed."""

    def __init__(
        self,
        database: Database,
        fed: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._fed = fed
        self._clock = clock
        self._lock = threading.Lock()
        self._mirrors: dict[str, Mirror] = {}

    def __bool__(self) -> bool:
        return bool(self._mirrors)

    @contextmanager
    def following(self, message_id: str) -> Iterator[LiveLog | None]:
        """The mirror of a run, fed until the block ends; None when nobody writes the run."""
        with self._lock:
            mirror = self._mirrors.setdefault(message_id, Mirror(message_id))
            mirror.followers += 1
        try:
            yield self._loaded(mirror)
        finally:
            self._leave(mirror)

    def _loaded(self, mirror: Mirror) -> LiveLog | None:
        with mirror.loading:
            if mirror.log is None:
                mirror.log = self.load(mirror.message_id)
                if mirror.log is not None:
                    self._fed()
            return mirror.log

    def _leave(self, mirror: Mirror) -> None:
        with self._lock:
            mirror.followers -= 1
            mirror.unused_since = self._clock()
            is_empty = mirror.log is None and not mirror.followers
            if is_empty and self._mirrors.get(mirror.message_id) is mirror:
                del self._mirrors[mirror.message_id]

    def load(self, message_id: str) -> LiveLog | None:
        """A run's log as the database holds it now; None when nobody writes the run."""
        with self._database.reading() as session:
            run = select(Run.attempt).where(Run.message_id == message_id, Run.state == "running")
            attempt = session.scalar(run)
            if attempt is None:
                return None
            log = LiveLog(message_id, attempt)
            for group in read_groups(session, {message_id: EventId(attempt, 0)}):
                _extend(log, group)
        return log

    def find(self, message_id: str) -> LiveLog | None:
        """The mirror that is there already."""
        mirror = self._mirrors.get(message_id)
        return mirror.log if mirror is not None else None

    def places(self) -> dict[str, EventId]:
        """How far each has come; those that nobody needs any more are dropped."""
        latest = self._clock() - _UNUSED_SECONDS
        with self._lock:
            for mirror in list(self._mirrors.values()):
                if not mirror.followers and mirror.unused_since <= latest:
                    del self._mirrors[mirror.message_id]
            logs = [mirror.log for mirror in self._mirrors.values() if mirror.log is not None]
        return {log.message_id: log.last_id for log in logs}

    def take(self, groups: Iterable[Group]) -> None:
        """What has come from other processes."""
        for group in groups:
            log = self.find(group.message_id)
            if log is not None and not _extend(log, group):
                self._drop(group.message_id)

    def _drop(self, message_id: str) -> Mirror | None:
        """Forget a mirror; who follows it reads it to its end."""
        with self._lock:
            mirror = self._mirrors.pop(message_id, None)
        if mirror is not None and mirror.log is not None:
            mirror.log.end()
        return mirror

    def end(self) -> None:
        """End those whose runs have ended, as it is stored."""
        messages = [message_id for message_id, mirror in list(self._mirrors.items()) if mirror.log]
        with self._database.reading() as session:
            running = select(Run.message_id).where(
                Run.message_id.in_(messages), Run.state == "running"
            )
            for message_id in set(messages).difference(session.scalars(running)):
                self._end(session, message_id)

    def _end(self, session: Session, message_id: str) -> None:
        log, ended = self.find(message_id), conversations.find_ended(session, message_id)
        if log is not None and ended is not None:
            _begin(log, ended.attempt)
            log.extend(_read(conversations.ended_frames(ended, log.last_id)))
        self._drop(message_id)  # of a message that was deleted, nothing is told


def reach(log: LiveLog, place: EventId, patience: float) -> None:
    """Wait until a mirror has what its follower has read already, where the run is written."""
    if log.last_id >= place:
        return
    deadline = time.monotonic() + patience
    for _ in log.follow(log.last_id, timeout=0.05):
        if log.last_id >= place or time.monotonic() >= deadline:
            return


class _Unknown(Event, frozen=True, kw_only=True):
    """An event of a newer Parley, passed on as it is."""

    name = "unknown"


def _extend(log: LiveLog, group: Group) -> bool:
    """Append what is new of a group; whether nothing is missing before it."""
    fresh = after(log.last_id, group)
    if fresh is None:
        return True
    _begin(log, fresh.attempt)
    if fresh.first_seq != log.next_seq:
        return False
    log.extend(_read(fresh.frames))
    return True


def _begin(log: LiveLog, attempt: int) -> None:
    if attempt > log.attempt:
        log.begin_attempt(attempt)


def _read(frames: bytes) -> Iterator[tuple[Event, bytes]]:
    """Each frame with its event; a frame ends with the only blank line in it."""
    for text in frames.split(b"\n\n")[:-1]:
        frame = text + b"\n\n"
        try:
            yield events.read_frame(frame), frame
        except ValueError:
            yield _Unknown(), frame
