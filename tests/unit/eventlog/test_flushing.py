"""The copy for other processes: kept when it fails, and refused when another owns the run."""

from collections.abc import Sequence

import pytest

from chat.database import Database
from chat.errors import Unavailable
from chat.eventlog.backplane import Group
from chat.eventlog.sql import SqlLog
from chat.eventlog.sql_backplane import SqlBackplane
from chat.events import BEGINNING, Chunk
from tests.unit.eventlog.conftest import Join, take_over

NEVER = 3600.0  # seconds: the test flushes itself


class Failing(SqlBackplane):
    """A database that is away for a while."""

    away = False
    lost_answers = 0

    def append(self, groups: Sequence[Group]) -> set[str]:
        if self.away:
            raise Unavailable("It is away.")
        refused = super().append(groups)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable("It went away after the commit.")
        return refused


@pytest.fixture
def backplane(database: Database) -> Failing:
    return Failing(database)


@pytest.fixture
def lost() -> list[str]:
    return []


@pytest.fixture
def log(database: Database, backplane: Failing, lost: list[str]) -> SqlLog:
    return SqlLog(database, flush_seconds=NEVER, backplane=backplane, on_refused=lost.append)


def test_what_could_not_be_copied_is_copied_the_next_time(
    log: SqlLog, backplane: Failing, join: Join, message: str
) -> None:
    writer = log.open(message, 1)
    writer.write(_chunk("a"))
    backplane.away = True
    log.flush()
    writer.write(_chunk("b"))
    backplane.away = False
    log.flush()
    (copied,) = join().read({message: BEGINNING}, 0).groups
    assert (copied.first_seq, copied.last_seq) == (1, 2)


def test_what_was_copied_without_an_answer_is_copied_once(
    log: SqlLog, backplane: Failing, join: Join, message: str
) -> None:
    writer = log.open(message, 1)
    writer.write(_chunk("a"))
    backplane.lost_answers = 1
    log.flush()
    writer.write(_chunk("b"))
    log.flush()
    copied = join().read({message: BEGINNING}, 0).groups
    assert [(one.first_seq, one.last_seq) for one in copied] == [(1, 1), (2, 2)]


def test_who_writes_a_run_that_another_process_took_over_is_told(
    log: SqlLog, database: Database, message: str, lost: list[str]
) -> None:
    writer = log.open(message, 1)
    writer.write(_chunk("a"))
    take_over(database, message, 2)
    log.flush()
    assert lost == []  # it might be this process that is about to begin the next attempt
    log.flush()
    assert lost == [message]


def test_a_run_at_its_own_next_attempt_goes_on(
    log: SqlLog, database: Database, join: Join, message: str, lost: list[str]
) -> None:
    writer = log.open(message, 1)
    writer.write(_chunk("a"))
    take_over(database, message, 2)
    log.flush()
    writer.begin_attempt(2)
    writer.write(_chunk("b"))
    log.flush()
    (copied,) = join().read({message: BEGINNING}, 0).groups
    assert (copied.attempt, lost) == (2, [])


def test_what_an_ended_attempt_left_uncopied_does_not_end_the_one_that_continues(
    log: SqlLog, database: Database, message: str, lost: list[str]
) -> None:
    ended = log.open(message, 1)
    ended.write(_chunk("a"))
    log.close(ended.log)
    take_over(database, message, 2)
    continued = log.open(message, 2)
    continued.write(_chunk("b"))
    log.flush()
    log.flush()
    assert lost == []
    assert not continued.log.ended


def _chunk(text: str) -> Chunk:
    return Chunk(content=text, confidence=None)
