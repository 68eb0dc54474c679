"""The real site on a real PostgreSQL server."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.conftest import StartSite
from tests.live import ROOT, LiveSite, free_port
from tests.postgresql import PostgresServer
from tests.service.reader import Reader

QUESTION = "How do I add documents?"


def ask(site: LiveSite) -> Reader:
    """Ask in a new conversation, and follow the answer."""
    _, place = site.request("POST", "/api/conversations", {}, as_="alice")
    return Reader(
        site, "POST", f"/api/conversations/{place['id']}/messages/stream", {"content": QUESTION}
    )


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """The address of a database of the test's own, with the three people."""
    return postgres.url(postgres.create(postgres.template))


@pytest.fixture
def site(url: str, start_site: StartSite) -> LiveSite:
    return start_site(DATABASE_URL=url, PARLEY_CHUNK_DELAY_MS="0")


def test_a_question_is_answered_stored_and_read_again(site: LiveSite) -> None:
    reader = ask(site)
    assert reader.read() == "complete"
    assert reader.data("complete")["metadata"]["sources"]
    message = reader.data("start")["message_id"]
    status, stored = site.request("GET", f"/api/messages/{message}", as_="alice")
    assert (status, stored["status"], stored["content"]) == (200, "complete", reader.text)
    again = Reader(site, "GET", f"/api/messages/{message}/stream")
    assert again.read() == "complete"
    assert again.data("complete")["content"] == reader.text
    assert site.request("GET", f"/api/messages/{message}", as_="charlie")[0] == 404
    assert "Traceback" not in site.output


def test_the_driver_lets_other_requests_go_on_while_it_waits(site: LiveSite, url: str) -> None:
    """A statement that waits in the server must not stop the event loop."""
    _, place = site.request("POST", "/api/conversations", {"title": "Before"}, as_="alice")
    path = f"/api/conversations/{place['id']}"
    with psycopg.connect(url) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SELECT 1 FROM conversations FOR UPDATE")
        waiting = pool.submit(site.request, "PATCH", path, {"title": "After"}, as_="alice")
        while not other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert not waiting.done()
        assert site.request("GET", path, as_="alice")[1]["title"] == "Before"
        assert not waiting.done()
        other.rollback()
        assert waiting.result(timeout=20)[1]["title"] == "After"


def test_of_several_first_starts_at_once_one_prepares_the_database(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", "prepare"]
    url = postgres.url(postgres.create())
    starts = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={"PARLEY_DATA_DIR": str(tmp_path), "DATABASE_URL": url, "PATH": "/usr/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    told = [start.communicate(timeout=60)[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], told
    assert sum("Bringing the database up to date" in text for text in told) == 1
    with psycopg.connect(url) as connection:
        titles = connection.execute("SELECT title, count(*) FROM documents GROUP BY 1").fetchall()
    assert titles
    assert {count for _, count in titles} == {1}


def test_a_server_that_cannot_be_reached_gets_one_line_without_the_password(
    tmp_path: Path,
) -> None:
    url = f"postgresql://parley:hush-hush@127.0.0.1:{free_port()}/parley"
    start = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={"PARLEY_DATA_DIR": str(tmp_path), "DATABASE_URL": url, "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert start.returncode == 1
    (line,) = (start.stdout + start.stderr).strip().splitlines()
    assert line.startswith("DATABASE_URL: the database cannot be used: connection")
    assert "hush" not in json.dumps([start.stdout, start.stderr])
