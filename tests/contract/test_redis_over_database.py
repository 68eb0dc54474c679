"""Redis comes and goes, and forgets, while answers are written: the database fills every gap."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from chat.errors import Unavailable
from chat.eventlog.backplane import Announcement, Backplane, Group, News
from chat.eventlog.redis_client import RedisServer
from chat.eventlog.redis_entries import log_key
from chat.eventlog.redis_over_database import RedisOverDatabase
from chat.eventlog.sql_backplane import SqlBackplane
from chat.events import EventId
from chat.values import new_id
from tests.contract.backplanes import (
    PATIENCE,
    BothGround,
    Reader,
    frames,
    group,
    redis_over_sqlite_ground,
)
from tests.live import free_port


@pytest.fixture
def ground(template_database: Path, tmp_path: Path) -> Iterator[BothGround]:
    with redis_over_sqlite_ground(template_database, tmp_path) as ground:
        yield ground


class Interrupted:
    """A database that a test lets go away: it stores and tells nothing meanwhile."""

    def __init__(self, backplane: Backplane) -> None:
        self._backplane = backplane
        self.is_away = False

    def append(self, groups: Sequence[Group]) -> set[str]:
        self._check()
        return self._backplane.append(groups)

    def publish(self, announcements: Sequence[Announcement]) -> None:
        self._check()
        self._backplane.publish(announcements)

    def read(self, places: Mapping[str, EventId], timeout: float) -> News:
        self._check()
        return self._backplane.read(places, timeout)

    def wake(self) -> None:
        self._backplane.wake()

    def forget(self, message_id: str) -> None:
        self._backplane.forget(message_id)

    def close(self) -> None:
        self._backplane.close()

    def _check(self) -> None:
        if self.is_away:
            raise Unavailable("The database is away.")


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # between two looks at a condition


def test_an_answer_goes_on_while_redis_is_away_and_when_it_comes_back_empty(
    ground: BothGround,
) -> None:
    message, writer = ground.begin(), ground.join()
    reader = Reader(ground.join(), message)
    writer.append([group(message, 1, 1, 2)])
    reader.read_to(message, EventId(1, 2))
    ground.redis.kill()
    for seq in range(3, 8):
        assert writer.append([group(message, 1, seq, seq)]) == set()
        reader.read_to(message, EventId(1, seq))
    ground.redis.start()
    wait_until(lambda: not writer.is_redis_away)
    for seq in range(8, 12):
        writer.append([group(message, 1, seq, seq)])
        reader.read_to(message, EventId(1, seq))
    assert ground.redis.client.xlen(log_key(message)) == 4
    assert reader.frames[message] == frames(1, 1, 11)
    assert Reader(ground.join(), message).read_to(message, EventId(1, 11)) == frames(1, 1, 11)


@pytest.mark.parametrize("place", [0, 2, 3, 7])
def test_what_redis_has_lost_comes_from_the_database(ground: BothGround, place: int) -> None:
    message, writer = ground.begin(), ground.join()
    writer.append([group(message, 1, 1, 3)])
    writer.append([group(message, 1, 4, 6)])
    ground.redis.client.delete(log_key(message))
    writer.append([group(message, 1, 7, 9)])
    reader = Reader(ground.join(), message, after=EventId(min(place, 1), place))
    assert reader.read_to(message, EventId(1, 9)) == frames(1, place + 1, 9)


def test_a_writer_that_does_not_reach_redis_is_followed_all_the_same(ground: BothGround) -> None:
    message = ground.begin()
    nowhere = RedisServer(f"redis://127.0.0.1:{free_port()}")
    writer = RedisOverDatabase(SqlBackplane(ground.connect()), nowhere)
    reader = Reader(ground.join(), message)
    for seq in (1, 2):
        writer.append([group(message, 1, seq, seq)])
        began = time.monotonic()
        reader.read_to(message, EventId(1, seq))
        assert time.monotonic() - began < 2.0
    told = Announcement(new_id(), b"{}")
    writer.publish([told])
    reader.read_announcements(told.name)
    writer.close()


def test_what_is_shown_early_is_told_once_and_stored_later(ground: BothGround) -> None:
    message, writer = ground.begin(), ground.join()
    reader = Reader(ground.join(), message)
    for last in range(1, 5):
        writer.show([group(message, 1, 1, last)])
        reader.read_to(message, EventId(1, last))
    writer.append([group(message, 1, 1, 6)])
    assert reader.read_to(message, EventId(1, 6)) == frames(1, 1, 6)
    assert Reader(ground.join(), message).read_to(message, EventId(1, 6)) == frames(1, 1, 6)


def test_a_new_attempt_does_not_wait_for_what_the_one_before_did_not_tell(
    ground: BothGround,
) -> None:
    message, first, second = ground.begin(), ground.join(), ground.join()
    reader = Reader(ground.join(), message)
    first.show([group(message, 1, 1, 3)])
    reader.read_to(message, EventId(1, 3))
    ground.take_over(message, 2)
    second.show([group(message, 2, 1, 2)])
    assert reader.read_to(message, EventId(2, 2)) == frames(1, 1, 3) + frames(2, 1, 2)


def test_what_the_database_refuses_does_not_reach_redis(ground: BothGround) -> None:
    message, former = ground.begin(), ground.join()
    former.append([group(message, 1, 1, 3)])
    ground.take_over(message, 2)
    assert former.append([group(message, 1, 4, 5)]) == {message}
    assert ground.redis.client.xlen(log_key(message)) == 1


def test_while_the_database_is_away_followers_read_on_and_nothing_is_told_twice(
    ground: BothGround,
) -> None:
    message, reader = ground.begin(), None
    database = Interrupted(SqlBackplane(ground.connect()))
    writer = RedisOverDatabase(database, RedisServer(ground.redis.url))
    follower = Interrupted(SqlBackplane(ground.connect()))
    reader = Reader(RedisOverDatabase(follower, RedisServer(ground.redis.url)), message)
    writer.append([group(message, 1, 1, 1)])
    database.is_away = follower.is_away = True
    for last in range(2, 6):
        with pytest.raises(Unavailable):
            writer.append([group(message, 1, 2, last)])
        reader.read_to(message, EventId(1, last))
    assert reader.frames[message] == frames(1, 1, 5)
    database.is_away = follower.is_away = False
    writer.append([group(message, 1, 2, 7)])
    assert reader.read_to(message, EventId(1, 7)) == frames(1, 1, 7)
    assert Reader(ground.join(), message).read_to(message, EventId(1, 7)) == frames(1, 1, 7)
    entries = ground.redis.client.xrange(log_key(message))
    assert b"".join(fields[b"frames"] for _, fields in entries) == frames(1, 1, 7)
    writer.close()


def test_a_gap_that_nobody_can_fill_is_waited_out_and_holds_up_nobody_else(
    ground: BothGround,
) -> None:
    message, other, writer = ground.begin(), ground.begin(), ground.join()
    database = Interrupted(SqlBackplane(ground.connect()))
    backplane = RedisOverDatabase(database, RedisServer(ground.redis.url))
    reader = Reader(backplane, message, other)
    writer.append([group(message, 1, 1, 3)])
    ground.redis.client.delete(log_key(message))
    writer.append([group(message, 1, 4, 5), group(other, 1, 1, 2)])
    database.is_away = True
    assert reader.read_to(other, EventId(1, 2)) == frames(1, 1, 2)
    assert reader.frames[message] == b""
    began = time.monotonic()
    reader.read(0.3)
    assert time.monotonic() - began > 0.25  # it waits, and does not ask again and again
    database.is_away = False
    assert reader.read_to(message, EventId(1, 5)) == frames(1, 1, 5)
    backplane.close()


def test_announcements_go_through_the_database_while_redis_is_away(ground: BothGround) -> None:
    teller, reader = ground.join(), Reader(ground.join())
    names = [new_id() for _ in range(4)]
    teller.publish([Announcement(names[0], b"{}")])
    reader.read_announcements(names[0])
    ground.redis.kill()
    teller.publish([Announcement(names[1], b"{}")])
    reader.read_announcements(names[1])
    teller.publish([Announcement(names[2], b"{}")])
    ground.redis.start()
    wait_until(lambda: not teller.is_redis_away)
    teller.publish([Announcement(names[3], b"{}")])
    told = [name for name in reader.read_announcements(*names) if name in names]
    assert sorted(told) == sorted(names)


def test_whatever_redis_does_every_reader_reads_what_was_written(ground: BothGround) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # a failure shows it
    chance = random.Random(seed)
    messages, last = [ground.begin() for _ in range(5)], 150
    writer, readers = ground.join(), [Reader(ground.join(), *messages) for _ in range(2)]
    failures: list[BaseException] = []

    def read(reader: Reader) -> None:
        try:
            for message in messages:
                reader.read_to(message, EventId(1, last))
        except BaseException as failure:
            failures.append(failure)

    reading = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in reading:
        thread.start()
    is_up = True
    for seq in range(1, last + 1):
        assert writer.append([group(message, 1, seq, seq) for message in messages]) == set()
        if chance.random() < 0.1:
            ground.redis.kill() if is_up else ground.redis.start()
            is_up = not is_up
    for thread in reading:
        thread.join(2 * PATIENCE)
    assert failures == []
    for reader in readers:
        assert all(reader.frames[message] == frames(1, 1, last) for message in messages)
