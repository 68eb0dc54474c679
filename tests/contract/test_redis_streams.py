"""What is special about Redis: bounds, one reader a process, and its absence."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from chat.errors import Unavailable
from chat.eventlog.backplane import Announcement
from chat.eventlog.redis_client import RedisServer
from chat.eventlog.redis_entries import ANNOUNCEMENTS, log_key
from chat.eventlog.redis_streams import MAX_GROUPS, RedisStreams
from chat.events import BEGINNING, EventId
from chat.values import new_id
from tests.contract.backplanes import PATIENCE, Reader, frames, group
from tests.redis_process import RedisProcess


@pytest.fixture
def redis() -> Iterator[RedisProcess]:
    with RedisProcess() as redis:
        yield redis


@pytest.fixture
def join(redis: RedisProcess) -> Iterator[Callable[[], RedisStreams]]:
    joined: list[RedisStreams] = []

    def join() -> RedisStreams:
        joined.append(RedisStreams(RedisServer(redis.url)))
        joined[-1].read({}, 0)
        return joined[-1]

    yield join
    for streams in joined:
        streams.close()


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # between two looks at a condition


def test_a_long_answer_is_trimmed_and_an_old_one_expires(
    redis: RedisProcess, join: Callable[[], RedisStreams]
) -> None:
    writer, message = join(), new_id()
    for seq in range(1, 2 * MAX_GROUPS, 2):
        writer.append([group(message, 1, seq, seq), group(message, 1, seq + 1, seq + 1)])
    key = log_key(message)
    assert MAX_GROUPS <= redis.client.xlen(key) < 1.2 * MAX_GROUPS
    assert 3000 < redis.client.ttl(key) <= 3600
    writer.forget(message)
    assert 0 < redis.client.ttl(key) <= 300


def test_one_connection_reads_for_all_followers(
    redis: RedisProcess, join: Callable[[], RedisStreams]
) -> None:
    messages = [new_id() for _ in range(1000)]
    writer, follower = join(), join()
    reader = Reader(follower, *messages)
    reading = threading.Thread(target=lambda: [reader.read_to(m, EventId(1, 2)) for m in messages])
    reading.start()
    wait_until(lambda: redis.clients("xread"))
    for seq in (1, 2):
        writer.append([group(message, 1, seq, seq) for message in messages])
        assert len(redis.clients("xread")) <= 2  # each process's only one; the writer's has read
    reading.join(PATIENCE)
    assert all(reader.frames[message] == frames(1, 1, 2) for message in messages)


def test_a_redis_that_is_away_is_asked_once_and_found_again(
    redis: RedisProcess, join: Callable[[], RedisStreams]
) -> None:
    streams, message = join(), new_id()
    streams.append([group(message, 1, 1, 1)])
    redis.kill()
    began = time.monotonic()
    for seq in range(2, 1002):
        with pytest.raises(Unavailable):
            streams.append([group(message, 1, seq, seq)])
    with pytest.raises(Unavailable):
        streams.read({message: BEGINNING}, 0.5)
    assert time.monotonic() - began < 0.5
    redis.start()
    wait_until(lambda: not streams.server.is_away)
    streams.append([group(message, 1, 1002, 1002)])
    after = EventId(1, 1001)
    reader = Reader(join(), message, after=after)
    assert reader.read_to(message, EventId(1, 1002)) == frames(1, 1002, 1002)


def test_a_frozen_redis_holds_a_writer_up_once_and_shortly(
    redis: RedisProcess, join: Callable[[], RedisStreams]
) -> None:
    streams = join()
    redis.freeze()
    began = time.monotonic()
    for _ in range(100):
        with pytest.raises(Unavailable):
            streams.publish([Announcement("run", b"{}")])
    assert time.monotonic() - began < 1.0
    redis.thaw()
    wait_until(lambda: not streams.server.is_away)
    streams.publish([Announcement("run", b"{}")])


def test_a_redis_that_came_back_with_an_earlier_clock_is_read_from_its_beginning(
    redis: RedisProcess, join: Callable[[], RedisStreams]
) -> None:
    fields = {"from": "another", "name": "run", "data": "{}"}
    redis.client.xadd(ANNOUNCEMENTS, fields, id="9000000000000-0")  # the year 2255
    streams = join()
    redis.kill()
    with pytest.raises(Unavailable):
        streams.read({}, 0)
    redis.start()
    wait_until(lambda: not streams.server.is_away)
    redis.client.xadd(ANNOUNCEMENTS, fields)
    assert streams.read({}, 0).announcements == [Announcement("run", b"{}")]


def test_no_log_line_holds_what_people_wrote(
    redis: RedisProcess, join: Callable[[], RedisStreams], caplog: pytest.LogCaptureFixture
) -> None:
    streams = join()
    writings = (
        lambda: streams.append([group(new_id(), 1, 1, 1)]),
        lambda: streams.publish([Announcement("run", frames(1, 1, 1))]),
    )
    for writing in writings:
        redis.client.config_set("maxmemory", "1")
        caplog.clear()
        with pytest.raises(Unavailable):
            writing()
        assert "OutOfMemoryError" in caplog.text
        assert "1/1" not in caplog.text
        redis.client.config_set("maxmemory", "0")
        wait_until(lambda: not streams.server.is_away)


def test_a_wrong_password_is_told_without_it(caplog: pytest.LogCaptureFixture) -> None:
    with RedisProcess(password="right-one") as redis:
        server = RedisServer(redis.url.replace("right-one", "wrong-one"))
        with pytest.raises(Unavailable):
            RedisStreams(server).publish([Announcement("run", b"{}")])
        assert "AuthenticationError" in caplog.text
        assert "wrong-one" not in caplog.text
        server.close()
