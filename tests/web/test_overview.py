"""The overview: for admins alone, measured numbers alone, and the same for scripts."""

import re
import time
from pathlib import Path

import pytest
from flask import Flask

from chat.backups import noted
from chat.metrics.minutes import Minutes, minutes
from tests.people import Person


@pytest.fixture(autouse=True)
def _from_zero() -> None:
    """What other tests of this process have counted is not of this site."""
    minutes._minutes.clear()


def count(app: Flask, *, age: float = 0, **told: float) -> None:
    """Answers of which the figures are stored, `age` minutes ago."""
    at = time.time() - age * 60
    counting = Minutes(lambda: at)
    for provider, status, first in (
        ("library", "complete", 40.0), ("library", "complete", 60.0), ("openai", "failed", None),
        ("openai", "complete", 2000.0),
    ):  # fmt: skip
        counting.answered(
            provider, status, first_ms=first, writing_ms=1000, tokens=30, is_cached=False
        )
    counting.failed("openai")
    counting.seen(streams=7, runs=1, queue=0, lag_ms=2)
    keeping = app.extensions["parley"].keeping
    keeping._minutes, kept = counting, keeping._minutes
    keeping.save()
    keeping._minutes = kept


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page, flags=re.DOTALL).split())


def test_what_was_measured_is_shown(app: Flask, alice: Person) -> None:
    count(app, age=2)
    shown = text_of(alice.client.get("/overview?past=hour").text)
    assert "Error rate 25 % 1 of 4 answers" in shown
    assert re.search(r"First chunk, p50 / p95 57 ms / 2.0 s slowest 2\.0 s, openai", shown)
    assert "Tokens per second 30 tok/s" in shown
    assert re.search(r"Live streams 0 peak 7 at \d\d:\d\d", shown)
    assert "library built-in Answering 2" in shown
    assert "openai 1 failed try 2 2,000 ms" in shown


@pytest.mark.parametrize(("age", "seen_in"), [(5, "hour day month"), (600, "day month")])
def test_each_period_shows_what_is_of_it(
    app: Flask, alice: Person, age: float, seen_in: str
) -> None:
    count(app, age=age)
    for past in ("hour", "day", "month"):
        shown = text_of(alice.client.get(f"/overview/figures?past={past}").text)
        assert ("1 of 4 answers" in shown) == (past in seen_in), past


def test_of_nothing_no_number_is_made_up(alice: Person) -> None:
    shown = text_of(alice.client.get("/overview").text)
    assert "First chunk, p50 / p95 – / – ms nothing in the past 24 hours" in shown
    assert "Error rate – % nothing" in shown
    assert "No answers in the past 24 hours." in shown
    assert "None is known here" in shown
    assert "Not asked" in shown


def test_charts_are_there_as_sentences_and_tables_too(app: Flask, alice: Person) -> None:
    count(app, age=2)
    page = alice.client.get("/overview?past=hour").text
    assert 'aria-label="Over the past hour half of the answers began within 57 ms' in page
    rows = re.findall(r'<tr><th scope="row">(\d\d:\d\d)</th><td class="n">(\S+)</td>', page)
    assert [value for _, value in rows] == ["57", "4"]


def test_who_is_there_is_shown(alice: Person, bob: Person) -> None:
    for person in (alice, bob):
        person.client.get("/library")
    shown = text_of(alice.client.get("/overview").text)
    assert re.search(r"Online . Alice . Bob|Online . Bob . Alice", shown)


def test_the_last_backup_is_shown_where_it_is_known(alice: Person, data_dir: Path) -> None:
    noted.note(data_dir, 12 * 1024 * 1024)
    assert "12 MB" in text_of(alice.client.get("/overview").text)
    (data_dir / "last-backup.json").write_text("{}")
    assert "None is known here" in text_of(alice.client.get("/overview").text)


def test_the_newest_entries_of_the_trail_are_shown(alice: Person) -> None:
    alice.client.post("/people/invites", data={"role": "member", "days": "3"})
    shown = text_of(alice.client.get("/overview").text)
    assert "Alice made an invitation" in shown


@pytest.mark.parametrize("past", ["", "year", "hour'", "../"])
def test_an_unknown_period_is_the_usual_one(alice: Person, past: str) -> None:
    page = alice.client.get("/overview", query_string={"past": past})
    assert page.status_code == 200
    assert '<option value="day" selected>' in page.text


def test_scripts_of_admins_are_told_the_same(app: Flask, alice: Person, bob: Person) -> None:
    count(app, age=2)
    told = alice.client.get("/api/stream/status").get_json()["site"]
    assert told["past_hour"] == {
        "answers": 4, "failed": 1, "stopped": 0, "cached": 0, "first_chunk_ms_p50": 57,
        "first_chunk_ms_p95": 2000, "tokens_per_second": 30,
    }  # fmt: skip
    assert (told["runs"], told["online"] >= 1, told["database_bytes"] > 0) == (0, True, True)
    assert "site" not in bob.client.get("/api/stream/status").get_json()


def test_an_answer_comes_into_the_figures(app: Flask, alice: Person) -> None:
    place = alice.client.post("/api/conversations", json={}).get_json()["id"]
    path = f"/api/conversations/{place}/messages/stream"
    answer = alice.client.post(path, json={"content": "How do I add documents?"}).text
    assert "event: complete" in answer
    app.extensions["parley"].keeping.save()
    told = alice.client.get("/api/stream/status").get_json()["site"]["past_hour"]
    assert (told["answers"], told["failed"]) == (1, 0)
    assert told["first_chunk_ms_p50"] > 0
