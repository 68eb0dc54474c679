"""A migrated database with two spaces, and a way to add documents to them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from chat.database import Database
from chat.knowledge.ingest import DocumentSummary, add_document
from chat.migrate import upgrade
from chat.models import Space

AddText = Callable[..., DocumentSummary]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("knowledge") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    database = Database(engine)
    upgrade(engine)
    with database.writing() as session:
        session.add_all([Space(id="team", slug="team", name="Team")])
        session.add_all([Space(id="board", slug="board", name="Board")])
    engine.dispose()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "parley.db"
    path.write_bytes(migrated.read_bytes())
    engine = create_engine(f"sqlite:///{path}")
    yield Database(engine)
    engine.dispose()


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
