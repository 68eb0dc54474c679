"""Answers that are given again, by two processes with one database."""

import fcntl
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveSite
from tests.postgresql import PostgresServer
from tests.service.resuming import ask_and_resume

QUESTION = "How do I add documents?"
CACHING = {"PARLEY_CACHE_ANSWERS": "100", "PARLEY_CHUNK_DELAY_MS": "0"}
Pair = tuple[LiveSite, LiveSite]


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def pair(
    request: pytest.FixtureRequest,
    template_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Pair]:
    """Two processes; the last test of a kind of database may leave one of them dead."""
    folder, environ = tmp_path_factory.mktemp("site"), dict(CACHING)
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        environ["DATABASE_URL"] = server.url(server.create(server.template))
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(LiveSite(folder, template_database, **environ)) for _ in range(2)
        )
        yield first, second


def ask(site: LiveSite, person: str) -> dict[str, Any]:
    """The answer to the question, in a new conversation."""
    status, place = site.request("POST", "/api/conversations", {}, as_=person)
    assert status == 201
    path = f"/api/conversations/{place['id']}/messages"
    status, sent = site.request("POST", path, {"content": QUESTION}, as_=person)
    assert status == 200, sent
    found: dict[str, Any] = sent["message"]
    return found


def ask_until_given_again(site: LiveSite, person: str) -> dict[str, Any]:
    """It is kept in the background."""
    while not (found := ask(site, person))["metadata"]["cached"]:
        pass
    return found


def test_what_one_process_has_answered_is_given_again_by_the_other(pair: Pair) -> None:
    first, second = pair
    written = ask(first, "alice")
    again = ask_until_given_again(second, "bob")
    assert again["content"] == written["content"]
    assert again["metadata"]["cached_at"] > written["created_at"]
    assert ask(second, "charlie")["metadata"]["cached"] is False


def test_a_document_that_is_added_at_one_process_counts_at_the_other_at_once(pair: Pair) -> None:
    first, second = pair
    ask_until_given_again(second, "bob")
    text = {"text": "# Documents\n\nDocuments are added on the page Library, by Omar alone."}
    assert first.request("POST", "/api/documents", text, as_="alice")[0] == 201
    assert ask(second, "bob")["metadata"]["cached"] is False


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True, scope="module")
def test_a_process_that_dies_while_it_gives_an_answer_again_is_taken_over(pair: Pair) -> None:
    first, second = pair
    ask_until_given_again(second, "alice")
    for _ in range(50):
        reader = ask_and_resume(pair, QUESTION)
        if kill_between_text_and_end(first, lambda reader=reader: reader.has_ended):
            break
        reader.join()
    else:
        pytest.fail("it never was between its text and its end")
    reader.join()
    (end,) = reader.ends
    _, stored = second.request("GET", f"/api/messages/{end['id']}", as_="alice")
    assert (stored["status"], stored["content"]) == ("complete", reader.text)
    assert stored["metadata"]["attempts"] == 2


def kill_between_text_and_end(site: LiveSite, has_ended: Callable[[], bool]) -> bool:
    """Kill the server while it has a run whose end it cannot store; false when it was too quick."""
    with (
        (site.folder / "parley.db-lock").open() as lock,
        closing(sqlite3.connect(site.folder / "parley.db")) as database,
    ):
        while not has_ended():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            running = "SELECT count(*) FROM runs WHERE state = 'running'"
            if database.execute(running).fetchone() != (0,):
                os.kill(site.worker_pid, signal.SIGSTOP)
                site.kill()
                return True
            fcntl.flock(lock, fcntl.LOCK_UN)
            time.sleep(0.004)  # or it would hardly ever come to write
    return False
