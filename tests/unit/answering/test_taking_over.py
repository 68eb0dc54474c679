"""What a process has left is gone on with, by exactly one other, from what was saved of it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chat import conversations, events, sse
from chat.answering.leases import Leases
from chat.answering.liveness import this_process
from chat.answering.runner import Runner
from chat.answering.taking_over import STALLS, TakingOver
from chat.conversations import MessageView
from chat.database import Database
from chat.eventlog.sql import SqlLog
from chat.models import LogGroup, LogTail, Process, Run, User
from chat.providers.registry import Registry
from chat.values import utc_now
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running

Ask = Callable[..., Running]


@dataclass
class Other:
    """Another process on the same database, with a provider of its own."""

    provider: FedProvider
    log: SqlLog
    leases: Leases
    runner: Runner
    taking_over: TakingOver


@pytest.fixture
def start_other(database: Database) -> Iterator[Callable[[], Other]]:
    started: list[Other] = []

    def start() -> Other:
        provider, log = FedProvider(), SqlLog(database, flush_seconds=0.01)
        provider.continues = True
        leases = Leases(database, place=this_process())
        runner = Runner(database, log, Registry([provider]), leases=leases)
        started.append(Other(provider, log, leases, runner, TakingOver(database, leases, runner)))
        return started[-1]

    yield start
    for other in started:
        for _ in range(20):
            other.provider.end()
        other.runner.close(5)


@pytest.fixture
def other(start_other: Callable[[], Other]) -> Other:
    return start_other()


@pytest.fixture
def left(ask: Ask, provider: FedProvider, log: SqlLog, database: Database) -> Running:
    """A run of a process that has died: "Saved so far" reached the database."""
    return _leave(ask, provider, log, database)


def _leave(ask: Ask, provider: FedProvider, log: SqlLog, database: Database) -> Running:
    job = ask()
    provider.write("Saved so far")
    _read_until(job.log, "Saved so far")
    log.flush()
    _die(database)
    return job


def _die(database: Database) -> None:
    """Every process but those that come later is dead: their number is another one's by now."""
    with database.writing() as session:
        session.execute(update(Process).values(pid_began=Process.pid_began - 1))


def test_a_dead_process_run_goes_on_where_it_was_saved(
    left: Running, other: Other, database: Database, alice: Person
) -> None:
    other.taking_over.look()
    with database.reading() as session:
        for kept in (LogGroup, LogTail):  # of the dead one's attempt
            assert session.scalar(select(kept.frames).where(kept.attempt == 1)) is None
    other.provider.write(", and more.")
    other.provider.end()
    told = _told(other, left)
    assert [event.name for event in told[:4]] == ["user_message", "start", "snapshot", "progress"]
    assert isinstance(told[3], events.Progress)
    assert told[3].stage == "recovering"
    assert told[-1].name == "complete"
    stored = _stored(database, alice, left)
    assert (stored.status, stored.content) == ("complete", "Saved so far, and more.")
    assert stored.details["attempts"] == 2


def test_a_provider_that_cannot_continue_begins_again(
    left: Running, other: Other, database: Database, alice: Person
) -> None:
    other.provider.continues = False
    other.taking_over.look()
    other.provider.write("Anew.")
    other.provider.end()
    assert "reset" in [event.name for event in _told(other, left)]
    assert _stored(database, alice, left).content == "Anew."


def test_what_the_former_owner_still_writes_is_refused(
    left: Running,
    other: Other,
    provider: FedProvider,
    log: SqlLog,
    database: Database,
    alice: Person,
) -> None:
    other.taking_over.look()
    provider.write(" by a zombie")
    provider.end()
    _wait(left.log)
    log.flush()
    other.provider.end()
    _told(other, left)
    assert _stored(database, alice, left).content == "Saved so far"


