"""The real server is killed, stopped and started again while answers are written."""

import subprocess
import sys

import pytest

from tests.conftest import StartSite
from tests.live import ROOT, LiveSite
from tests.service.reader import Reader, ask

QUESTION = "How do I add documents?"
SLOW = {"PARLEY_CHUNK_DELAY_MS": "50", "PARLEY_CHUNK_WORDS": "1"}


@pytest.fixture
def slow_site(start_site: StartSite) -> LiveSite:
    return start_site(**SLOW)


def test_a_killed_server_keeps_the_text_and_continue_finishes_it(slow_site: LiveSite) -> None:
    """llama.cpp #21754: what was being written must survive."""
    reader = ask(slow_site, QUESTION)
    for _ in range(8):
        reader.read(until="chunk")
    message = reader.data("start")["message_id"]
    slow_site.kill()
    reader.read()
    slow_site.start()
    _, stored = slow_site.request("GET", f"/api/messages/{message}", as_="alice")
    assert stored["status"] == "interrupted"
    assert reader.text.startswith(stored["content"])
    assert len(reader.text) - len(stored["content"]) <= 80  # the words of 200 ms
    assert stored["content"]
    resumed = Reader(slow_site, "GET", f"/api/messages/{message}/stream", last_id=reader.last_id)
    assert resumed.read() == "error"
    assert resumed.text == stored["content"]
    again = Reader(slow_site, "POST", f"/api/messages/{message}/continue/stream", {})
    assert again.read() == "complete"
    assert again.text.startswith(stored["content"])
    _, finished = slow_site.request("GET", f"/api/messages/{message}", as_="alice")
    assert (finished["status"], finished["content"]) == ("complete", again.text)


def test_a_stopped_server_leaves_no_answer_running(slow_site: LiveSite) -> None:
    readers = [ask(slow_site, QUESTION) for _ in range(3)]
    for reader in readers:
        reader.read(until="chunk")
    assert slow_site.stop() == 0
    slow_site.start()
    for reader in readers:
        path = f"/api/messages/{reader.data('start')['message_id']}"
        _, stored = slow_site.request("GET", path, as_="alice")
        assert stored["status"] in {"interrupted", "complete"}
        assert stored["content"].startswith(reader.text)


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
