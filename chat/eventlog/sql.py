"""The log of one process: running answers in memory, and a durable copy in the database.

Keeps true: what was written is in the database at most `flush_seconds` and one commit later, for
all runs in one transaction; the store itself refuses frames of an attempt that is no longer the
run's, so a former owner writes nothing. May import the plain ground and the tables.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chat import events, sse
from chat.database import Database
from chat.errors import ParleyError
from chat.eventlog.live import LiveLog, Unsaved
from chat.events import Event, EventId
from chat.models import LogGroup

logger = logging.getLogger(__name__)

_APPEND = """
    INSERT INTO log_groups (message_id, attempt, first_seq, last_seq, frames)
    SELECT message_id, attempt, :first_seq, :last_seq, :frames FROM runs
     WHERE message_id = :message_id AND attempt = :attempt AND state = 'running'
    """
# PostgreSQL is to wait for whoever ends the attempt right now, and then to look again.
_APPEND_SHARED = re.sub(r":(\w+)", r"%(\1)s", _APPEND) + "FOR SHARE"


class SqlLog:
    """Keeps the running answers of this process and copies them to the database in groups."""

    def __init__(self, database: Database, *, flush_seconds: float) -> None:
        self._database = database
        self._flush_seconds = flush_seconds
        self._live: dict[str, LiveLog] = {}
        self._unsaved: list[LiveLog] = []  # those with frames that are not saved, each once
        self._dirty = threading.Event()
        self._flusher: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closing = threading.Event()

    def open(self, message_id: str, attempt: int) -> "RunWriter":
        """Begin an attempt's log; followers of an earlier attempt of the message end."""
        log = LiveLog(message_id, attempt)
        self._live[message_id] = log
        self._start_flusher()
        return RunWriter(log, self._has_unsaved)

    def find(self, message_id: str) -> LiveLog | None:
        """The log of a run that this process writes now."""
        return self._live.get(message_id)

    def wake(self, message_id: str) -> None:
        """Let the followers of a message look whether they should go on."""
        log = self._live.get(message_id)
        if log is not None:
            log.wake()

    def close(self, log: LiveLog) -> None:
        """Forget a run that has ended; who follows it still reads it to the end.

        The message's next attempt may have begun meanwhile: its log stays.
        """
        log.end()
        if self._live.get(log.message_id) is log:
            del self._live[log.message_id]

    def is_saving(self) -> bool:
        """Whether the flusher lives, or has not been needed yet."""
        return self._flusher is None or self._flusher.is_alive()

    def flush(self) -> None:
        """Copy everything new to the database in one commit; kept for the next time if it fails."""
        logs, self._unsaved = self._unsaved, []
        taken = [(log, unsaved) for log in logs if (unsaved := log.take_unsaved())]
        if not taken:
            return
        try:
            with self._database.writing() as session:
                connection = session.connection()
                shared = connection.dialect.name == "postgresql"
                connection.exec_driver_sql(
                    _APPEND_SHARED if shared else _APPEND,
                    [_group(log, unsaved) for log, unsaved in taken],
                )
        except (SQLAlchemyError, ParleyError, OSError) as error:
            logger.warning("the durable log is not written right now: %s", type(error).__name__)
            for log, unsaved in taken:
                log.give_back(unsaved)
                self._has_unsaved(log)

    def shut_down(self, timeout: float) -> None:
        """Stop the flusher after a last flush."""
        self._closing.set()
        self._dirty.set()
        if self._flusher is not None:
            self._flusher.join(timeout)

    def _has_unsaved(self, log: LiveLog) -> None:
        self._unsaved.append(log)
        self._dirty.set()

    def _start_flusher(self) -> None:
        with self._starting:
            if self._flusher is None:
                self._flusher = threading.Thread(target=self._run, name="log", daemon=True)
                self._flusher.start()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            self._closing.wait(self._flush_seconds)  # let a group gather
            self._dirty.clear()
            try:
                self.flush()
            except Exception:  # without its flusher a process would lose answers in a crash
                logger.exception("defect in the durable log")


class RunWriter:
    """What a run writes to: its live log, and word to the flusher that there is something."""

    __slots__ = ("_tell_unsaved", "log")

    def __init__(
        self, log: LiveLog, tell_unsaved: Callable[[LiveLog], None] = lambda log: None
    ) -> None:
        self.log = log
        self._tell_unsaved = tell_unsaved

    def begin_attempt(self, attempt: int) -> None:
        """The run's next attempt, for the same followers."""
        self.log.begin_attempt(attempt)

    def write(self, event: Event) -> EventId:
        event_id = self.log.write(event)
        if self.log.unsaved == 1:  # looked at afterwards: a flush may have come in between
            self._tell_unsaved(self.log)
        return event_id


def _group(log: LiveLog, unsaved: Unsaved) -> dict[str, Any]:
    return {
        "message_id": log.message_id,
        "attempt": unsaved.attempt,
        "first_seq": unsaved.first_seq,
        "last_seq": unsaved.last_seq,
        "frames": b"".join(unsaved.frames),
    }


def read_saved(session: Session, message_id: str, attempt: int) -> Iterator[Event]:
    """The events of an attempt that reached the database, in order.

    A frame that cannot be read (a damaged row, another version's event) ends them: what came
    before it is kept.
    """
    rows = (
        session.query(LogGroup.frames)
        .filter_by(message_id=message_id, attempt=attempt)
        .order_by(LogGroup.first_seq)
    )
    decoder = sse.Decoder()
    for (frames,) in rows:
        for frame in decoder.feed(bytes(frames)):
            try:
                yield events.parse(frame.event, frame.data)
            except ValueError as error:
                logger.warning("the saved log of %s is cut short: %s", message_id, error)
                return
