"""What a run stores, whoever else writes, and while the database is away."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from chat import conversations, events
from chat.answering import pipeline, recalibrating
from chat.answering.recovery import end_orphans
from chat.answering.runner import Runner
from chat.database import Database
from chat.errors import Unavailable
from chat.eventlog.sql import SqlLog, read_saved
from chat.models import LogGroup, Run
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running
from tests.unit.answering.transcripts import read_until, stored, told, wait

Ask = Callable[..., Running]


@pytest.mark.parametrize(
    ("where", "name"),
    [(pipeline, "search_library"), (pipeline, "load_history"), (recalibrating, "read_shifts")],
)
def test_an_answer_waits_for_a_database_that_is_away_when_it_begins(
    ask: Ask,
    provider: FedProvider,
    database: Database,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
    where: ModuleType,
    name: str,
) -> None:
    read, failures = getattr(where, name), [1, 2]

    def fail_at_first(*given: Any) -> Any:
        if failures:
            failures.pop()
            raise OperationalError("SELECT", {}, sqlite3.OperationalError("it restarts"))
        return read(*given)

    monkeypatch.setattr(where, name, fail_at_first)
    provider.write("Because it is.")
    provider.end()
    job = ask()
    assert told(job.follow())[-1].name == "complete"
    assert not failures
    assert stored(database, alice, job).content == "Because it is."


def test_a_run_wakes_who_keeps_the_lease_if_that_rests(
    ask: Ask, provider: FedProvider, runner: Runner
) -> None:
    """Else its lease would run out under the first runs after a start or a quiet while."""
    leases = runner._leases
    leases.hold()
    leases.wanted.clear()
    provider.end()
    wait(ask())
    assert not leases.wanted.is_set()
    leases.keeper_rests = True
    provider.end()
    wait(ask())
    assert leases.wanted.is_set()


def test_the_log_is_in_the_database_while_the_run_is_on_and_gone_after_it(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database
) -> None:
    job = ask()
    provider.write("Saved.")
    read_until(job.follow(), b"Saved.")
    log.flush()
    with database.reading() as session:
        saved = list(read_saved(session, job.message_id, 1))
    assert events.Chunk(content="Saved.", confidence=None) in saved
    provider.end()
    wait(job)
    with database.reading() as session:
        assert session.query(LogGroup).count() == 0


def test_the_store_refuses_what_a_former_attempt_still_writes(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database
) -> None:
    job = ask()
    provider.end()
    wait(job)
    late = log.open(job.message_id, 1)
    late.write(events.Chunk(content="late", confidence=None))
    log.flush()
    log.close(late.log)
    with database.reading() as session:
        saved = list(read_saved(session, job.message_id, 1))
    assert events.Chunk(content="late", confidence=None) not in saved


def test_a_process_that_leaves_releases_its_runs_with_all_that_they_wrote(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    follower = job.follow()
    provider.write("Half")
    read_until(follower, b"Half")
    closing = threading.Thread(target=runner.close, args=(5,))
    closing.start()
    while not provider.closed:  # it looks for a stop between two pieces
        provider.write("")
        closing.join(0.01)
    assert {event.name for event in told(follower)} <= {"chunk"}
    closing.join()
    assert stored(database, alice, job).status == "running"
    with database.reading() as session:
        assert session.get_one(Run, job.message_id).owner_id is None
        saved = list(read_saved(session, job.message_id, 1))
    assert events.Chunk(content="Half", confidence=None) in saved
    with pytest.raises(Unavailable):
        ask()


def test_an_end_that_cannot_be_stored_is_tried_again(
    ask: Ask,
    provider: FedProvider,
    database: Database,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk for a moment must not cost the answer, nor leave it running for ever."""
    refused = []
    store = conversations.finish_answer

    def full_at_first(*args: object) -> bool:
        if not refused:
            refused.append(args)
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk full"))
        return store(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(conversations, "finish_answer", full_at_first)
    job = ask()
    provider.write("Kept.")
    provider.end()
    assert told(job.follow())[-1].name == "complete"
    assert refused
    assert stored(database, alice, job).content == "Kept."


def test_an_attempt_that_lost_its_run_tells_nobody_that_it_is_complete(
    ask: Ask, provider: FedProvider, runner: Runner, database: Database, alice: Person
) -> None:
    job = ask()
    follower = job.follow()
    provider.write("Some text")
    read_until(follower, b"Some text")
    assert end_orphans(database, runner.owner_id()) == 1  # as if its end could not be stored
    provider.end()
    assert "complete" not in [event.name for event in told(follower)]
    assert stored(database, alice, job).status == "interrupted"


def test_the_end_of_an_attempt_leaves_the_next_one_alone(
    ask: Ask, provider: FedProvider, log: SqlLog
) -> None:
    job = ask()
    next_one = log.open(job.message_id, 2)
    provider.end()
    wait(job)
    assert log.find(job.message_id) is next_one.log


def test_a_defect_at_the_very_end_still_lets_the_followers_go(
    ask: Ask, provider: FedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.answering.outcome.describe", lambda attempt: 1 / 0)
    job = ask()
    provider.end()
    assert told(job.follow())[-1].name == "context"


def test_the_log_goes_on_saving_after_the_database_was_busy(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database
) -> None:
    job = ask()
    provider.write("Before.")
    read_until(job.follow(), b"Before.")
    with monkeypatched(database, Unavailable("busy")):
        log.flush()
    log.flush()
    with database.reading() as session:
        saved = list(read_saved(session, job.message_id, 1))
    assert events.Chunk(content="Before.", confidence=None) in saved
    provider.end()
    wait(job)


@contextmanager
def monkeypatched(database: Database, error: Exception) -> Iterator[None]:
    """Every write fails with this error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "writing", lambda: _raise(error))
        yield


def _raise(error: Exception) -> None:
    raise error
