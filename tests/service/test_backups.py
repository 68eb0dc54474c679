"""Backups of a real site under load: what was acknowledged before one began is in it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSite
from tests.live import ROOT, LiveSite
from tests.people import NAMES
from tests.postgresql import PostgresServer
from tests.service.reader import ask

PACE = {"PARLEY_CHUNK_DELAY_MS": "5"}
KEY = {"SECRET_KEY": "the same on both machines"}


def flask(site: LiveSite, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command beside the site, with its settings."""
    command = [sys.executable, "-m", "flask", "--app", "app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=site.environ, capture_output=True, text=True, timeout=60
    )


class Load:
    """People who ask one question after the other; `acknowledged` is what each was promised."""

    def __init__(self, site: LiveSite) -> None:
        self.acknowledged: list[tuple[str, str, str, str]] = []  # who, question, its id, answer's
        self._site = site
        self._over = threading.Event()
        self._changed = threading.Condition()

    def run(self, name: str) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            question = f"{name} asks question {number}: how do I add documents?"
            reader = ask(self._site, question, as_=name)
            reader.read(until="start")
            start = reader.data("start")
            with self._changed:
                self.acknowledged.append((name, question, start["parent_id"], start["message_id"]))
                self._changed.notify_all()
            if number % 3:
                reader.read()  # the others are left alone while they are written
            reader.close()

    def wait_for(self, count: int) -> None:
        """Until so many were acknowledged in all."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.acknowledged) >= count, timeout=60)

    def end(self) -> None:
        self._over.set()


def under_load(site: LiveSite, during: Callable[[Load], Any]) -> Any:
    """What `during` returns, while two threads for each person ask without a pause."""
    load = Load(site)
    with ThreadPoolExecutor(2 * len(NAMES)) as pool:
        people = [pool.submit(load.run, name) for name in NAMES * 2]
        try:
            load.wait_for(30)
            return during(load)
        finally:
            load.end()
            for person in people:
                person.result()


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest) -> tuple[dict[str, str], dict[str, str]]:
    """What to set for a site with the three people, and for an empty one elsewhere."""
    if request.param == "sqlite":
        return KEY, KEY
    server: PostgresServer = request.getfixturevalue("postgres")
    names = server.create(server.template), server.create()
    here, elsewhere = ({"DATABASE_URL": server.url(name), **KEY} for name in names)
    return here, elsewhere


@pytest.fixture
def site(start_site: StartSite) -> LiveSite:
    return start_site(**PACE, **KEY)


def test_what_was_acknowledged_before_a_backup_began_is_restored(
    start_site: StartSite, places: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    here, elsewhere = places
    site = start_site(**PACE, **here)
    file = tmp_path / "site.tar"

    def back_up(load: Load) -> tuple[list[tuple[str, str, str, str]], int]:
        promised = list(load.acknowledged)
        done = flask(site, "backup", file)
        assert done.returncode == 0, done.stderr
        return promised, len(load.acknowledged) - len(promised)

    promised, meanwhile = under_load(site, back_up)
    assert len(promised) >= 30
    assert meanwhile > 0, "nobody could send while the backup was made"
    restored = LiveSite(tmp_path / "restored", None, **elsewhere)
    done = flask(restored, "restore", file)
    assert done.returncode == 0, done.stderr
    with restored:
        for name, question, question_id, message_id in promised:
            status, asked = restored.request("GET", f"/api/messages/{question_id}", as_=name)
            assert (status, asked.get("content")) == (200, question)
            status, answer = restored.request("GET", f"/api/messages/{message_id}", as_=name)
            assert (status, answer.get("parent_id")) == (200, question_id)


def test_a_running_site_is_not_replaced_and_a_stopped_one_is(
    site: LiveSite, tmp_path: Path
) -> None:
    assert flask(site, "backup", tmp_path / "site.tar").returncode == 0
    refused = flask(site, "restore", "--replace", tmp_path / "site.tar")
    assert refused.returncode == 1
    assert refused.stderr == f"Error: The site in {site.folder} is running; stop it first.\n"
    assert site.request("GET", "/readyz")[0] == 200
    site.stop()
    done = flask(site, "restore", "--replace", tmp_path / "site.tar")
    assert done.returncode == 0, done.stderr


def test_a_site_that_runs_on_another_machine_is_not_replaced(
    start_site: StartSite, postgres: PostgresServer, tmp_path: Path
) -> None:
    site = start_site(DATABASE_URL=postgres.url(postgres.create(postgres.template)), **KEY)
    here = LiveSite(tmp_path / "here", None, DATABASE_URL=site.environ["DATABASE_URL"], **KEY)
    assert flask(here, "backup", tmp_path / "site.tar").returncode == 0
    refused = flask(here, "restore", "--replace", tmp_path / "site.tar")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "stop every Parley first" in refused.stderr
    site.stop()
    done = flask(here, "restore", "--replace", tmp_path / "site.tar")
    assert done.returncode == 0, done.stderr


def test_a_site_counts_as_running_as_long_as_one_of_its_processes(
    site: LiveSite, tmp_path: Path
) -> None:
    assert flask(site, "backup", tmp_path / "site.tar").returncode == 0
    (worker,) = map(int, Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split())
    os.kill(worker, signal.SIGSTOP)  # or it would leave when it sees that its master has gone
    try:
        os.kill(site.pid, signal.SIGKILL)
        site.wait()
        assert flask(site, "restore", "--replace", tmp_path / "site.tar").returncode == 1
    finally:
        os.kill(worker, signal.SIGKILL)
    while state_of(worker) not in {"Z", ""}:
        time.sleep(0.01)  # between two looks at a condition
    assert flask(site, "restore", "--replace", tmp_path / "site.tar").returncode == 0


def state_of(pid: int) -> str:
    """The letter that Linux has for the state of a process; "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""
