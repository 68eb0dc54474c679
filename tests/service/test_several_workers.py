"""WEB_CONCURRENCY=2: two processes behind one port, where nobody chooses which one answers."""

import time
from pathlib import Path

import pytest

from tests.conftest import StartSite
from tests.live import LiveSite
from tests.service.reader import Reader, ask

QUESTION = "How do I add documents?"
PATIENCE = 20.0


@pytest.fixture
def site(start_workers: StartSite) -> LiveSite:
    return start_workers(PARLEY_CHUNK_DELAY_MS="50", PARLEY_CHUNK_WORDS="1")


def test_whoever_answers_everybody_reads_the_same_text(site: LiveSite) -> None:
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()
    assert len(children) == 2
    senders = [ask(site, QUESTION) for _ in range(4)]
    followers: list[tuple[Reader, Reader]] = []
    for sender in senders:
        sender.read(until="start")
        path = f"/api/messages/{sender.data('start')['message_id']}/stream"
        followers += [(sender, Reader(site, "GET", path)) for _ in range(6)]
    _wait_for_both(site, runs=len(senders))
    for reader in (*senders, *(follower for _, follower in followers)):
        assert reader.read() == "complete"
    for sender, follower in followers:
        assert follower.text == sender.text == sender.data("complete")["content"]


def _wait_for_both(site: LiveSite, runs: int) -> None:
    """Until a process is heard that does not write all the answers, and has readers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        assert time.monotonic() < deadline, "one process answers everything"
        _, body = site.request("GET", "/api/stream/status", as_="alice")
        if body["process"]["runs"] < runs and body["process"]["followers"] > 0:
            return
