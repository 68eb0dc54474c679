"""The statements over the groups of the durable log, for many runs at once.

May import the plain ground and the tables.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.orm import Session

from chat.eventlog.backplane import Group, after
from chat.events import EventId
from chat.models import LogGroup, Run

Item = TypeVar("Item")
_BATCH = 200  # runs that one statement asks for
_INSERT = """
    INSERT INTO log_groups (message_id, attempt, first_seq, last_seq, frames)
    SELECT message_id, attempt, :first_seq, :last_seq, :frames FROM runs
     WHERE message_id = :message_id AND attempt = :attempt AND state = 'running'
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
     ORDER BY g.message_id, g.attempt, g.first_seq
    """


def insert_groups(session: Session, groups: Sequence[Group]) -> int:
    """Store what may be stored; how many groups that was. IntegrityError when one was there."""
    if not groups:
        return 0
    rows = [
        {
            "message_id": group.message_id,
            "attempt": group.attempt,
            "first_seq": group.first_seq,
            "last_seq": group.last_seq,
            "frames": group.frames,
        }
        for group in groups
    ]
    connection = session.connection()
    insert = _insert(connection.dialect.name)
    options = {"preserve_rowcount": True}
    return connection.exec_driver_sql(insert, rows, execution_options=options).rowcount


@lru_cache(maxsize=2)
def _insert(dialect: str) -> str:
    """As the driver reads it: for each stream a row every moment, SQLAlchemy would do a third more.

    PostgreSQL is to wait for whoever ends the attempt right now, and then to look again.
    """
    if dialect != "postgresql":
        return _INSERT
    return re.sub(r":(\w+)", r"%(\1)s", _INSERT) + "FOR SHARE"


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
    """The groups that hold something after each place, in order."""
    for some in _batches(places.items()):
        values: dict[str, Any] = {}
        for number, (message_id, place) in enumerate(some):
            values |= {f"m{number}": message_id, f"a{number}": place.attempt}
            values[f"s{number}"] = place.seq
        for row in session.execute(_read(len(some)), values):
            yield Group(row.message_id, row.attempt, row.first_seq, row.last_seq, bytes(row.frames))


@lru_cache(maxsize=_BATCH)
def _read(count: int) -> TextClause:
    rows = ", ".join(
        f"(:m{n}, CAST(:a{n} AS INTEGER), CAST(:s{n} AS INTEGER))" for n in range(count)
    )
    return text(_READ.format(rows=rows))


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = list(items)
    for start in range(0, len(rest), _BATCH):
        yield rest[start : start + _BATCH]
