"""A provider that is fed by the test, and what the tests of a run need to start one."""

import queue
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from chat import conversations
from chat.answering.context import Job, read_brief
from chat.answering.runner import Runner
from chat.conversations import Wish
from chat.database import Database
from chat.errors import ParleyError
from chat.eventlog.live import LiveLog
from chat.eventlog.sql import SqlLog
from chat.events import EventId
from chat.providers.base import Draft, Piece, Text
from chat.providers.registry import Registry
from chat.values import AnswerRequest
from tests.people import Person

End = object()


@dataclass(frozen=True)
class Running:
    """A run that a test has started."""

    job: Job
    log: LiveLog

    @property
    def message_id(self) -> str:
        return self.job.message_id

    def follow(self) -> Iterator[bytes | None]:
        return self.log.follow(EventId(self.job.attempt, 0), 5)


class FedProvider:
    """Writes what the test feeds it: text, an error to raise, or the end."""

    name = "fed"
    models = ("queue",)

    def __init__(self) -> None:
        self.feed: queue.Queue[object] = queue.Queue()
        self.closed = 0
        self.continues = False
        self.requests: list[AnswerRequest] = []

    def write(self, *texts: str) -> None:
        for text in texts:
            self.feed.put(Text(text))

    def end(self) -> None:
        self.feed.put(End)

    def fail(self, error: Exception) -> None:
        self.feed.put(error)

    def open(self, request: AnswerRequest) -> Draft:
        self.requests.append(request)
        return Draft(sources=(), pieces=self._pieces(), continues=self.continues)

    def _pieces(self) -> Generator[Piece, None, None]:
        try:
            while (item := self.feed.get(timeout=10)) is not End:
                if isinstance(item, ParleyError | RuntimeError):
                    raise item
                assert isinstance(item, Text)
                yield item
        finally:
            self.closed += 1


@pytest.fixture
def provider() -> Iterator[FedProvider]:
    fed = FedProvider()
    yield fed
    for _ in range(5):  # what a test left running ends with it
        fed.end()


@pytest.fixture
def log(database: Database) -> SqlLog:
    return SqlLog(database, flush_seconds=0.01)


@pytest.fixture
def runner(database: Database, log: SqlLog, provider: FedProvider) -> Runner:
    return Runner(database, log, Registry([provider]))


@pytest.fixture
def ask(app: Flask, database: Database, runner: Runner, alice: Person) -> Callable[..., Running]:
    """Start an answer to a new question of Alice's, as a send does."""

    def start(content: str = "Why?", wish: Wish | None = None) -> Running:
        owner_id = runner.owner_id()
        with database.writing() as session:
            place = conversations.create_conversation(session, alice.viewer)
            how = replace(wish or Wish(), owner_id=owner_id)
            asked = conversations.ask(session, alice.viewer, place.id, content, how)
            brief = read_brief(session, asked)
        job = Job.of(asked, alice.viewer, brief)
        return Running(job, runner.start(job))

    return start
