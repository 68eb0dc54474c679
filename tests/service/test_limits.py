"""Two processes count together, and hand over what waits for its turn."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from tests.live import LiveSite
from tests.redis_process import RedisProcess
from tests.service.conftest import StartPair
from tests.service.reader import Reader, ask
from tests.service.test_redis import wait_until

Try = Callable[[LiveSite, int], int]
SLOW = {"PARLEY_CHUNK_DELAY_MS": "300", "PARLEY_CHUNK_WORDS": "1"}


def send_message(site: LiveSite, number: int) -> int:
    _, made = site.request("POST", "/api/conversations", {}, as_="alice")
    body = {"content": f"What is {number}?"}
    return site.request("POST", f"/api/conversations/{made['id']}/messages", body, as_="alice")[0]


def add_document(site: LiveSite, number: int) -> int:
    body = {"text": f"# Number {number}\n\nIt is {number}.", "title": f"Number {number}"}
    return site.request("POST", "/api/documents", body, as_="alice")[0]


def list_conversations(site: LiveSite, number: int) -> int:
    return site.request("GET", "/api/conversations", as_="alice")[0]


@pytest.mark.parametrize(
    ("setting", "attempt", "has_redis"),
    [
        ("PARLEY_RATE_MESSAGES", send_message, False),  # the database counts these
        ("PARLEY_RATE_UPLOADS", add_document, True),
        ("PARLEY_RATE_API", list_conversations, True),
    ],
)
def test_a_limit_is_exact_over_two_processes(
    start_pair: StartPair, setting: str, attempt: Try, has_redis: bool
) -> None:
    with ExitStack() as stack:
        redis = stack.enter_context(RedisProcess()) if has_redis else None
        settings = {setting: "7/hour"} | ({"REDIS_URL": redis.url} if redis else {})
        sites = start_pair(**settings)
        statuses: list[int] = []

        def try_one(number: int) -> None:
            statuses.append(attempt(sites[number % 2], number))

        threads = [threading.Thread(target=try_one, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(statuses) == 20
    counted = Counter(status == 429 for status in statuses)
    assert counted == {False: 7, True: 13}, statuses


def test_no_more_is_written_for_a_person_than_may_be_and_what_waits_is_handed_over(
    start_pair: StartPair,
) -> None:
    first, second = start_pair(**SLOW, PARLEY_MAX_RUNS="2")
    readers = [ask((first, second)[number % 2], f"How do I add {number}?") for number in range(6)]
    for reader in readers[:2]:
        reader.read(until="chunk")
    for reader in readers[2:]:
        reader.read(until="progress")
        assert reader.data("progress")["stage"] == "queued"
    assert figures(first)["runs"] + figures(second)["runs"] == 2
    os.kill(first.pid, signal.SIGTERM)
    assert first.wait() == 0
    wait_until(lambda: figures(second)["waiting"] == 4)
    assert figures(second)["runs"] == 2
    for reader in readers:
        stop(second, reader)
    wait_until(lambda: figures(second)["runs"] + figures(second)["waiting"] == 0)
    assert {status(second, reader) for reader in readers} == {"stopped"}


def test_what_waits_at_a_process_that_is_killed_waits_again_and_is_answered(
    start_pair: StartPair,
) -> None:
    first, second = start_pair(PARLEY_MAX_RUNS="1", **SLOW | {"PARLEY_CHUNK_DELAY_MS": "20"})
    readers = [ask(first, f"How do I add {number}?") for number in range(4)]
    readers[0].read(until="chunk")
    for reader in readers[1:]:
        reader.read(until="progress")
    first.kill()
    wait_until(lambda: {status(second, one) for one in readers} == {"complete"})


def figures(site: LiveSite) -> dict[str, Any]:
    found = site.request("GET", "/api/stream/status", as_="alice")[1]["process"]
    return dict(found)


def stop(site: LiveSite, reader: Reader) -> None:
    message = reader.data("start")["message_id"]
    assert site.request("POST", f"/api/messages/{message}/stop", {}, as_="alice")[0] == 202


def status(site: LiveSite, reader: Reader) -> str:
    message = reader.data("start")["message_id"]
    return str(site.request("GET", f"/api/messages/{message}", as_="alice")[1]["status"])
