"""Streams that wait have left the server's hands: they go on, end and are counted all the same."""

import http.client
import json
import os
import time
from pathlib import Path

import pytest

from tests.conftest import StartSite
from tests.live import LiveSite
from tests.people import api_token
from tests.service.questions import ask_model
from tests.service.reader import Reader, ask
from tests.upstream.process import Upstream

QUESTION = "How do I add documents?"
SLOW = {"PARLEY_CHUNK_DELAY_MS": "40", "PARLEY_CHUNK_WORDS": "1"}


def follow(site: LiveSite, message_id: str) -> http.client.HTTPResponse:
    """The raw response of who follows an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    headers = {"Authorization": f"Bearer {api_token('alice')}"}
    connection.request("GET", f"/api/messages/{message_id}/stream", None, headers)
    return connection.getresponse()


def open_files(site: LiveSite) -> int:
    return len(os.listdir(f"/proc/{site.worker_pid}/fd"))


def test_what_is_read_to_its_end_ends_as_http_says(start_site: StartSite) -> None:
    site = start_site(**SLOW)
    reader = ask(site, QUESTION)
    reader.read("chunk")
    response = follow(site, reader.data("start")["message_id"])
    assert response.getheader("Connection") == "close"
    body = response.read()  # IncompleteRead where the last chunk is missing
    assert b"event: complete" in body
    assert reader.read() == "complete"


def test_silence_is_broken_by_heartbeats(
    upstream_process: Upstream, template_database: Path, tmp_path: Path
) -> None:
    environ = upstream_process.openai("write-wait-4000") | {"PARLEY_HEARTBEAT_SECONDS": "1"}
    with LiveSite(tmp_path, template_database, **environ) as site:
        reader = ask_model(site, "write-wait-4000")
        assert reader.read("start") == "start"
        response = follow(site, reader.data("start")["message_id"])
        body = response.read()
        assert body.count(b"\n:") + body.startswith(b":") >= 2
        assert b"event: complete" in body
        assert reader.read() == "complete"


def test_who_has_left_leaves_nothing_open(start_site: StartSite) -> None:
    site = start_site(**SLOW, PARLEY_HEARTBEAT_SECONDS="1")
    ask(site, QUESTION).read()  # what a first answer opens for good
    before = open_files(site)
    reader = ask(site, QUESTION)
    reader.read("chunk")
    others = [follow(site, reader.data("start")["message_id"]) for _ in range(5)]
    for other in others:
        assert other.read(10)
        other.close()
    assert reader.read() == "complete"
    deadline = time.monotonic() + 10
    while open_files(site) > before:
        assert time.monotonic() < deadline, "a connection is still open"
        time.sleep(0.05)


def test_a_stop_of_the_server_ends_them(start_site: StartSite) -> None:
    site = start_site(**SLOW)
    reader = ask(site, QUESTION)
    reader.read("chunk")
    response = follow(site, reader.data("start")["message_id"])
    assert site.stop() == 0
    body = response.read()
    assert b"event: start" in body
    assert b"event: complete" not in body
    reader.read()
    assert reader.events[-1][0] != "complete"


def test_as_many_as_may_be_are_open_and_the_next_is_told_to_wait(start_site: StartSite) -> None:
    site = start_site(PARLEY_CHUNK_DELAY_MS="200", PARLEY_WORKER_CONNECTIONS="10")
    reader = ask(site, QUESTION)
    message_id = reader.data("start")["message_id"] if reader.read("start") else ""
    others = [Reader(site, "GET", f"/api/messages/{message_id}/stream") for _ in range(9)]
    for other in others:
        other.read("start")
    refused = follow(site, message_id)
    assert refused.status == 503
    problem = json.loads(refused.read())
    assert problem["retry_after"] == 2
    others[0].close()
    reader.read()
    assert reader.events[-1][0] == "complete"


@pytest.mark.parametrize("path", ["/api/messages/nothing/stream"])
def test_a_refusal_is_no_stream(start_site: StartSite, path: str) -> None:
    site = start_site()
    assert site.request("GET", path, as_="alice")[0] == 404
