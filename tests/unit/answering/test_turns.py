"""Questions that wait for their turn: who is next, what is told, what ends it."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete

from chat import conversations, events
from chat.answering.context import Job, read_brief
from chat.answering.leases import Leases
from chat.answering.liveness import this_process
from chat.answering.runner import Runner
from chat.answering.taking_over import TakingOver
from chat.answering.turns import Room, ordinal
from chat.conversations import Allowance, Wish
from chat.database import Database
from chat.errors import Unavailable
from chat.eventlog.live import LiveLog
from chat.eventlog.sql import SqlLog
from chat.events import BEGINNING
from chat.models import Member, User
from chat.providers.registry import Registry
from chat.values import utc_now
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running

MakeRunner = Callable[..., Runner]


@pytest.fixture
def make_runner(database: Database, log: SqlLog, provider: FedProvider) -> Iterator[MakeRunner]:
    made: list[Runner] = []

    def make(**room: Any) -> Runner:
        own_log = log if not made else SqlLog(database, flush_seconds=0.01)
        leases = Leases(database, place=this_process())
        registry = Registry([provider])
        made.append(Runner(database, own_log, registry, leases=leases, room=Room(**room)))
        return made[-1]

    yield make
    for runner in made:
        runner.close(0)


def ask(
    runner: Runner, database: Database, person: Person, content: str, at_once: int = 0
) -> Running:
    """Start an answer to a new question, as a send does."""
    allowance = Allowance(runs=at_once, waiting=1000)
    wish = replace(Wish(), owner_id=runner.owner_id(), allowance=allowance)
    with database.writing() as session:
        asked = conversations.ask_first(session, person.viewer, content, wish)
        job = Job.of(asked, person.viewer, read_brief(session, asked))
    return Running(job, runner.start(job))


def stages(log: LiveLog) -> list[str]:
    return [event.stage for event in log.told() if isinstance(event, events.Progress)]


def place(log: LiveLog) -> int | None:
    """The place that was told last; None when it never waited."""
    for event in reversed(log.told()):
        if isinstance(event, events.Progress) and event.stage == "queued":
            assert event.detail is not None
            assert event.message == f"{ordinal(event.detail['place'])} in the queue"
            return int(event.detail["place"])
    return None


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not become true"
        time.sleep(0.005)  # between two looks at a condition, not for a time to pass


def until_waiting(runner: Runner, message_id: str) -> None:
    """Wait until this process has told the place of an answer."""

    def is_told() -> bool:
        run = runner._runs.get(message_id)
        return run is not None and place(run.attempt.writer.log) is not None

    until(is_told)


def until_left(count: int, *runners: Runner) -> None:
    until(lambda: sum(runner.running for runner in runners) == count)


def until_asked(provider: FedProvider, count: int) -> None:
    until(lambda: len(provider.requests) >= count)
    assert len(provider.requests) == count


def questions(provider: FedProvider) -> list[str]:
    return [request.question for request in provider.requests]


def test_people_are_answered_in_turn_whatever_somebody_else_asks(
    make_runner: MakeRunner, database: Database, provider: FedProvider,
    alice: Person, bob: Person, charlie: Person,
) -> None:  # fmt: skip
    runner = make_runner(slots=1)
    begun = [ask(runner, database, alice, f"alice {number}") for number in range(4)]
    begun += [ask(runner, database, bob, "bob"), ask(runner, database, charlie, "charlie")]
    assert [place(one.log) for one in begun] == [None, 1, 2, 3, 2, 3]
    assert runner.waiting == 5
    for number in range(1, 7):
        until_asked(provider, number)
        provider.end()
    for one in begun:
        list(one.follow())
    assert questions(provider) == ["alice 0", "alice 1", "bob", "charlie", "alice 2", "alice 3"]
    assert stages(begun[1].log)[:2] == ["queued", "loading_context"]
    assert "queued" not in stages(begun[0].log)
    until(lambda: runner.running == 0)


def test_what_somebody_may_not_read_any_more_when_their_turn_comes_is_not_read(
    make_runner: MakeRunner, database: Database, provider: FedProvider, alice: Person, bob: Person
) -> None:
    runner = make_runner(slots=1)
    ask(runner, database, alice, "first")
    waiting = ask(runner, database, bob, "from what I may read")
    former = ask(runner, database, bob, "from nothing")
    with database.writing() as session:
        session.execute(delete(Member).where(Member.user_id == bob.id))
    until_asked(provider, 1)
    provider.end()
    until_asked(provider, 2)
    assert runner._runs[waiting.job.message_id].attempt.job.space_ids == []
    with database.writing() as session:
        session.get_one(User, bob.id).disabled_at = utc_now()
    provider.end()
    list(former.follow())
    assert former.log.told()[-1].name == "error"
    assert questions(provider) == ["first", "from what I may read"]


def test_a_person_has_so_many_at_once_and_others_are_not_kept(
    make_runner: MakeRunner, database: Database, provider: FedProvider, alice: Person, bob: Person
) -> None:
    runner = make_runner(at_once=lambda _viewer: 2)
    begun = [ask(runner, database, alice, f"alice {number}", 2) for number in range(4)]
    ask(runner, database, bob, "bob", 2)
    until(lambda: len(provider.requests) == 3)
    assert sorted(questions(provider)) == ["alice 0", "alice 1", "bob"]
    assert [place(one.log) for one in begun] == [None, None, 1, 2]
    for _ in range(5):
        provider.end()
    until(lambda: runner.running == 0)
    assert len(provider.requests) == 5


def test_new_places_are_told_and_only_the_last_one_is_kept(
    make_runner: MakeRunner, database: Database, provider: FedProvider, alice: Person
) -> None:
    runner = make_runner(slots=1)
    begun = [ask(runner, database, alice, f"{number}") for number in range(4)]
    provider.end()
    until(lambda: len(provider.requests) == 2)
    until(lambda: place(begun[3].log) == 2)
    assert stages(begun[3].log) == ["queued"]
    followed = next(begun[3].log.follow(BEGINNING, 0))
    assert followed is not None
    for _ in range(3):
        provider.end()
    until(lambda: runner.running == 0)


def test_a_question_that_waits_can_be_stopped(
    make_runner: MakeRunner, database: Database, provider: FedProvider, alice: Person
) -> None:
    runner = make_runner(slots=1)
    first, second, third = (ask(runner, database, alice, f"{number}") for number in range(3))
    assert runner.stop(second.message_id)
    list(second.follow())
    with database.reading() as session:
        ended = conversations.find_ended(session, second.message_id)
    assert ended is not None
    assert (ended.status, ended.details["stop_reason"], ended.content) == ("stopped", "stopped", "")
    until(lambda: place(third.log) == 1)
    for _ in range(2):
        provider.end()
    list(third.follow())
    assert questions(provider) == ["0", "2"]
    list(first.follow())
    until(lambda: runner.running == 0)


def test_a_question_that_waits_has_no_thread(
    make_runner: MakeRunner, database: Database, alice: Person
) -> None:
    runner = make_runner(slots=1)
    for number in range(20):
        ask(runner, database, alice, f"{number}")
    assert sum(thread.name == "begun" for thread in threading.enumerate()) == 1


def test_the_queue_of_a_process_is_bounded(
    make_runner: MakeRunner, database: Database, alice: Person, bob: Person
) -> None:
    runner = make_runner(slots=1, max_queue=2)
    for number in range(3):
        asked = ask(runner, database, alice, f"{number}").job.asked
    with pytest.raises(Unavailable) as refused:
        runner.check_turn(alice.viewer, asked)
    assert refused.value.retry_after
    runner.check_turn(bob.viewer, asked)  # nobody can fill it for others


def test_two_processes_write_no_more_for_a_person_than_may_be(
    make_runner: MakeRunner, database: Database, provider: FedProvider, alice: Person
) -> None:
    one, other = (make_runner(at_once=lambda _viewer: 2) for _ in "ab")
    keepers = [TakingOver(database, runner._leases, runner) for runner in (one, other)]
    for runner in (one, other):
        runner.owner_id()
    for keeper in keepers:
        keeper.look()  # they know of each other
    for number in range(4):
        ask(one, database, alice, f"one {number}", 2)
    for number in range(3):
        ask(other, database, alice, f"other {number}", 2)
    for ended in range(7):
        until_left(7 - ended, one, other)
        for keeper in keepers:
            keeper.look()
        until_asked(provider, min(7, ended + 2))
        for keeper in keepers:
            keeper.look()
        assert len(provider.requests) == min(7, ended + 2)
        provider.end()
    until_left(0, one, other)
    assert questions(provider)[-1] == "other 2"  # in the order in which they were asked


def test_what_waits_is_handed_over_last_and_waits_again_elsewhere(
    make_runner: MakeRunner, database: Database, provider: FedProvider, alice: Person
) -> None:
    leaves, stays = make_runner(slots=1), make_runner(slots=1)
    taking = TakingOver(database, stays._leases, stays)
    stays.owner_id()
    taking.look()
    begun = [ask(leaves, database, alice, f"{number}") for number in range(5)]
    until(lambda: len(provider.requests) == 1)
    taken = threading.Event()

    def keep_looking() -> None:
        while stays.running < 5:
            taking.look()
            time.sleep(0.005)  # between two looks
        taken.set()

    threading.Thread(target=keep_looking, daemon=True).start()
    leaves.close(5)
    assert taken.wait(20)
    assert leaves.running == 0
    assert stays.waiting == 4
    for _ in range(6):  # one for the attempt that was given up, which may not have read its end
        provider.end()
    until(lambda: stays.running == 0)
    with database.reading() as session:
        ended = [conversations.find_ended(session, one.message_id) for one in begun]
    assert [one.status for one in ended if one is not None] == ["complete"] * 5


def test_what_waits_is_taken_over_as_often_as_it_takes(
    make_runner: MakeRunner, database: Database, provider: FedProvider, log: SqlLog, alice: Person
) -> None:
    """A take-over of what has not begun is no proof that it breaks its process."""
    runner = make_runner(slots=1)
    ask(runner, database, alice, "first")
    waits = ask(runner, database, alice, "second")
    for _ in range(5):
        until_waiting(runner, waits.message_id)
        runner._log.flush()
        runner.close(0)
        runner = make_runner(slots=1)
        blocker = ask(runner, database, alice, "blocks")
        TakingOver(database, runner._leases, runner).look()
        until_waiting(runner, waits.message_id)
        assert blocker.message_id in runner._runs
    with database.reading() as session:
        assert conversations.is_running(session, waits.message_id)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (102, "102nd"), (111, "111th"), (1003, "1,003rd")],
)  # fmt: skip
def test_a_place_is_told_as_people_say_it(number: int, words: str) -> None:
    assert ordinal(number) == words
