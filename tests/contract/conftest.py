"""A session on either kind of database, whose search goes either way."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from chat.database import Database
from chat.finding import held
from tests.people import Person


@pytest.fixture(params=["read", "indexed"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The few texts of somebody are read, those of others come from the index of words."""
    if request.param == "indexed":
        monkeypatch.setattr(held, "MOST_TEXTS", -1)


@pytest.fixture
def session(
    database: Database, way: None, alice: Person, bob: Person, charlie: Person
) -> Iterator[Session]:
    with database.writing() as session:
        yield session
