"""Groups and announcements over the database that all processes share.

Keeps true: the groups of all runs of a process are one transaction, in which the store itself
refuses those of an attempt that is no longer the run's; what a writer sends twice is read once;
announcements are numbered in the order of their commits. May import the plain ground, the tables
and its siblings.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from chat.database import Database, has_many_writers
from chat.errors import ParleyError, Unavailable
from chat.eventlog.backplane import Announcement, Group, News
from chat.eventlog.sql_changes import Changes, PolledChanges
from chat.eventlog.sql_groups import find_refused, insert_groups, read_groups, without_stored
from chat.eventlog.sql_tail import PARTS, move_part
from chat.events import EventId
from chat.models import Announcement as Row
from chat.values import new_id, utc_now

_KEPT = timedelta(seconds=60)
_LATE = timedelta(seconds=5)  # who begins to read is told what was said while it started
_SWEEP_SECONDS = 90.0  # from an announcement to the look for those that everybody has read


class SqlBackplane:
    """The backplane of one process; any thread may write, one reads."""

    def __init__(self, database: Database, changes: Changes | None = None) -> None:
        self._database = database
        self._changes = changes or _changes(database.engine)
        self._process_id = new_id()
        self._announced: int | None = None  # the number of the last one that was read
        self._known: dict[str, EventId] = {}  # the places that the last look has led to
        self._sweep_at: float | None = None
        self._part = self._parts_left = 0  # of the tail: the next to be moved, and how many are due

    def append(self, groups: Sequence[Group]) -> set[str]:
        """Store the groups in one commit; the messages whose groups were refused."""
        with _as_unavailable():
            try:
                return self._insert(groups)
            except IntegrityError:  # some are there: the answer to an earlier call was lost
                return self._insert(groups, only_new=True)

    def _insert(self, groups: Sequence[Group], *, only_new: bool = False) -> set[str]:
        with self._database.writing() as session:
            fresh = without_stored(session, groups) if only_new else groups
            stored = insert_groups(session, fresh)
            self._parts_left = 0 if has_many_writers(session) else PARTS
            self._changes.signal(session)
            return find_refused(session, groups) if stored < len(fresh) or only_new else set()

    def settle(self) -> bool:
        """Move a part of the tail to where groups are found by their message, with SQLite."""
        if self._parts_left:
            with _as_unavailable(), self._database.changing() as connection:
                move_part(connection, self._part)
            self._part = (self._part + 1) % PARTS
            self._parts_left -= 1
        return self._parts_left > 0

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Tell every other process in one commit."""
        rows = [
            {"sender_id": self._process_id, "name": one.name, "data": one.data.decode()}
            for one in announcements
        ]
        with _as_unavailable(), self._database.writing() as session:
            self._changes.number_in_order(session)
            session.execute(insert(Row), rows)
            self._changes.signal(session)

    def read(self, places: Mapping[str, EventId], timeout: float) -> News:
        """What there is after `places`; asks for it when others have written, or `places` are new.

        What came before the first read is not told, but for the announcements of its last seconds.
        """
        deadline = time.monotonic() + timeout
        with _as_unavailable():
            self._sweep()
            if not all(self._known.get(message) == place for message, place in places.items()):
                news = self._look(places)
                if news.groups or news.announcements:
                    return news
            while self._changes.wait(deadline - time.monotonic()):
                news = self._look(places)
                if news.groups or news.announcements:
                    return news
        return News()

    def _sweep(self) -> None:
        """Some time after an announcement, delete what is old: it may be a name that has gone."""
        if self._sweep_at is not None and time.monotonic() >= self._sweep_at:
            self._sweep_at = None
            with self._database.writing() as session:
                session.execute(delete(Row).where(Row.made_at < utc_now() - _KEPT))

    def _look(self, places: Mapping[str, EventId]) -> News:
        with self._database.reading() as session:
            found = list(read_groups(session, places))
            announcements = self._read_announcements(session)
        self._known = dict(places)
        for group in found:
            self._known[group.message_id] = EventId(group.attempt, group.last_seq)
        return News(found, announcements)

    def _read_announcements(self, session: Session) -> list[Announcement]:
        last = self._announced
        if last is None:
            before = select(func.max(Row.id)).where(Row.made_at < utc_now() - _LATE)
            last = session.scalar(before) or 0
        query = select(Row.id, Row.sender_id, Row.name, Row.data).where(Row.id > last)
        rows = session.execute(query.order_by(Row.id)).all()
        self._announced = rows[-1].id if rows else last
        if rows and self._sweep_at is None:
            self._sweep_at = time.monotonic() + _SWEEP_SECONDS
        return [
            Announcement(row.name, row.data.encode())
            for row in rows
            if row.sender_id != self._process_id
        ]

    def wake(self) -> None:
        """Let a `read` that waits return."""
        self._changes.wake()

    def forget(self, message_id: str) -> None:
        """Nothing to do: a message that becomes final takes its groups with it, but for the newest
        in SQLite, which go within two seconds."""

    def close(self) -> None:
        """Give the reader's connection back."""
        self._changes.close()


def _changes(engine: Engine) -> Changes:
    if engine.dialect.name != "postgresql":
        return PolledChanges(engine)
    from chat.eventlog.listened_changes import ListenedChanges

    return ListenedChanges(engine)


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except ParleyError:
        raise
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise Unavailable("The database does not answer right now. Try again.") from error
