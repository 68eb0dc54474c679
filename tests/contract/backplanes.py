"""Each kind of backplane with what it stands on, and a reader that checks what it is given."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import update

from chat import conversations
from chat.accounts import api_tokens
from chat.conversations import Wish
from chat.database import Database, open_database
from chat.eventlog.backplane import Announcement, Backplane, Group
from chat.eventlog.redis_client import RedisServer
from chat.eventlog.redis_over_database import RedisOverDatabase
from chat.eventlog.redis_streams import RedisStreams
from chat.eventlog.sql_backplane import SqlBackplane
from chat.events import BEGINNING, Chunk, EventId, frame
from chat.models import Run
from chat.values import new_id
from tests.people import api_token
from tests.postgresql import PostgresServer
from tests.redis_process import RedisProcess

PATIENCE = 60.0  # a machine that is busy with other things is slow, not broken
Joined = TypeVar("Joined", bound=Backplane)


class Ground(Protocol):
    """What the processes of one site share."""

    def join(self) -> Backplane:
        """One more process, whose announcements begin now."""
        ...

    def begin(self) -> str:
        """The message of a run whose first attempt is running."""
        ...

    def take_over(self, message_id: str, attempt: int) -> None:
        """From now on the run's attempt is this one."""
        ...

    def leave(self) -> None:
        """A test is over: who joined in it may go."""
        ...


class RedisGround:
    """Redis alone: an attempt begins with its first group."""

    def __init__(self, redis: RedisProcess, cleanup: ExitStack) -> None:
        self._url = redis.url
        self._cleanup = cleanup

    def join(self) -> Backplane:
        return _joined(RedisStreams(RedisServer(self._url)), self._cleanup)

    def begin(self) -> str:
        return new_id()

    def take_over(self, message_id: str, attempt: int) -> None:
        """Nobody knows before it writes."""

    def leave(self) -> None:
        """All stay to the end."""


class SqlGround:
    """A database, whose file or server the processes share; each has an engine of its own."""

    def __init__(self, url: str, cleanup: ExitStack) -> None:
        self._url = url
        self._cleanup = cleanup
        self._database = self.connect()

    def connect(self) -> Database:
        database = open_database(self._url)
        self._cleanup.callback(database.engine.dispose)
        return database

    def join(self) -> Backplane:
        return _joined(SqlBackplane(self.connect()), self._cleanup)

    def begin(self) -> str:
        with self._database.writing() as session:
            alice = api_tokens.find(session, api_token("alice"))
            assert alice is not None
            place = conversations.create_conversation(session, alice.viewer)
            return conversations.ask(session, alice.viewer, place.id, "Why?", Wish()).message_id

    def take_over(self, message_id: str, attempt: int) -> None:
        with self._database.writing() as session:
            session.execute(update(Run).where(Run.message_id == message_id).values(attempt=attempt))

    def leave(self) -> None:
        """All stay to the end."""


class PostgresGround(SqlGround):
    """A database of a server, which has not enough connections for who never leaves."""

    def __init__(self, url: str) -> None:
        super().__init__(url, ExitStack())

    def leave(self) -> None:
        self._cleanup.close()


class BothGround(SqlGround):
    """Redis over a SQLite file."""

    def __init__(self, url: str, redis: RedisProcess, cleanup: ExitStack) -> None:
        super().__init__(url, cleanup)
        self.redis = redis

    def join(self) -> RedisOverDatabase:
        return _joined(_both(self.connect(), self.redis), self._cleanup)


class BothPostgresGround(PostgresGround):
    """Redis over a database of a server."""

    def __init__(self, url: str, redis: RedisProcess) -> None:
        super().__init__(url)
        self._redis = redis

    def join(self) -> RedisOverDatabase:
        return _joined(_both(self.connect(), self._redis), self._cleanup)


def _both(database: Database, redis: RedisProcess) -> RedisOverDatabase:
    return RedisOverDatabase(SqlBackplane(database), RedisServer(redis.url))


def _joined(backplane: Joined, cleanup: ExitStack) -> Joined:
    cleanup.callback(backplane.close)
    backplane.read({}, 0)
    return backplane


@contextmanager
def redis_ground(template: Path, folder: Path) -> Iterator[Ground]:
    with RedisProcess() as redis, ExitStack() as cleanup:
        yield RedisGround(redis, cleanup)


@contextmanager
def sqlite_ground(template: Path, folder: Path) -> Iterator[Ground]:
    with ExitStack() as cleanup:
        yield SqlGround(_copy(template, folder), cleanup)


@contextmanager
def postgres_ground(server: PostgresServer) -> Iterator[Ground]:
    ground = PostgresGround(server.sqlalchemy_url(server.create(server.template)))
    try:
        yield ground
    finally:
        ground.leave()


@contextmanager
def redis_over_postgres_ground(server: PostgresServer) -> Iterator[Ground]:
    with RedisProcess() as redis:
        url = server.sqlalchemy_url(server.create(server.template))
        ground = BothPostgresGround(url, redis)
        try:
            yield ground
        finally:
            ground.leave()


@contextmanager
def redis_over_sqlite_ground(template: Path, folder: Path) -> Iterator[BothGround]:
    with RedisProcess() as redis, ExitStack() as cleanup:
        yield BothGround(_copy(template, folder), redis, cleanup)


def _copy(template: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copyfile(template, folder / 'parley.db')}"


GROUNDS: dict[str, Callable[[Path, Path], AbstractContextManager[Ground]]] = {
    "redis": redis_ground,
    "sqlite": sqlite_ground,
    "redis over sqlite": redis_over_sqlite_ground,
}
ON_POSTGRES: dict[str, Callable[[PostgresServer], AbstractContextManager[Ground]]] = {
    "postgresql": postgres_ground,
    "redis over postgresql": redis_over_postgres_ground,
}


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

    def read_announcements(self, *told: str) -> list[str]:
        """The names of those that came, in order, once all that were told have come."""
        self.read_until(lambda: set(told) <= {one.name for one in self.announcements})
        self.read(0.1)
        return [one.name for one in self.announcements]


def frames(attempt: int, first: int, last: int) -> bytes:
    """What a run writes, the same each time."""
    return b"".join(
        frame(Chunk(content=f"{attempt}/{seq} ", confidence=None), attempt, seq)
        for seq in range(first, last + 1)
    )


def group(message_id: str, attempt: int, first: int, last: int) -> Group:
    return Group(message_id, attempt, first, last, frames(attempt, first, last))
