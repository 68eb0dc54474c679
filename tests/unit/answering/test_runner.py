"""A run ends exactly once, however it ends, and the stored text is that of its chunks."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from chat import conversations, events, sse
from chat.answering import pipeline, recalibrating
from chat.answering.recovery import end_orphans
from chat.answering.runner import Runner
from chat.conversations import Wish
from chat.database import Database
from chat.errors import ProviderError, Unavailable
from chat.eventlog.sql import SqlLog, read_saved
from chat.events import Event
from chat.models import LogGroup, Run
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running

Ask = Callable[..., Running]


def test_events_come_in_the_order_of_the_protocol(
    ask: Ask, provider: FedProvider, log: SqlLog
) -> None:
    provider.write("Because ", "it is.")
    provider.end()
    told = _told(ask().follow())
    assert [event.name for event in told][:2] == ["user_message", "start"]
    assert told[-1].name == "complete"
    for before, after in zip([None, *told], told, strict=False):
        assert after.name in events.FOLLOWS[before.name if before else None]


def test_whoever_sees_the_end_can_reload_the_answer(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    follower = job.follow()
    provider.write("Because ", "it is.")
    provider.end()
    for batch in follower:
        if batch and b"event: complete" in batch:
            stored = _stored(database, alice, job)
            assert (stored.status, stored.content) == ("complete", "Because it is.")
            return
    pytest.fail("the run never completed")


def test_what_a_model_writes_is_stored_as_it_was_read_whatever_it_is(
    ask: Ask, provider: FedProvider, database: Database, alice: Person
) -> None:
    """PostgreSQL holds no NUL; followers are told the same as who reads it later."""
    job = ask()
    provider.write("a\0b", "\0", " \u2028 \u200d \ufffe 𝔘 \x7f \x1b[31m")
    provider.end()
    chunks = [event.content for event in _told(job.follow()) if isinstance(event, events.Chunk)]
    written = "a\ufffdb\ufffd \u2028 \u200d \ufffe 𝔘 \x7f \x1b[31m"
    assert "".join(chunks) == written
    assert _stored(database, alice, job).content == written


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
    assert _told(job.follow())[-1].name == "complete"
    assert not failures
    assert _stored(database, alice, job).content == "Because it is."


def test_a_run_goes_on_when_nobody_follows(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database, alice: Person
) -> None:
    """llama.cpp #21754: a reader that is gone must not cost the reply."""
    job = ask()
    follower = job.follow()
    next(follower)
    follower.close()  # type: ignore[attr-defined]
    provider.write("Still written.")
    provider.end()
    _wait(job)
    assert _stored(database, alice, job).content == "Still written."


def test_a_run_wakes_who_keeps_the_lease_if_that_rests(
    ask: Ask, provider: FedProvider, runner: Runner
) -> None:
    """Else its lease would run out under the first runs after a start or a quiet while."""
    leases = runner._leases
    leases.hold()
    leases.wanted.clear()
    provider.end()
    _wait(ask())
    assert not leases.wanted.is_set()
    leases.keeper_rests = True
    provider.end()
    _wait(ask())
    assert leases.wanted.is_set()


def test_a_stopped_answer_keeps_what_was_written(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    """open-webui #16251, chat-ui #890: Stop closes the provider, and keeps the text."""
    job = ask()
    follower = job.follow()
    provider.write("Some words")
    _read_until(follower, b"Some words")
    assert runner.stop(job.message_id)
    provider.write(" that come too late")
    told = _told(follower)
    assert isinstance(told[-1], events.Complete)
    assert told[-1].metadata["stop_reason"] == "stopped"
    stored = _stored(database, alice, job)
    assert (stored.status, stored.content) == ("stopped", "Some words")
    assert provider.closed == 1


def test_stopping_what_has_ended_does_nothing(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog
) -> None:
    job = ask()
    provider.end()
    _wait(job)
    assert not runner.stop(job.message_id)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ProviderError("It went away.", code="unavailable"), "unavailable"),
        (RuntimeError("the password is 1234"), "internal"),
    ],
)
def test_a_failure_ends_the_run_and_keeps_the_text(
    error: Exception,
    code: str,
    ask: Ask,
    provider: FedProvider,
    log: SqlLog,
    database: Database,
    alice: Person,
) -> None:
    job = ask()
    follower = job.follow()
    provider.write("Half an ")
    provider.fail(error)
    last = _told(follower)[-1]
    assert isinstance(last, events.Error)
    assert last.code == code
    assert "1234" not in last.message
    stored = _stored(database, alice, job)
    assert (stored.status, stored.content) == ("failed", "Half an ")
    assert stored.details["error"]["code"] == code


