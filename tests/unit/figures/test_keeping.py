"""Minutes that are stored, joined and read: nothing twice, nothing lost, nothing made up."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from chat.database import Database
from chat.figures import keeping as module
from chat.figures.keeping import Keeping
from chat.figures.reading import Past, Period, read
from chat.metrics.minutes import MOST_MINUTES, Minutes
from chat.models import FIGURES
from tests.databases import writers_wait

NOON = 29_000_160 * 60.0  # a whole hour, in seconds since 1970
Begin = Callable[..., "Process"]


class Process:
    """One that counts and stores, at a time that the test sets."""

    def __init__(self, database: Database, name: str, days: int = 90) -> None:
        self.now = NOON
        self.minutes = Minutes(lambda: self.now)
        self.keeping = Keeping(
            database, self.minutes, process_id=lambda: name, days=days, clock=lambda: self.now
        )

    def answer(self, provider: str = "library", status: str = "complete", **told: Any) -> None:
        usual = {"first_ms": 100, "writing_ms": 1000, "tokens": 20, "is_cached": False}
        self.minutes.answered(provider, status, **(usual | told))

    def see(self, streams: int) -> None:
        self.minutes.seen(streams=streams, runs=0, queue=0, lag_ms=0)

    def later(self, minutes: float) -> None:
        """Time goes on, and what there is is stored."""
        self.keeping.save()
        self.now += minutes * 60


@pytest.fixture
def begin(database: Database) -> Begin:
    return lambda name="one", **more: Process(database, name, **more)


def look(database: Database, past: Past, process: Process) -> Period:
    with database.querying() as session:
        return read(session, past, process.now)


def rows(database: Database) -> int:
    with database.querying() as session:
        return session.scalar(select(func.count()).select_from(FIGURES)) or 0


def test_a_minute_that_is_stored_again_is_one_row(database: Database, begin: Begin) -> None:
    one = begin()
    for _ in range(3):
        one.answer()
        one.keeping.save()
    assert rows(database) == 1
    assert look(database, Past.HOUR, one).whole["answers"] == 3


def test_what_did_not_change_is_not_stored_again(database: Database, begin: Begin) -> None:
    one = begin()
    one.answer()
    one.see(2)
    one.keeping.save()
    one.see(2)
    assert one.minutes.new() == {}
    one.now += 60
    one.see(2)
    assert len(one.minutes.new()) == 1  # once a minute, while a page is open
    one.now += 60
    one.see(0)
    one.keeping.save()
    one.now += 60
    one.see(0)
    assert one.minutes.new() == {}


def test_the_past_hour_has_a_figure_for_each_minute(database: Database, begin: Begin) -> None:
    one = begin()
    for minute in range(90):
        one.answer(first_ms=100 + minute)
        one.later(1)
    period = look(database, Past.HOUR, one)
    assert [step["answers"] for step in period.steps] == [1] * 59 + [0]
    assert period.steps[-1].p50 is None
    assert period.steps[0].p50 == pytest.approx(131, rel=0.05)
    assert (period.whole["answers"], period.whole["tokens"]) == (59, 59 * 20)
    assert period.whole.tokens_per_second == 20


def test_two_processes_are_summed_and_what_they_have_open_too(
    database: Database, begin: Begin
) -> None:
    one, two = begin("one"), begin("two")
    one.see(3), two.see(4)
    one.answer("Ada's model", "failed", first_ms=None), two.answer("library")
    two.answer("library", first_ms=9000)
    one.keeping.save(), two.keeping.save()
    period = look(database, Past.HOUR, one)
    assert period.whole["streams_most"] == 7
    assert period.whole["first_ms_most"] == 9000
    assert period.whole.error_share == pytest.approx(1 / 3)
    assert {name: found["answers"] for name, found in period.providers.items()} == {
        "Ada's model": 1,
        "library": 2,
    }


def test_a_month_is_the_same_however_much_of_it_is_joined(database: Database, begin: Begin) -> None:
    one, two = begin("one"), begin("two")
    for _ in range(120):  # five days
        for process in (one, two):
            process.answer(first_ms=50)
            process.answer("other", "failed", first_ms=5000)
            process.see(2)
            process.later(60)
    one.answer(first_ms=50)
    one.keeping.save()
    month = look(database, Past.MONTH, one)
    assert month.whole["answers"] == 4 * 120 + 1
    assert month.whole["failed"] == 240
    assert month.whole["streams_most"] == 4
    assert month.whole.p50 == pytest.approx(50, rel=0.05)
    assert month.whole.p95 == pytest.approx(5000, rel=0.05)
    assert [step["answers"] for step in month.steps[-3:]] == [24, 24, 1]
    day = look(database, Past.DAY, one)
    assert day.whole["answers"] == 4 * 23 + 1  # the quarter an hour in which it began is the oldest
    assert rows(database) < 3 * 120 + 20


def test_rows_that_come_late_are_joined_to_what_is_there(database: Database, begin: Begin) -> None:
    """A process that could not write for a while has minutes that others have joined already."""
    late, one = begin("late"), begin("one")
    late.answer(), one.answer()
    one.later(100)
    one.answer(), one.keeping.save()
    assert rows(database) == 2
    late.keeping.save()
    one.now += 15 * 60
    one.answer(), one.keeping.save()
    assert look(database, Past.DAY, one).whole["answers"] == 4
    assert rows(database) == 3


def test_what_is_older_than_its_time_is_forgotten(database: Database, begin: Begin) -> None:
    one = begin(days=2)
    one.answer()
    one.later(3 * 24 * 60)
    one.answer(), one.keeping.save()
    assert look(database, Past.MONTH, one).whole["answers"] == 1


def test_while_the_database_is_away_figures_wait_and_are_stored_once(
    database: Database, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = begin()
    one.answer()
    monkeypatch.setattr(module, "_put", _fails)
    with pytest.raises(OperationalError):
        one.keeping.save()
    one.now += 60
    one.answer()
    monkeypatch.undo()
    one.keeping.save()
    one.keeping.save()
    assert look(database, Past.HOUR, one).whole["answers"] == 2


def test_what_waits_is_bounded(begin: Begin) -> None:
    one = begin()
    for _ in range(3 * MOST_MINUTES):
        one.answer()
        one.now += 60
    assert len(one.minutes.new()) <= MOST_MINUTES + 1


def test_closing_stores_the_rest_and_waits_for_nobody(database: Database, begin: Begin) -> None:
    one = begin()
    one.answer()
    with writers_wait(database) if database.engine.dialect.name == "sqlite" else _nobody():
        one.keeping.close()
    one.keeping.close()
    assert look(database, Past.HOUR, one).whole["answers"] == 1


def test_a_period_is_read_by_one_query_over_an_index(database: Database, begin: Begin) -> None:
    one = begin()
    one.answer(), one.keeping.save()
    with database.querying() as session:
        asked: list[str] = []
        original = session.execute

        def noted(statement: Any, *args: Any, **kwargs: Any) -> Any:
            asked.append(str(statement))
            return original(statement, *args, **kwargs)

        session.execute = noted  # type: ignore[method-assign]
        read(session, Past.MONTH, one.now)
        assert len(asked) == 1
        if session.dialect.name == "sqlite":
            plan = original(_explain(asked[0]), {"minute_1": 0}).all()
            assert "USING INDEX" in str(plan)


def _explain(statement: str) -> Any:
    from sqlalchemy import text

    return text(f"EXPLAIN QUERY PLAN {statement}")


def _fails(*_: object) -> None:
    raise OperationalError("UPDATE", {}, Exception("away"))


def _nobody() -> Any:
    from contextlib import nullcontext

    return nullcontext()
