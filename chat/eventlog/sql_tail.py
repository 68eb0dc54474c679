"""The end of the durable log in SQLite: what all runs wrote in the last two seconds, as it came.

A row that is stored by its message costs a page of an index of its own, read, written and copied,
for each run that writes. Here all rows of a flush are written behind each other, without an index,
and moved to `log_groups` once in a while, those of a run as one; of a run that has ended by then,
nothing has to be moved. Keeps true: a group is in one of the two, or in both after a writer who
could not learn whether it was stored has sent it again (`backplane.after` cuts that). Who calls
writes alone until the commit. May import the plain ground, the tables and backplane.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Connection

from chat.eventlog.backplane import Group, after
from chat.events import EventId

PARTS = 4  # each a range of ids, so that nobody waits long for the one that is moved
_RANGE = 1 << 40  # ids of a part
_RUNNING = "SELECT message_id, attempt FROM runs WHERE state = 'running'"
_LAST = "SELECT max(id) FROM log_tail WHERE id BETWEEN ? AND ?"
_APPEND = """
    INSERT INTO log_tail (id, message_id, attempt, first_seq, last_seq, frames)
    VALUES (?, ?, ?, ?, ?, ?)
    """
_READ = """
    SELECT message_id, attempt, first_seq, last_seq, frames
      FROM log_tail WHERE id BETWEEN ? AND ? ORDER BY id
    """
_DELETE = "DELETE FROM log_tail WHERE id BETWEEN ? AND ?"
# What was sent twice begins at the same place, and the second time holds no less.
_MOVE = """
    INSERT OR REPLACE INTO log_groups (message_id, attempt, first_seq, last_seq, frames)
    VALUES (?, ?, ?, ?, ?)
    """


def append_tail(connection: Connection, groups: Sequence[Group]) -> int:
    """Store the groups whose attempts are running; how many that were."""
    driver = _driver(connection)
    stored = _of_running(driver, groups)
    free = [_last_id(driver, part) + 1 for part in range(PARTS)]
    rows = []
    for group in stored:
        part = _part_of(group.message_id)
        rows.append((free[part], *group))
        free[part] += 1
    driver.executemany(_APPEND, rows)
    return len(stored)


def move_part(connection: Connection, part: int) -> None:
    """Move one of `PARTS` parts of the tail to where a run's groups are found by its message."""
    driver, ids = _driver(connection), _ids_of(part)
    groups = list(map(Group._make, driver.execute(_READ, ids)))
    if not groups:
        return
    by_message: dict[str, list[Group]] = {}
    for group in _of_running(driver, groups):
        by_message.setdefault(group.message_id, []).append(group)
    driver.executemany(_MOVE, [_joined(one) for _, one in sorted(by_message.items())])
    driver.execute(_DELETE, ids)


def _part_of(message_id: str) -> int:
    """By the last letter, which is as good as drawn: the first ones are the time."""
    return ord(message_id[-1]) % PARTS


def _ids_of(part: int) -> tuple[int, int]:
    return part * _RANGE, (part + 1) * _RANGE - 1


def _last_id(driver: sqlite3.Connection, part: int) -> int:
    last: int | None = driver.execute(_LAST, _ids_of(part)).fetchone()[0]
    return part * _RANGE if last is None else last


def _driver(connection: Connection) -> sqlite3.Connection:
    """As the driver gives them, rows cost a third: there is one for each run and flush."""
    driver: Any = connection.connection.driver_connection
    return cast(sqlite3.Connection, driver)


def _of_running(driver: sqlite3.Connection, groups: Iterable[Group]) -> list[Group]:
    running: dict[str, int] = dict(driver.execute(_RUNNING))
    return [group for group in groups if running.get(group.message_id) == group.attempt]


def _joined(groups: Sequence[Group]) -> Group:
    """Groups of one attempt, in the order in which they came, as one."""
    first, *others = groups
    last_seq, frames = first.last_seq, [first.frames]
    for group in others:
        rest = after(EventId(first.attempt, last_seq), group)
        if rest is not None:
            last_seq = rest.last_seq
            frames.append(rest.frames)
    return first._replace(last_seq=last_seq, frames=b"".join(frames))