def test_an_answer_that_is_continued_goes_on_from_its_text(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("Half an ")
    provider.fail(ProviderError("It went away."))
    _wait(job)
    provider.continues = True
    provider.write("answer.")
    provider.end()
    told = _told(_go_on(database, runner, alice, job))
    assert [e.name for e in told][:3] == ["user_message", "start", "snapshot"]
    assert _stored(database, alice, job).content == "Half an answer."
    assert provider.requests[1].written == "Half an "


def test_a_provider_that_cannot_continue_starts_again(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("Half an ")
    provider.fail(ProviderError("It went away."))
    _wait(job)
    provider.write("Anew.")
    provider.end()
    assert "reset" in [e.name for e in _told(_go_on(database, runner, alice, job))]
    assert _stored(database, alice, job).content == "Anew."


def test_the_log_is_in_the_database_while_the_run_is_on_and_gone_after_it(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database
) -> None:
    job = ask()
    provider.write("Saved.")
    _read_until(job.follow(), b"Saved.")
    log.flush()
    with database.reading() as session:
        saved = list(read_saved(session, job.message_id, 1))
    assert events.Chunk(content="Saved.", confidence=None) in saved
    provider.end()
    _wait(job)
    with database.reading() as session:
        assert session.query(LogGroup).count() == 0


def test_the_store_refuses_what_a_former_attempt_still_writes(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database
) -> None:
    job = ask()
    provider.end()
    _wait(job)
    late = log.open(job.message_id, 1)
    late.write(events.Chunk(content="late", confidence=None))
    log.flush()
    log.close(late.log)
    with database.reading() as session:
        assert session.query(LogGroup).count() == 0


def test_a_process_that_leaves_releases_its_runs_with_all_that_they_wrote(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    follower = job.follow()
    provider.write("Half")
    _read_until(follower, b"Half")
    closing = threading.Thread(target=runner.close, args=(5,))
    closing.start()
    while not provider.closed:  # it looks for a stop between two pieces
        provider.write("")
        closing.join(0.01)
    assert {event.name for event in _told(follower)} <= {"chunk"}
    closing.join()
    assert _stored(database, alice, job).status == "running"
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
    assert _told(job.follow())[-1].name == "complete"
    assert refused
    assert _stored(database, alice, job).content == "Kept."


def test_an_attempt_that_lost_its_run_tells_nobody_that_it_is_complete(
    ask: Ask, provider: FedProvider, runner: Runner, database: Database, alice: Person
) -> None:
    job = ask()
    follower = job.follow()
    provider.write("Some text")
    _read_until(follower, b"Some text")
    assert end_orphans(database, runner.owner_id()) == 1  # as if its end could not be stored
    provider.end()
    assert "complete" not in [event.name for event in _told(follower)]
    assert _stored(database, alice, job).status == "interrupted"


def test_the_end_of_an_attempt_leaves_the_next_one_alone(
    ask: Ask, provider: FedProvider, log: SqlLog
) -> None:
    job = ask()
    next_one = log.open(job.message_id, 2)
    provider.end()
    _wait(job)
    assert log.find(job.message_id) is next_one.log


def test_a_defect_at_the_very_end_still_lets_the_followers_go(
    ask: Ask, provider: FedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.answering.outcome.describe", lambda attempt: 1 / 0)
    job = ask()
    provider.end()
    assert _told(job.follow())[-1].name == "context"


def test_the_log_goes_on_saving_after_the_database_was_busy(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database
) -> None:
    job = ask()
    provider.write("Before.")
    _read_until(job.follow(), b"Before.")
    with monkeypatched(database, Unavailable("busy")):
        log.flush()
    log.flush()
    with database.reading() as session:
        saved = list(read_saved(session, job.message_id, 1))
    assert events.Chunk(content="Before.", confidence=None) in saved
    provider.end()
    _wait(job)


def test_a_search_that_fails_gives_its_turn_to_the_next_run(
    ask: Ask, provider: FedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("chat.answering.pipeline.search_library", lambda *_: 1 / 0)
        assert _told(ask().follow())[-1].name == "error"
    provider.end()
    assert _told(ask().follow())[-1].name == "complete"


def test_a_run_that_is_stopped_while_it_waits_for_its_turn_reads_nothing(
    ask: Ask, provider: FedProvider, runner: Runner
) -> None:
    with runner._pipeline._turn:
        job = ask()
        runner.stop(job.message_id)
    last = _told(job.follow())[-1]
    assert isinstance(last, events.Complete)
    assert last.metadata["stop_reason"] == "stopped"
    assert provider.requests == []


def test_several_runs_do_not_wait_for_each_other(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog
) -> None:
    jobs = [ask(wish=Wish()) for _ in range(3)]
    assert runner.running == 3
    for _ in jobs:
        provider.end()
    for job in jobs:
        _wait(job)


@contextmanager
def monkeypatched(database: Database, error: Exception) -> Iterator[None]:
    """Every write fails with this error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "writing", lambda: _raise(error))
        yield


def _raise(error: Exception) -> None:
    raise error


def _go_on(
    database: Database, runner: Runner, alice: Person, job: Running
) -> Iterable[bytes | None]:
    with database.writing() as session:
        asked = conversations.go_on(session, alice.viewer, job.message_id, Wish())
    again = replace(job.job, asked=asked)
    return Running(again, runner.start(again)).follow()


def _stored(database: Database, person: Person, job: Running) -> conversations.MessageView:
    with database.reading() as session:
        return conversations.find_message(session, person.viewer, job.message_id)


def _told(batches: Iterable[bytes | None]) -> list[Event]:
    decoder = sse.Decoder()
    frames = [frame for batch in batches if batch for frame in decoder.feed(batch)]
    return [events.parse(frame.event, frame.data) for frame in frames]


def _read_until(batches: Iterable[bytes | None], wanted: bytes) -> None:
    for batch in batches:
        if batch is None:
            pytest.fail(f"nothing came any more before {wanted!r}")
        if wanted in batch:
            return


def _wait(job: Running) -> None:
    """Until the run is over."""
    for batch in job.follow():
        assert batch is not None, "the run does not end"
