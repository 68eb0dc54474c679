"""A run ends exactly once, however it ends, and the stored text is that of its chunks."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from chat import conversations, events
from chat.answering.runner import Runner
from chat.conversations import Wish
from chat.database import Database
from chat.errors import ProviderError
from chat.eventlog.sql import SqlLog
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running
from tests.unit.answering.transcripts import read_until, stored, told, wait

Ask = Callable[..., Running]


def test_events_come_in_the_order_of_the_protocol(
    ask: Ask, provider: FedProvider, log: SqlLog
) -> None:
    provider.write("Because ", "it is.")
    provider.end()
    heard = told(ask().follow())
    assert [event.name for event in heard][:2] == ["user_message", "start"]
    assert heard[-1].name == "complete"
    for before, after in zip([None, *heard], heard, strict=False):
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
            message = stored(database, alice, job)
            assert (message.status, message.content) == ("complete", "Because it is.")
            return
    pytest.fail("the run never completed")


def test_what_a_model_writes_is_stored_as_it_was_read_whatever_it_is(
    ask: Ask, provider: FedProvider, database: Database, alice: Person
) -> None:
    """PostgreSQL holds no NUL; followers are told the same as who reads it later."""
    job = ask()
    provider.write("a\0b", "\0", " \u2028 \u200d \ufffe 𝔘 \x7f \x1b[31m")
    provider.end()
    chunks = [event.content for event in told(job.follow()) if isinstance(event, events.Chunk)]
    written = "a\ufffdb\ufffd \u2028 \u200d \ufffe 𝔘 \x7f \x1b[31m"
    assert "".join(chunks) == written
    assert stored(database, alice, job).content == written


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
    wait(job)
    assert stored(database, alice, job).content == "Still written."


def test_a_stopped_answer_keeps_what_was_written(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    """open-webui #16251, chat-ui #890: Stop closes the provider, and keeps the text."""
    job = ask()
    follower = job.follow()
    provider.write("Some words")
    read_until(follower, b"Some words")
    assert runner.stop(job.message_id)
    provider.write(" that come too late")
    heard = told(follower)
    assert isinstance(heard[-1], events.Complete)
    assert heard[-1].metadata["stop_reason"] == "stopped"
    message = stored(database, alice, job)
    assert (message.status, message.content) == ("stopped", "Some words")
    assert provider.closed == 1


def test_stopping_what_has_ended_does_nothing(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog
) -> None:
    job = ask()
    provider.end()
    wait(job)
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
    last = told(follower)[-1]
    assert isinstance(last, events.Error)
    assert last.code == code
    assert "1234" not in last.message
    message = stored(database, alice, job)
    assert (message.status, message.content) == ("failed", "Half an ")
    assert message.details["error"]["code"] == code


def test_an_answer_that_is_continued_goes_on_from_its_text(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("Half an ")
    provider.fail(ProviderError("It went away."))
    wait(job)
    provider.continues = True
    provider.write("answer.")
    provider.end()
    heard = told(_go_on(database, runner, alice, job))
    assert [e.name for e in heard][:3] == ["user_message", "start", "snapshot"]
    assert stored(database, alice, job).content == "Half an answer."
    assert provider.requests[1].written == "Half an "


def test_a_provider_that_cannot_continue_starts_again(
    ask: Ask, provider: FedProvider, runner: Runner, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("Half an ")
    provider.fail(ProviderError("It went away."))
    wait(job)
    provider.write("Anew.")
    provider.end()
    assert "reset" in [e.name for e in told(_go_on(database, runner, alice, job))]
    assert stored(database, alice, job).content == "Anew."


def test_a_search_that_fails_gives_its_turn_to_the_next_run(
    ask: Ask, provider: FedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("chat.answering.pipeline.search_library", lambda *_: 1 / 0)
        assert told(ask().follow())[-1].name == "error"
    provider.end()
    assert told(ask().follow())[-1].name == "complete"


def test_a_run_that_is_stopped_while_it_waits_for_its_turn_reads_nothing(
    ask: Ask, provider: FedProvider, runner: Runner
) -> None:
    with runner._pipeline._turn:
        job = ask()
        runner.stop(job.message_id)
    last = told(job.follow())[-1]
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
        wait(job)


def _go_on(
    database: Database, runner: Runner, alice: Person, job: Running
) -> Iterable[bytes | None]:
    with database.writing() as session:
        asked = conversations.go_on(session, alice.viewer, job.message_id, Wish())
    again = replace(job.job, asked=asked)
    return Running(again, runner.start(again)).follow()
