"""The log of one process: running answers in memory, and what other processes have of them.

Keeps true: what was written is in the database at most `flush_seconds` and one commit later, for
all runs in one transaction; the store itself refuses frames of an attempt that is no longer the
run's, so a former owner writes nothing. A process that is alone says nothing and reads nothing.
May import the plain ground, the tables and its siblings.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from chat import events, sse
from chat.database import Database
from chat.errors import ParleyError
from chat.eventlog.backplane import Announcement, Backplane
from chat.eventlog.flushing import Flusher
from chat.eventlog.live import LiveLog
from chat.eventlog.mirrors import Mirrors
from chat.eventlog.publisher import Publisher
from chat.eventlog.sql_backplane import SqlBackplane
from chat.eventlog.sql_groups import read_groups
from chat.eventlog.tailer import Tailer
from chat.events import Event, EventId

logger = logging.getLogger(__name__)
_MOMENT = 0.3  # seconds that a reader has to notice that it is not needed any more


class SqlLog:
    """The running answers of this process, and the way to those of the other processes.

    `on_refused` is told the message of a run that another process has taken over; `publisher` shows
    followers elsewhere what is not stored yet, where something is quicker than the database.
    """

    def __init__(
        self,
        database: Database,
        *,
        flush_seconds: float,
        backplane: Backplane | None = None,
        publisher: Publisher | None = None,
        is_alone: Callable[[], bool] = lambda: True,
        on_refused: Callable[[str], None] = lambda message_id: None,
    ) -> None:
        self._backplane = backplane or SqlBackplane(database)
        self._is_alone = is_alone
        self._on_refused = on_refused
        self._live: dict[str, LiveLog] = {}
        self._flusher = Flusher(self._backplane, flush_seconds, self._lose)
        self._publisher = publisher
        self._mirrors = Mirrors(database, fed=self.listen)
        self._tailer = Tailer(self._backplane, self._mirrors, is_alone)
        self._tailer.handle("ended", lambda _: self._tailer.look_for_ends())

    def open(self, message_id: str, attempt: int) -> "RunWriter":
        """Begin an attempt's log; followers of an earlier attempt of the message end."""
        log = LiveLog(message_id, attempt, self._has_unsaved)
        self._live[message_id] = log
        self._flusher.start()
        return RunWriter(log, is_shown=self._publisher is not None)

    def _has_unsaved(self, log: LiveLog) -> None:
        self._flusher.add(log)
        if self._publisher is not None and not self._is_alone():
            self._publisher.add(log)

    def find(self, message_id: str) -> LiveLog | None:
        """The log of a run that this process writes now."""
        return self._live.get(message_id)

    def following(self, message_id: str) -> AbstractContextManager[LiveLog | None]:
        """The log of a run that another process writes, kept up to date until the block ends.

        None when nobody writes the run any more.
        """
        return self._mirrors.following(message_id)

    def glance(self, message_id: str) -> LiveLog | None:
        """The log of a run as it is now, whoever writes it; None when nobody does."""
        log = self._live.get(message_id) or self._mirrors.find(message_id)
        return log or self._mirrors.load(message_id)

    def wake(self, message_id: str) -> None:
        """Let the followers of a message look whether they should go on."""
        for log in (self._live.get(message_id), self._mirrors.find(message_id)):
            if log is not None:
                log.wake()

    def close(self, log: LiveLog) -> None:
        """Forget a run that has ended; who follows it still reads it to the end.

        The message's next attempt may have begun meanwhile: its log stays.
        """
        was_told, message_id = log.ended, log.message_id
        log.end()
        if self._live.get(message_id) is not log:
            return
        del self._live[message_id]
        self.announce("ended", {"message_id": message_id})
        if was_told:
            self._flusher.forget(message_id)

    def announce(self, name: str, data: Any) -> None:
        """Tell the other processes, if there are any; never waits."""
        if not self._is_alone():
            self._flusher.say(Announcement(name, msgspec.json.encode(data)))

    def announce_now(self, name: str, data: Any) -> None:
        """Tell the other processes before this returns; Unavailable when that is not possible."""
        self._backplane.publish([Announcement(name, msgspec.json.encode(data))])

    def handle(self, name: str, handler: Callable[[bytes], object]) -> None:
        """Have `handler` called with the data of what other processes announce as `name`."""
        self._tailer.handle(name, handler)

    def listen(self) -> None:
        """There are other processes, or there is something to read from them."""
        self._tailer.need()

    def _lose(self, log: LiveLog) -> None:
        """Another process owns the run; unless this one has taken it back meanwhile."""
        if self._live.get(log.message_id) is log:
            self._on_refused(log.message_id)

    def is_saving(self) -> bool:
        """Whether what is written reaches the database."""
        return self._flusher.is_alive

    def flush(self) -> None:
        """Copy everything new to the database in one commit; kept for the next time if it fails."""
        self._flusher.flush()

    def shut_down(self, timeout: float) -> None:
        """Stop writing after a last flush, and stop reading."""
        self._tailer.stop()
        if self._publisher is not None:
            self._publisher.shut_down()
        self._flusher.shut_down(timeout)
        self._tailer.join(_MOMENT)
        with suppress(ParleyError):
            self._backplane.close()


class RunWriter:
    """What a run writes to: its live log."""

    __slots__ = ("_is_shown", "log")

    def __init__(self, log: LiveLog, *, is_shown: bool = False) -> None:
        self.log = log
        self._is_shown = is_shown  # to followers elsewhere before it is saved

    def begin_attempt(self, attempt: int) -> None:
        """The run's next attempt, for the same followers."""
        self.log.begin_attempt(attempt)

    def settle(self) -> None:
        """All that was written is in the message, which is final.

        The durable log would refuse the last frames, in a transaction of its own.
        """
        if not self._is_shown:
            self.log.take_unsaved()

    def write(self, event: Event) -> None:
        self.log.write(event)


def read_saved(session: Session, message_id: str, attempt: int) -> Iterator[Event]:
    """The events of an attempt that reached the database, in order.

    A frame that cannot be read (a damaged row, another version's event) ends them: what came
    before it is kept.
    """
    decoder = sse.Decoder()
    for group in read_groups(session, {message_id: EventId(attempt, 0)}):
        if group.attempt != attempt:
            return
        for frame in decoder.feed(group.frames):
            try:
                yield events.parse(frame.event, frame.data)
            except ValueError as error:
                logger.warning("the saved log of %s is cut short: %s", message_id, error)
                return
