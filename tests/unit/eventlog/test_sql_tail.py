"""The end of the log in SQLite: read like the rest, moved step by step, of running runs only."""

import time
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, select, update

from chat.database import Database
from chat.errors import Unavailable
from chat.eventlog import flushing
from chat.eventlog.backplane import Group
from chat.eventlog.sql import SqlLog, read_saved
from chat.eventlog.sql_backplane import SqlBackplane
from chat.eventlog.sql_tail import PARTS
from chat.events import BEGINNING, Chunk, EventId
from chat.models import LogGroup, LogTail, Run
from tests.people import Person
from tests.unit.eventlog.conftest import Join, begin_run, group, take_over

Place = tuple[str, int, int, int]


@pytest.fixture
def database(database: Database) -> Database:
    """Of SQLite: no other database has a tail."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no tail")
    return database


def test_what_was_appended_stays_readable_while_it_is_moved(
    join: Join, database: Database, alice: Person
) -> None:
    messages = [begin_run(database, alice) for _ in range(20)]
    writer, reader = join(), join()
    writer.append([group(one, 1, 1, 2) for one in messages])
    writer.append([group(one, 1, 3, 3) for one in messages])
    for step in range(PARTS):
        assert _read(reader, messages, 0) == {one: group(one, 1, 1, 3).frames for one in messages}
        assert _read(reader, messages, 2) == {one: group(one, 1, 3, 3).frames for one in messages}
        assert writer.settle() == (step < PARTS - 1)
    assert _kept(database) == ([], [(one, 1, 1, 3) for one in sorted(messages)])
    writer.append([group(one, 1, 4, 5) for one in messages])
    assert _read(reader, messages, 0) == {one: group(one, 1, 1, 5).frames for one in messages}


def test_each_step_moves_a_part(join: Join, database: Database, alice: Person) -> None:
    messages = [begin_run(database, alice) for _ in range(100)]
    writer = join()
    writer.append([group(one, 1, 1, 1) for one in messages])
    left = []
    for _ in range(PARTS):
        writer.settle()
        left.append(len(_kept(database)[0]))
    assert 100 > left[0] > left[1] > left[2] > left[3] == 0


def test_of_a_run_that_has_ended_or_begun_anew_nothing_is_moved(
    join: Join, database: Database, alice: Person
) -> None:
    ended, anew, gone, running = (begin_run(database, alice) for _ in range(4))
    writer = join()
    writer.append([group(one, 1, 1, 2) for one in (ended, anew, gone, running)])
    with database.writing() as session:
        session.execute(update(Run).where(Run.message_id == ended).values(state="ended"))
        session.execute(delete(Run).where(Run.message_id == gone))
    take_over(database, anew, 2)
    while writer.settle():
        pass
    assert _kept(database) == ([], [(running, 1, 1, 2)])


def test_what_was_sent_twice_is_moved_and_read_once(
    join: Join, database: Database, message: str
) -> None:
    """A writer that could not learn whether its groups arrived sends them again, with more."""
    writer = join()
    writer.append([group(message, 1, 1, 3)])
    while writer.settle():
        pass
    writer.append([group(message, 1, 1, 4)])
    writer.append([group(message, 1, 4, 6)])
    assert _read(join(), [message], 0) == {message: group(message, 1, 1, 6).frames}
    while writer.settle():
        pass
    assert _kept(database) == ([], [(message, 1, 1, 6)])
    with database.reading() as session:
        assert len(list(read_saved(session, message, 1))) == 6


def test_the_last_flush_is_moved_too_and_then_nothing_is_written_any_more(
    database: Database, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flushing, "_SETTLE_SECONDS", 0.01)
    backplane = Counting(database)
    log = SqlLog(database, flush_seconds=0.01, backplane=backplane)
    log.open(message, 1).write(Chunk(content="a", confidence=None))
    deadline = time.monotonic() + 30
    while backplane.steps < PARTS and time.monotonic() < deadline:
        time.sleep(0.01)
    log.flush()
    log.shut_down(10)
    assert backplane.steps == PARTS
    assert _kept(database) == ([], [(message, 1, 1, 1)])


def test_a_step_that_fails_is_done_the_next_time(
    database: Database, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flushing, "_SETTLE_SECONDS", 0.0)
    backplane = Counting(database)
    log = SqlLog(database, flush_seconds=3600, backplane=backplane)
    log.open(message, 1).write(Chunk(content="a", confidence=None))
    backplane.fails = True
    log.flush()
    assert _kept(database)[0] == [(message, 1, 1, 1)]
    backplane.fails = False
    for _ in range(PARTS):
        log.flush()
    assert _kept(database) == ([], [(message, 1, 1, 1)])
    log.shut_down(0)


class Counting(SqlBackplane):
    """Counts the steps, and fails when it is told to."""

    steps = 0
    fails = False

    def settle(self) -> bool:
        if self.fails:
            raise Unavailable("It is away.")
        self.steps += 1
        return super().settle()


def _read(reader: SqlBackplane, messages: Sequence[str], seq: int) -> dict[str, bytes]:
    """The frames after `seq`, as one reader is told them."""
    place = EventId(1, seq) if seq else BEGINNING
    found: dict[str, bytes] = {}
    for one in reader.read(dict.fromkeys(messages, place), 0).groups:
        found[one.message_id] = found.get(one.message_id, b"") + one.frames
    return found


def _kept(database: Database) -> tuple[list[Place], list[Place]]:
    """What is in the tail, and what has been moved."""
    with database.reading() as session:
        tail = list(session.scalars(select(LogTail).order_by(LogTail.id)))
        moved = list(session.scalars(select(LogGroup).order_by(LogGroup.message_id)))
    return [_place(one) for one in tail], [_place(one) for one in moved]


def _place(one: Group | LogTail | LogGroup) -> Place:
    return one.message_id, one.attempt, one.first_seq, one.last_seq
