"""The real server is killed, stopped and started again while answers are written."""

import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import StartSite
from tests.live import ROOT, LiveSite
from tests.service.reader import Reader, ask
from tests.service.resuming import ResumingReader, ask_and_resume

QUESTION = "How do I add documents?"
SLOW = {"PARLEY_CHUNK_DELAY_MS": "50", "PARLEY_CHUNK_WORDS": "1"}


@pytest.fixture
def slow_site(start_site: StartSite) -> LiveSite:
    return start_site(**SLOW)


def test_a_killed_servers_answer_goes_on_after_its_restart(slow_site: LiveSite) -> None:
    """llama.cpp #21754: what was being written must survive."""
    reader = ask_and_resume([slow_site], QUESTION).wait_for_text()
    slow_site.kill()
    slow_site.start()
    reader.join()
    assert reader.attempts == {1, 2}
    assert "reset" not in reader.names  # the built-in provider goes on at the character
    _assert_told_whole(slow_site, reader)


def test_a_killed_workers_answers_go_on_in_the_next_one(slow_site: LiveSite) -> None:
    readers = [ask_and_resume([slow_site], QUESTION) for _ in range(3)]
    for reader in readers:
        reader.wait_for_text()
    os.kill(slow_site.worker_pid, signal.SIGKILL)
    for reader in readers:
        reader.join()
        assert reader.attempts == {1, 2}
        _assert_told_whole(slow_site, reader)


def test_a_stopped_servers_answers_go_on_when_it_is_started_again(slow_site: LiveSite) -> None:
    readers = [ask_and_resume([slow_site], QUESTION) for _ in range(3)]
    for reader in readers:
        reader.wait_for_text()
    assert slow_site.stop() == 0
    slow_site.start()
    for reader in readers:
        reader.join()
        _assert_told_whole(slow_site, reader)


def _assert_told_whole(site: LiveSite, reader: ResumingReader) -> None:
    """The reader was told the end once, and has the text that is stored."""
    _, stored = site.request("GET", f"/api/messages/{reader.message_id}", as_="alice")
    assert (stored["status"], stored["content"]) == ("complete", reader.text)
    assert [end["content"] for end in reader.ends] == [reader.text]


def test_a_run_outlives_its_readers(slow_site: LiveSite) -> None:
    reader = ask(slow_site, QUESTION)
    reader.read(until="chunk")
    reader.close()
    path = f"/api/messages/{reader.data('start')['message_id']}/stream"
    late = Reader(slow_site, "GET", path, last_id=reader.last_id)
    second = Reader(slow_site, "GET", path)
    late.text = reader.text
    assert (late.read(), second.read()) == ("complete", "complete")
    assert late.text == second.text == second.data("complete")["content"]


def test_a_reader_that_stops_reading_holds_nobody_up(slow_site: LiveSite) -> None:
    """open-webui #8606: one person's trouble must not freeze the others' streams."""
    stuck = ask(slow_site, QUESTION)
    other = ask(slow_site, QUESTION, as_="bob")
    assert other.read() == "complete"
    assert slow_site.request("GET", "/healthz")[0] == 200
    assert stuck.read() == "complete"
    assert stuck.text == stuck.data("complete")["content"]


def test_a_disabled_persons_stream_ends_whichever_process_disabled_them(
    start_site: StartSite,
) -> None:
    site = start_site(**SLOW | {"PARLEY_CHUNK_DELAY_MS": "1000"})
    reader = ask(site, QUESTION, as_="bob")
    reader.read(until="chunk")
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "users", "disable", "bob@example.org"],
        cwd=ROOT,
        env=site.environ,
        check=True,
        capture_output=True,
    )
    assert reader.read() == "chunk"  # ended in the middle
    path = f"/api/messages/{reader.data('start')['message_id']}"
    assert site.request("GET", path, as_="bob")[0] == 401
