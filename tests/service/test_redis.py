"""What several processes share through a real Redis, and what they do without it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from limits import parse

from chat.eventlog.redis_client import RedisServer
from chat.web.windows import Windows
from tests.conftest import MakeApp, StartSite
from tests.live import ROOT, LiveSite
from tests.redis_process import PATIENCE, RedisProcess
from tests.service.reader import Reader, ask
from tests.service.test_two_processes import let_them_meet

RATE = parse("3/minute")


@pytest.fixture
def redis() -> Iterator[RedisProcess]:
    with RedisProcess() as redis:
        yield redis


@pytest.fixture
def connect(redis: RedisProcess) -> Iterator[Callable[[], RedisServer]]:
    servers: list[RedisServer] = []

    def connect() -> RedisServer:
        servers.append(RedisServer(redis.url))
        return servers[-1]

    yield connect
    for server in servers:
        server.close()


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # between two looks at a condition


def test_processes_that_share_a_redis_count_together(connect: Callable[[], RedisServer]) -> None:
    here, there = (Windows("sign-in", connect()) for _ in range(2))
    assert [windows.hit(RATE, "bob") for windows in (here, there, here)] == [True] * 3
    assert not there.test(RATE, "bob")
    assert not there.hit(RATE, "bob")
    assert 0 < there.ends(RATE, "bob") - time.time() <= 61
    assert there.test(RATE, "alice")
    assert Windows("password", connect()).test(RATE, "bob")
    here.clear(RATE, "bob")
    assert there.hit(RATE, "bob")


def test_while_redis_is_away_each_process_counts_for_itself_and_forgets_nothing(
    redis: RedisProcess, connect: Callable[[], RedisServer]
) -> None:
    server = connect()
    here, there = Windows("sign-in", server), Windows("sign-in", connect())
    assert here.hit(RATE, "bob")
    redis.kill()
    assert [here.hit(RATE, "bob") for _ in range(3)] == [True, True, False]
    assert there.test(RATE, "bob")
    redis.start()
    wait_until(lambda: not server.is_away)
    assert not here.hit(RATE, "bob")


def test_guesses_of_a_password_count_on_every_process(
    redis: RedisProcess, make_app: MakeApp
) -> None:
    apps = [make_app(redis_url=redis.url, rate_sign_in="3/minute") for _ in range(2)]
    statuses = [guess(apps[n % 2]) for n in range(5)]
    assert statuses == [400, 400, 400, 429, 429]


def test_without_a_redis_its_library_is_not_even_loaded(tmp_path: Path) -> None:
    program = "import sys, app; app.create_app(); sys.exit('redis' in sys.modules)"
    environ = {"PARLEY_DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env=environ)


def guess(app: Flask) -> int:
    """The status of a wrong password."""
    client = app.test_client()
    page = client.get("/login").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"email": "alice@example.org", "password": "wrong", "csrf_token": token}
    return client.post("/login", data=form).status_code


def test_the_site_starts_and_serves_without_its_redis_and_tells_so(
    redis: RedisProcess, start_site: StartSite
) -> None:
    redis.kill()
    site = start_site(REDIS_URL=redis.url, PARLEY_RATE_API="600/minute")
    assert "Redis is away" in site.output
    assert site.request("GET", "/readyz") == (200, {"database": True, "log": True, "redis": False})
    sent = {"content": "When was the lighthouse built?"}
    _, made = site.request("POST", "/api/conversations", {}, as_="alice")
    messages = f"/api/conversations/{made['id']}/messages"
    assert site.request("POST", messages, sent, as_="alice")[0] == 200
    assert site.request("GET", "/api/stream/status", as_="alice")[1]["process"]["redis"] == 0
    assert site.output.count("Redis is away") == 1
    redis.start()
    wait_until(lambda: site.request("GET", "/readyz")[1]["redis"])
    assert site.request("POST", messages, sent, as_="alice")[0] == 200
    assert redis.client.keys("parley:limits*")


def test_no_reader_notices_that_redis_was_killed_and_came_back_empty(
    redis: RedisProcess, template_database: Path, tmp_path: Path
) -> None:
    """Ten answers, half of them followed at the other process; Redis goes, and comes, meanwhile."""
    slow = {"PARLEY_CHUNK_DELAY_MS": "100", "PARLEY_CHUNK_WORDS": "1", "REDIS_URL": redis.url}
    with ExitStack() as stack:
        sites = [stack.enter_context(LiveSite(tmp_path, template_database, **slow)) for _ in "ab"]
        let_them_meet(sites[0], sites[1])
        senders = [ask(sites[n % 2], "How do I add documents?") for n in range(10)]
        for sender in senders:
            sender.read(until="start")
        followers = [follow(sites[(n + 1) % 2], sender) for n, sender in enumerate(senders)]
        reading = [Reading(reader) for reader in (*senders, *followers)]
        wait_until(lambda: all(one.has_read(3) for one in reading))
        assert len(redis.clients("xread")) == 2  # each process's only one
        redis.kill()
        there = [one.count for one in reading]
        wait_until(lambda: all(one.has_read(3 + n) for one, n in zip(reading, there, strict=True)))
        redis.start()
        wait_until(lambda: redis.clients("xread"))
        assert [one.end() for one in reading] == ["complete"] * 20
        for number, sender in enumerate(senders):
            message = sender.data("start")["message_id"]
            stored = sites[0].request("GET", f"/api/messages/{message}", as_="alice")[1]["content"]
            assert sender.text == followers[number].text == stored
            assert stored.startswith(written(followers[number]))


class Reading:
    """A reader that reads to its end on a thread of its own."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._thread = threading.Thread(target=reader.read, daemon=True)
        self._thread.start()

    @property
    def count(self) -> int:
        return len(chunks(self._reader))

    def has_read(self, count: int) -> bool:
        return self.count >= count or not self._thread.is_alive()

    def end(self) -> str:
        """The last event's name."""
        self._thread.join(PATIENCE)
        return self._reader.events[-1][0]


def chunks(reader: Reader) -> list[str]:
    return [data["content"] for name, data in list(reader.events) if name == "chunk"]


def written(reader: Reader) -> str:
    """The text before the end, which repeats it: nothing may be there twice, or be missing."""
    text = ""
    for name, data in reader.events:
        if name in {"chunk", "snapshot"}:
            text = data["content"] if name == "snapshot" else text + data["content"]
    return text


def follow(site: LiveSite, sender: Reader) -> Reader:
    return Reader(site, "GET", f"/api/messages/{sender.data('start')['message_id']}/stream")
