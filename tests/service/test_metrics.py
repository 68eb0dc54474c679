"""Figures over processes that are killed: they agree with the load, and never go backwards."""

import re
import sqlite3
import threading
from contextlib import closing

import pytest

from tests.conftest import StartSite
from tests.live import LiveSite
from tests.service.conftest import Pair, StartPair
from tests.service.reader import Reader, ask
from tests.service.resuming import ask_and_resume

QUESTION = "How do I add documents?"
SLOW = {"PARLEY_CHUNK_DELAY_MS": "30", "PARLEY_CHUNK_WORDS": "1"}
COUNTERS = ("_total", "_count", "_sum", "_bucket")


class Figures(dict[str, float]):
    """What a site told at one moment, by name and labels."""

    @classmethod
    def of(cls, site: LiveSite) -> "Figures":
        status, text = site.request("GET", "/metrics")
        assert status == 200
        rows = re.findall(r"^parley_(\S+) (\S+)$", text, re.MULTILINE)
        return cls({name: float(value) for name, value in rows})

    def ended(self, status: str) -> float:
        return self[f'runs_ended_total{{provider="library",status="{status}"}}']

    @property
    def begun(self) -> float:
        return self['runs_begun_total{provider="library"}']


class Scraper:
    """Asks the sites in turn the whole time; `backwards` are counters that became less."""

    def __init__(self, *sites: LiveSite) -> None:
        self.backwards: list[str] = []
        self.scrapes = 0
        self._sites = sites
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Scraper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        before = Figures()
        while not self._ended.wait(0.02):
            for site in self._sites:
                try:
                    now = Figures.of(site)
                except OSError:
                    continue  # it is the one that was killed
                self.backwards += [
                    name
                    for name, value in before.items()
                    if name.partition("{")[0].endswith(COUNTERS) and now.get(name, 0) < value
                ]
                self.scrapes += 1
                before = now


@pytest.fixture
def pair(start_pair: StartPair) -> Pair:
    return start_pair(**SLOW)


def test_the_figures_agree_with_the_load_over_two_processes_and_kills(pair: Pair) -> None:
    first, second = pair
    with Scraper(second, first) as scraper:
        whole = [ask(site, QUESTION) for site in (first, second) for _ in range(3)]
        assert {reader.read() for reader in whole} == {"complete"}
        pieces = _pieces(whole)
        settled = Figures.of(second)
        assert (settled.begun, settled.ended("complete"), settled["chunks_total"]) == (6, 6, pieces)

        cut = [ask_and_resume([first, second], QUESTION).wait_for_text() for _ in range(5)]
        first.kill()
        for reader in cut:
            reader.join()
        killed = Figures.of(second)
        first.start()
        assert {reader.read() for reader in [ask(first, QUESTION)]} == {"complete"}
        restarted = Figures.of(first)
    assert (killed.begun, killed.ended("complete"), killed["takeovers_total"]) == (11, 11, 5)
    assert restarted.begun == restarted.ended("complete") == _stored(second, "complete") == 12
    assert restarted["takeovers_total"] == 5
    assert killed["resumes_total"] >= 5  # one that went to the killed one first came again
    assert restarted["process_starts_total"] == 3
    for name in ("first_chunk_seconds_count", "run_seconds_count"):
        assert restarted[f'{name}{{provider="library"}}'] == 12
    assert restarted["chunks_total"] >= pieces * 11 / 6  # what was saved of the cut ones, and more
    assert Figures.of(second)["processes"] == 2
    assert scraper.scrapes > 20
    assert scraper.backwards == []


def test_what_was_stopped_is_told_as_stopped(pair: Pair) -> None:
    first, second = pair
    reader = ask(first, QUESTION)
    reader.read(until="chunk")
    message = reader.data("start")["message_id"]
    assert first.request("POST", f"/api/messages/{message}/stop", as_="alice")[0] in {200, 202, 204}
    reader.read()
    told = Figures.of(second)
    assert (told.ended("stopped"), told.ended("complete")) == (1, 0)
    assert told["chunks_total"] == _pieces([reader])


def test_two_workers_behind_one_port_are_one_target(start_workers: StartSite) -> None:
    site = start_workers(PARLEY_CHUNK_DELAY_MS="0")
    while Figures.of(site)["processes"] < 2:
        pass  # the other one still starts
    for _ in range(6):
        assert ask(site, QUESTION).read() == "complete"
    for _ in range(8):  # whoever answers
        told = Figures.of(site)
        assert (told.begun, told.ended("complete"), told["processes"]) == (6, 6, 2)


def _pieces(readers: list[Reader]) -> int:
    return sum(name == "chunk" for reader in readers for name, _ in reader.events)


def _stored(site: LiveSite, status: str) -> int:
    with closing(sqlite3.connect(site.folder / "parley.db")) as database:
        query = "SELECT count(*) FROM messages WHERE role = 'assistant' AND status = ?"
        found: int = database.execute(query, (status,)).fetchone()[0]
        return found
