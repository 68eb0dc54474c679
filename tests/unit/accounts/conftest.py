"""A database of its own for each test, with Alice, Bob and Charlie, and no app around it."""

from collections.abc import Iterator

import pytest

from chat import spaces
from chat.accounts import passwords, people
from chat.accounts.passwords import PasswordHash
from chat.database import Database, open_database
from chat.values import Viewer
from tests.people import CHEAP_HASHER, PASSWORD


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def space_id(database: Database) -> str:
    with database.writing() as session:
        return spaces.default_space(session).id


def viewer_named(database: Database, name: str) -> Viewer:
    """A person as a viewer, without a session."""
    with database.reading() as session:
        person = people.find_by_email(session, f"{name}@example.org")
    assert person is not None
    return Viewer(person.id, person.name, person.email, person.role, ())


@pytest.fixture
def alice(database: Database) -> Viewer:
    """The only admin."""
    return viewer_named(database, "alice")


@pytest.fixture
def bob(database: Database) -> Viewer:
    return viewer_named(database, "bob")


@pytest.fixture
def known_hash() -> PasswordHash:
    return PasswordHash(CHEAP_HASHER.hash(PASSWORD))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", CHEAP_HASHER)
