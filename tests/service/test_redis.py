"""What several processes share through a real Redis, and what they do without it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from limits import parse

from chat.eventlog.redis_client import RedisServer
from chat.web.windows import Windows
from tests.conftest import MakeApp, StartSite
from tests.live import ROOT
from tests.redis_process import PATIENCE, RedisProcess

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
    site = start_site(REDIS_URL=redis.url, PARLEY_RATE_MESSAGES="20/minute")
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
