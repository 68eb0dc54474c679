"""Two processes on one database: one dies, freezes or leaves, and the other goes on."""

import fcntl
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.live import LiveSite
from tests.service.conftest import Pair, StartPair
from tests.service.reader import ask
from tests.service.resuming import ResumingReader, ask_and_resume

QUESTION = "How do I add documents?"
SLOW = {"PARLEY_CHUNK_DELAY_MS": "60", "PARLEY_CHUNK_WORDS": "1"}
LIMIT = 4.0  # seconds on a busy machine; `python -m tests.faults.restarts` measures


@pytest.fixture
def pair(start_pair: StartPair) -> Pair:
    return start_pair(**SLOW)


def test_a_killed_processs_answers_go_on_at_the_other(pair: Pair) -> None:
    first, second = pair
    readers = [ask_and_resume(pair, QUESTION).wait_for_text() for _ in range(3)]
    killed_at = time.monotonic()
    first.kill()
    for reader in readers:
        reader.join()
        assert reader.attempts == {1, 2}
        assert "reset" not in reader.names
        assert_told_whole(second, reader)
    assert time.monotonic() - killed_at < 30


def test_a_leaving_processs_answers_go_on_at_the_other_almost_at_once(pair: Pair) -> None:
    """A rolling restart: none fails, none starts again from nothing, and the pause is short."""
    first, second = pair
    readers = [ask_and_resume(pair, QUESTION).wait_for_text() for _ in range(5)]
    os.kill(first.pid, signal.SIGTERM)
    for reader in readers:
        reader.join()
        assert reader.attempts == {1, 2}
        assert "reset" not in reader.names
        assert reader.longest_pause < LIMIT
        assert_told_whole(second, reader)
    assert first.wait() == 0


def test_a_reload_hands_the_answers_to_the_new_worker(
    template_database: Path, tmp_path: Path
) -> None:
    with LiveSite(tmp_path / "site", template_database, **SLOW) as site:
        readers = [ask_and_resume([site], QUESTION).wait_for_text() for _ in range(3)]
        os.kill(site.pid, signal.SIGHUP)
        for reader in readers:
            reader.join()
            assert reader.attempts == {1, 2}
            assert "reset" not in reader.names
            assert_told_whole(site, reader)


def test_a_process_that_was_frozen_writes_nothing_after_it_was_taken_over(pair: Pair) -> None:
    first, second = pair
    watching = ask(first, QUESTION)
    watching.read(until="chunk")
    message = watching.data("start")["message_id"]
    freeze(first)
    other = ResumingReader([second], message_id=message).start().join()
    os.kill(first.worker_pid, signal.SIGCONT)
    assert max(other.attempts) == 2  # it may have been shown the beginning that was saved, too
    assert_told_whole(second, other)
    watching.read()  # its response ends, so that it can go on elsewhere
    assert {"complete", "error"}.isdisjoint(name for name, _ in watching.events)
    while runs_of(first):  # the last piece that it has begun
        pass
    assert_told_whole(first, other)
    with closing(sqlite3.connect(first.folder / "parley.db")) as database:
        assert database.execute("SELECT count(*) FROM log_groups").fetchone() == (0,)
        late = "SELECT count(*) FROM log_tail WHERE message_id = ? AND attempt = 1"
        assert database.execute(late, [message]).fetchone() == (0,)


def freeze(site: LiveSite) -> None:
    """Stop the worker in its tracks, but not in the middle of a write: that would hold up all."""
    worker = site.worker_pid
    with (site.folder / "parley.db-lock").open() as lock:
        while True:
            os.kill(worker, signal.SIGSTOP)
            while "T" not in Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2]:
                pass
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.kill(worker, signal.SIGCONT)
            else:
                return


def runs_of(site: LiveSite) -> int:
    """How many answers the process writes."""
    status, told = site.request("GET", "/api/stream/status", as_="alice")
    assert status == 200
    return int(told["process"]["runs"])


def assert_told_whole(site: LiveSite, reader: ResumingReader) -> None:
    """The reader was told the end once, and has the text that is stored."""
    _, stored = site.request("GET", f"/api/messages/{reader.message_id}", as_="alice")
    assert (stored["status"], stored["content"]) == ("complete", reader.text)
    assert [end["content"] for end in reader.ends] == [reader.text]
