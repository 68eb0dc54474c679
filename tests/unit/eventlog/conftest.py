"""Processes of one site, each with a database of its own over the same file, and runs."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, update

from chat import conversations
from chat.config import Settings
from chat.conversations import Wish
from chat.database import Database, open_database
from chat.eventlog.backplane import Group
from chat.eventlog.sql_backplane import SqlBackplane
from chat.events import Chunk, frame
from chat.models import Run
from tests.people import Person

Join = Callable[[], SqlBackplane]


@pytest.fixture
def other_database(settings: Settings, database: Database) -> Iterator[Callable[[], Database]]:
    """Makes the database of another process."""
    engines: list[Engine] = []

    def make() -> Database:
        database = open_database(settings.database_url)
        engines.append(database.engine)
        return database

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def join(other_database: Callable[[], Database]) -> Iterator[Join]:
    """One more process: its backplane, whose announcements begin now."""
    joined: list[SqlBackplane] = []

    def make() -> SqlBackplane:
        joined.append(SqlBackplane(other_database()))
        joined[-1].read({}, 0)
        return joined[-1]

    yield make
    for backplane in joined:
        backplane.close()


@pytest.fixture
def message(database: Database, alice: Person) -> str:
    """The message of a run whose first attempt is running."""
    return begin_run(database, alice)


def begin_run(database: Database, person: Person) -> str:
    with database.writing() as session:
        place = conversations.create_conversation(session, person.viewer)
        return conversations.ask(session, person.viewer, place.id, "Why?", Wish()).message_id


def take_over(database: Database, message_id: str, attempt: int) -> None:
    """From now on the run's attempt is this one."""
    with database.writing() as session:
        session.execute(update(Run).where(Run.message_id == message_id).values(attempt=attempt))


def group(message_id: str, attempt: int, first: int, last: int) -> Group:
    """What a run writes, the same each time."""
    frames = b"".join(
        frame(Chunk(content=f"{attempt}/{seq} ", confidence=None), attempt, seq)
        for seq in range(first, last + 1)
    )
    return Group(message_id, attempt, first, last, frames)
