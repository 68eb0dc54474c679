"""Values as people read them: times in the reader's zone, durations, groups of days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from chat.web import formats

APP = Flask("tests", root_path=".")
NOW = datetime(2026, 3, 10, 0, 30, tzinfo=UTC)


@dataclass
class Thing:
    active_at: datetime


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(formats, "utc_now", lambda: NOW)
    with APP.test_request_context(headers={"Cookie": "tz=Europe/Berlin"}):
        yield


def test_a_day_ends_at_midnight_of_the_reader() -> None:
    assert formats.when(datetime(2026, 3, 9, 23, 30, tzinfo=UTC)) == "Today, 00:30"
    assert formats.when(datetime(2026, 3, 9, 22, 30, tzinfo=UTC)) == "Yesterday, 23:30"


def test_an_older_day_has_its_month_and_another_year_its_number() -> None:
    assert formats.day(datetime(2026, 1, 2, 12, tzinfo=UTC)) == "2 January"
    assert formats.day(datetime(2024, 5, 12, 12, tzinfo=UTC)) == "12 May 2024"


def test_things_are_grouped_by_day_then_by_month() -> None:
    ages = (0, 1, 2, 7, 8, 40, 400)
    groups = formats.day_groups([Thing(NOW - timedelta(days=age)) for age in ages])
    assert [(label, len(items)) for label, items in groups] == [
        ("Today", 1),
        ("Yesterday", 1),
        ("Previous 7 days", 2),
        ("March", 1),
        ("January", 1),
        ("February 2025", 1),
    ]


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../../etc/passwd", "x" * 100, "Europe/"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    with APP.test_request_context(headers={"Cookie": f"tz={name}"}):
        assert formats.zone() is UTC


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "0 ms"), (999, "999 ms"), (999.6, "1.0 s"), (3200, "3.2 s"), (59_960, "1 min 0 s"),
     (64_000, "1 min 4 s")],
)  # fmt: skip
def test_a_duration_has_the_unit_that_suits_it(milliseconds: float, text: str) -> None:
    assert formats.duration(milliseconds) == text


@pytest.mark.parametrize(
    ("shown", "word"), [(100, "high"), (80, "high"), (79, "medium"), (50, "medium"), (0, "low")]
)
def test_a_confidence_has_a_level(shown: int, word: str) -> None:
    assert formats.level_of(shown, (80, 50)) == word


def test_a_site_may_draw_its_own_lines() -> None:
    assert [formats.level_of(shown, (95, 90)) for shown in (95, 94, 89)] == [
        "high",
        "medium",
        "low",
    ]


def test_a_person_keeps_a_colour() -> None:
    assert formats.hue("alice") == formats.hue("alice")
    assert {formats.hue(name) for name in "abcdef"} == {1, 2, 3, 4, 5, 6}
    assert formats.hue(None) == 1
