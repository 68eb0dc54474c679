"""Each kind of backplane with what it stands on, and a reader that checks what it is given."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from chat.eventlog.backplane import Announcement, Backplane, Group
from chat.eventlog.redis_client import RedisServer
from chat.eventlog.redis_streams import RedisStreams
from chat.events import BEGINNING, Chunk, EventId, frame
from tests.redis_process import RedisProcess

PATIENCE = 15.0


class Ground(Protocol):
    """What the processes of one site share."""

    def join(self) -> Backplane:
        """One more process, whose announcements begin now."""
        ...

    def begin(self, message_id: str, attempt: int) -> None:
        """From now on the run's attempt is this one."""
        ...


class RedisGround:
    """Redis alone: an attempt begins with its first group."""

    def __init__(self, redis: RedisProcess, cleanup: ExitStack) -> None:
        self._url = redis.url
        self._cleanup = cleanup

    def join(self) -> Backplane:
        backplane = RedisStreams(RedisServer(self._url))
        self._cleanup.callback(backplane.close)
        backplane.read({}, 0)
        return backplane

    def begin(self, message_id: str, attempt: int) -> None:
        pass


@contextmanager
def redis_ground() -> Iterator[Ground]:
    with RedisProcess() as redis, ExitStack() as cleanup:
        yield RedisGround(redis, cleanup)


GROUNDS: dict[str, Callable[[], object]] = {"redis": redis_ground}


class Reader:
    """Reads as a process does that follows some messages; a gap or a duplicate fails the test."""

    def __init__(self, backplane: Backplane, *messages: str, after: EventId = BEGINNING) -> None:
        self._backplane = backplane
        self.places = dict.fromkeys(messages, after)
        self.frames = dict.fromkeys(messages, b"")
        self.announcements: list[Announcement] = []

    def read(self, timeout: float = 0.0) -> Sequence[Group]:
        news = self._backplane.read(self.places, timeout)
        for group in news.groups:
            self._take(group)
        self.announcements += news.announcements
        return news.groups

    def _take(self, group: Group) -> None:
        place = self.places[group.message_id]
        expected = place.seq + 1 if group.attempt == place.attempt else 1
        assert group.attempt >= place.attempt
        assert group.first_seq == expected, f"{group.first_seq} came after {place}"
        assert group.frames.count(b"\n\n") == group.last_seq - group.first_seq + 1
        self.places[group.message_id] = EventId(group.attempt, group.last_seq)
        self.frames[group.message_id] += group.frames

    def read_until(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, f"read up to {self.places} only"
            self.read(0.5)

    def read_to(self, message_id: str, place: EventId) -> bytes:
        """Everything of a message up to `place`."""
        self.read_until(lambda: self.places[message_id] >= place)
        assert self.places[message_id] == place
        return self.frames[message_id]


def frames(attempt: int, first: int, last: int) -> bytes:
    """What a run writes, the same each time."""
    return b"".join(
        frame(Chunk(content=f"{attempt}/{seq} ", confidence=None), EventId(attempt, seq))
        for seq in range(first, last + 1)
    )


def group(message_id: str, attempt: int, first: int, last: int) -> Group:
    return Group(message_id, attempt, first, last, frames(attempt, first, last))
