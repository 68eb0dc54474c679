"""A database with two spaces, and a way to add documents to them."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from chat.database import Database, open_database
from chat.knowledge.documents import DocumentSummary
from chat.knowledge.ingest import add_document
from chat.models import Space

AddText = Callable[..., DocumentSummary]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    with database.writing() as session:
        session.execute(delete(Space))
        session.add_all([Space(id="team", slug="team", name="Team")])
        session.add_all([Space(id="board", slug="board", name="Board")])
    yield database
    database.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def add_text(session: Session) -> AddText:
    def add(text: str, *, title: str = "Notes", kind: str = "text", space: str = "team"):
        return add_document(
            session,
            space_id=space,
            title=title,
            text=text,
            kind=kind,
            origin=f"{title}.txt",
            added_by=None,
        )

    return add