def test_exactly_one_of_several_takes_a_run_over(
    left: Running, start_other: Callable[[], Other]
) -> None:
    others = [start_other() for _ in range(4)]
    for one in others:
        one.leases.hold()
    together = threading.Barrier(len(others))

    def look(one: Other) -> None:
        together.wait()
        one.taking_over.look()

    threads = [threading.Thread(target=look, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.runner.running for one in others) == 1


def test_a_living_process_keeps_its_runs(ask: Ask, runner: Runner, other: Other) -> None:
    ask()
    other.taking_over.look()
    assert other.runner.running == 0


def test_an_owner_that_was_silent_and_begins_a_run_at_last_keeps_it(
    ask: Ask, database: Database, other: Other
) -> None:
    """Between a look and the taking over it may have come back."""
    job = ask()
    with database.reading() as session:
        owner_id = session.scalars(select(Run.owner_id)).one()
    left, me = conversations.Left(job.message_id, 1, owner_id), other.leases.hold()
    with database.writing() as session:
        session.execute(update(Process).values(beat=Process.beat + 1))
        assert not conversations.take_over(session, left, me, seen_beat=0)
        assert conversations.take_over(session, left, me, seen_beat=1)


def test_a_released_run_is_taken_over_at_the_next_look(
    ask: Ask, provider: FedProvider, runner: Runner, other: Other, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("Half")
    _read_until(job.log, "Half")
    closing = threading.Thread(target=runner.close, args=(5,))
    closing.start()
    while closing.is_alive():  # it looks for a stop between two pieces
        provider.write("")
        closing.join(0.01)
    other.taking_over.look()
    other.provider.write(" an answer.")
    other.provider.end()
    assert _told(other, job)[-1].name == "complete"
    assert _stored(database, alice, job).content == "Half an answer."


def test_few_are_begun_at_once(
    ask: Ask, runner: Runner, other: Other, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.answering.taking_over.AT_ONCE", 2)
    with runner._pipeline._turn:  # none of them gets as far as its provider
        for _ in range(3):
            ask()
        _die(database)
        with other.runner._pipeline._turn:
            for _ in range(2):
                other.taking_over.look()
                assert other.runner.running == 2
        while other.runner.preparing:
            pass
        other.taking_over.look()
        assert other.runner.running == 3
        runner.keep_only(lambda: ())


def test_a_run_that_gets_nowhere_is_given_up(
    left: Running, start_other: Callable[[], Other], database: Database, alice: Person
) -> None:
    """What kills every process that goes on with it must not kill all of them for ever."""
    for _ in range(STALLS):
        other = start_other()
        other.taking_over.look()
        assert other.runner.running == 1
        _die(database)
    last = start_other()
    last.taking_over.look()
    assert last.runner.running == 0
    stored = _stored(database, alice, left)
    assert (stored.status, stored.content) == ("interrupted", "Saved so far")
    assert stored.details["error"]["code"] == "interrupted"


def test_a_run_that_gets_on_is_taken_over_as_often_as_it_takes(
    left: Running, start_other: Callable[[], Other], database: Database, alice: Person
) -> None:
    for number in range(2 * STALLS):
        other = start_other()
        other.taking_over.look()
        other.provider.write(f" {number}")
        log = other.log.find(left.message_id)
        assert log is not None
        _read_until(log, f" {number}")
        other.log.flush()
        _die(database)
    last = start_other()
    last.taking_over.look()
    last.provider.end()
    assert _told(last, left)[-1].name == "complete"
    assert _stored(database, alice, left).content == "Saved so far 0 1 2 3 4 5"


def test_a_stop_that_came_before_the_death_stops_the_run(
    left: Running, other: Other, database: Database, alice: Person
) -> None:
    assert other.runner.stop(left.message_id)
    other.taking_over.look()
    assert other.runner.running == 0
    stored = _stored(database, alice, left)
    assert (stored.status, stored.content) == ("stopped", "Saved so far")
    assert stored.details["stop_reason"] == "stopped"


def test_nobody_goes_on_for_a_person_who_was_disabled(
    left: Running, other: Other, database: Database, alice: Person
) -> None:
    with database.writing() as session:
        session.execute(update(User).where(User.id == alice.id).values(disabled_at=utc_now()))
    other.taking_over.look()
    assert other.runner.running == 0
    assert _stored(database, alice, left).status == "interrupted"


def test_a_damaged_log_does_not_keep_anybody_from_going_on(
    left: Running, other: Other, database: Database, alice: Person
) -> None:
    with database.writing() as session:
        tail = session.scalars(select(LogTail).order_by(LogTail.id)).first()
        group = tail or session.scalars(select(LogGroup).order_by(LogGroup.first_seq)).first()
        assert group is not None
        group.frames = group.frames + b"id: 1-99\nevent: unheard_of\ndata: {}\n\n"
    other.taking_over.look()
    other.provider.end()
    assert _told(other, left)[-1].name == "complete"


def test_what_cannot_be_taken_over_does_not_keep_the_rest_from_it(
    ask: Ask, other: Other, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = ask(), ask()
    _die(database)
    keep = conversations.read_asked

    def fail_once(session: object, message_id: str, **how: bool) -> object:
        assert message_id != broken.message_id, "a defect"
        return keep(session, message_id, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(conversations, "read_asked", fail_once)
    for _ in range(2):
        other.taking_over.look()
    assert other.runner.running == 1
    assert other.log.find(whole.message_id) is not None


def test_a_run_that_somebody_holds_does_not_keep_the_others_waiting(
    ask: Ask, other: Other, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was frozen in the midst of a write holds its row, on PostgreSQL."""
    held, free = ask(), ask()
    _die(database)
    take_over = conversations.take_over

    def wait_for_it(session: Session, left: conversations.Left, *more: str, **how: int) -> bool:
        if left.message_id == held.message_id:
            raise OperationalError("UPDATE", {}, TimeoutError("lock_timeout"))
        return take_over(session, left, *more, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(conversations, "take_over", wait_for_it)
    with pytest.raises(OperationalError):
        other.taking_over.look()
    other.taking_over.look()
    assert other.log.find(free.message_id) is not None
    assert other.log.find(held.message_id) is None


def test_a_process_that_slept_drops_what_it_has_lost(
    left: Running, other: Other, runner: Runner, database: Database
) -> None:
    follower = left.follow()
    other.taking_over.look()
    with database.reading() as session:
        owned = conversations.owned_by(session, runner.owner_id())
    runner.keep_only(lambda: owned)
    assert "complete" not in b"".join(batch or b"" for batch in follower).decode()


def test_a_dead_process_is_forgotten_when_its_last_run_was_taken(
    left: Running, other: Other, database: Database
) -> None:
    for _ in range(2):
        other.taking_over.look()
    with database.reading() as session:
        assert session.scalars(select(Process.id)).all() == [other.leases.hold()]


def _stored(database: Database, person: Person, job: Running) -> MessageView:
    with database.reading() as session:
        return conversations.find_message(session, person.viewer, job.message_id)


def _told(other: Other, job: Running) -> list[events.Event]:
    """All that the followers of a run that was taken over are told."""
    log = other.log.find(job.message_id)
    assert log is not None
    decoder = sse.Decoder()
    frames = [
        f for batch in log.follow(events.EventId(2, 0), 5) for f in decoder.feed(batch or b"")
    ]
    return [events.parse(frame.event, frame.data) for frame in frames]


def _read_until(log: object, text: str) -> None:
    for _ in log.follow(events.BEGINNING, 5):  # type: ignore[attr-defined]
        if text in log.text:  # type: ignore[attr-defined]
            return


def _wait(log: object) -> None:
    for batch in log.follow(events.BEGINNING, 5):  # type: ignore[attr-defined]
        assert batch is not None, "the run does not end"


def test_a_process_among_others_listens_to_them(database: Database, other: Other) -> None:
    heard: list[bool] = []
    leases = Leases(database, place=this_process())
    looking = TakingOver(
        database, leases, other.runner, among_others=lambda: heard.append(leases.others_alive)
    )
    looking.look()
    assert heard == []
    other.leases.hold()
    looking.look()
    assert heard == [True]
