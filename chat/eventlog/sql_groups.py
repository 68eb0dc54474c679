"""The statements over the groups of the durable log, for many runs at once.

May import the plain ground and the tables.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.orm import Session

from chat.database import has_many_writers
from chat.eventlog.backplane import Group, after
from chat.eventlog.sql_tail import append_tail
from chat.events import EventId
from chat.models import LogGroup, Run

Item = TypeVar("Item")
_BATCH = 200  # runs that one statement asks for
# Each row waits for whoever ends the attempt right now, and then looks again.
_INSERT = """
    INSERT INTO log_groups (message_id, attempt, first_seq, last_seq, frames)
    SELECT message_id, attempt, %(first_seq)s, %(last_seq)s, %(frames)s FROM runs
     WHERE message_id = %(message_id)s AND attempt = %(attempt)s AND state = 'running'
       FOR SHARE
    """
# A place may be within a group: that one is read, too, and cut by who asked.
_READ = """
    WITH places(message_id, attempt, seq) AS (VALUES {rows})
    SELECT g.message_id, g.attempt, g.first_seq, g.last_seq, g.frames
      FROM places AS p
      JOIN log_groups AS g
        ON g.message_id = p.message_id
       AND (g.attempt, g.first_seq) >= (p.attempt, COALESCE(
             (SELECT MAX(h.first_seq) FROM log_groups AS h
               WHERE h.message_id = p.message_id AND h.attempt = p.attempt
                 AND h.first_seq <= p.seq + 1), 0))
       AND (g.attempt, g.last_seq) > (p.attempt, p.seq)
     UNION ALL
    SELECT t.message_id, t.attempt, t.first_seq, t.last_seq, t.frames
      FROM log_tail AS t
     CROSS JOIN places AS p
     WHERE p.message_id = t.message_id
       AND (t.attempt, t.last_seq) > (p.attempt, p.seq)
     ORDER BY 1, 2, 3, 4
    """


def insert_groups(session: Session, groups: Sequence[Group]) -> int:
    """Store what may be stored; how many groups that was.

    IntegrityError when one was there already, but with SQLite, whose tail holds it twice then.
    """
    if not groups:
        return 0
    connection = session.connection()
    # As the driver reads it: for each stream a row every moment, SQLAlchemy would do a third more.
    if has_many_writers(session):
        rows, options = [group._asdict() for group in groups], {"preserve_rowcount": True}
        done = connection.exec_driver_sql(_INSERT, rows, execution_options=options)
        return done.rowcount
    return append_tail(connection, groups)


def find_refused(session: Session, groups: Sequence[Group]) -> set[str]:
    """The messages whose runs have another attempt than the newest of these groups, or are gone.

    A run that its own attempt has ended refuses nobody: what came too late is in the message.
    """
    written: dict[str, int] = {}
    for group in groups:
        written[group.message_id] = max(group.attempt, written.get(group.message_id, 0))
    owned: dict[str, int] = {}
    for some in _batches(written):
        query = select(Run.message_id, Run.attempt).where(Run.message_id.in_(some))
        owned |= {row.message_id: row.attempt for row in session.execute(query)}
    return {message for message, attempt in written.items() if owned.get(message) != attempt}


def without_stored(session: Session, groups: Sequence[Group]) -> list[Group]:
    """What of the groups is not stored yet."""
    query = select(LogGroup.message_id, LogGroup.attempt, func.max(LogGroup.last_seq).label("last"))
    stored: dict[tuple[str, int], int] = {}
    for some in _batches([group.message_id for group in groups]):
        rows = session.execute(
            query.where(LogGroup.message_id.in_(some)).group_by(
                LogGroup.message_id, LogGroup.attempt
            )
        )
        stored |= {(row.message_id, row.attempt): row.last for row in rows}
    cut = (
        after(EventId(group.attempt, stored.get((group.message_id, group.attempt), 0)), group)
        for group in groups
    )
    return [group for group in cut if group is not None]


def read_groups(session: Session, places: Mapping[str, EventId]) -> Iterator[Group]:
    """What is stored after each place, in order, each frame once."""
    reached = dict(places)
    for some in _batches(places.items()):
        values: dict[str, Any] = {}
        for number, (message_id, place) in enumerate(some):
            values |= {f"m{number}": message_id, f"a{number}": place.attempt}
            values[f"s{number}"] = place.seq
        for row in session.execute(_read(len(some)), values):
            stored = Group(row[0], row[1], row[2], row[3], bytes(row[4]))
            fresh = after(reached[stored.message_id], stored)
            if fresh is not None:
                reached[fresh.message_id] = EventId(fresh.attempt, fresh.last_seq)
                yield fresh


@lru_cache(maxsize=_BATCH)
def _read(count: int) -> TextClause:
    # With types: SQLite then looks a row of the tail up among many places.
    row = "(CAST(:m{n} AS TEXT), CAST(:a{n} AS INTEGER), CAST(:s{n} AS INTEGER))"
    rows = ", ".join(row.format(n=n) for n in range(count))
    return text(_READ.format(rows=rows))


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = list(items)
    for start in range(0, len(rest), _BATCH):
        yield rest[start : start + _BATCH]
