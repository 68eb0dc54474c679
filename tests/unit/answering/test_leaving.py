"""A process that leaves hands its runs over a few at a time, and keeps none."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from chat import conversations
from chat.answering.leases import Leases
from chat.answering.leaving import GROUP
from chat.answering.liveness import this_process
from chat.answering.runner import Runner
from chat.database import Database
from chat.models import Run
from tests.unit.answering.conftest import FedProvider, Running

Ask = Callable[..., Running]


@pytest.fixture
def runs(ask: Ask, provider: FedProvider) -> Iterator[list[Running]]:
    """Half as many again as change hands at once."""
    begun = [ask() for _ in range(GROUP * 3 // 2)]
    yield begun
    for _ in begun:
        provider.end()


@pytest.fixture
def other(database: Database) -> Leases:
    leases = Leases(database, place=this_process())
    leases.hold()
    return leases


class Taker:
    """Another process, which takes what it finds; `seen` is how much was there at each time."""

    def __init__(self, database: Database, leases: Leases) -> None:
        self._database = database
        self._leases = leases
        self.seen: list[int] = []
        self.left = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self.left.wait(0.01):
            with self._database.writing() as session:
                found = conversations.find_left(session, [], 100)
                for one in found:
                    assert conversations.take_over(
                        session, one, self._leases.hold(), seen_beat=None
                    )
            self.seen += [len(found)] if found else []

    def join(self) -> None:
        self.left.set()
        self._thread.join()


def test_a_group_is_given_up_when_others_have_the_last_one(
    runs: list[Running], runner: Runner, other: Leases, database: Database
) -> None:
    taker = Taker(database, other)
    runner.close(timeout=10)
    taker.join()
    assert taker.seen == [GROUP, len(runs) - GROUP]
    assert _owners(database) == {other.owner_id}
    assert runner.has_left
    assert all(run.log.ended for run in runs)


def test_what_nobody_takes_is_given_up_all_the_same(
    runs: list[Running], runner: Runner, other: Leases, database: Database
) -> None:
    runner.close(timeout=10)
    assert _owners(database) == {None}
    assert runner.running == 0


def test_a_process_that_is_alone_waits_for_nobody(
    runs: list[Running], runner: Runner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Leases, "release")  # a group by itself
    runner.close(timeout=10)
    assert _owners(database) == {None}


def _owners(database: Database) -> set[str | None]:
    with database.reading() as session:
        return set(session.scalars(select(Run.owner_id)))
