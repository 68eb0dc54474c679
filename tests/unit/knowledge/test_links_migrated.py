"""A library of a Parley that counted no links: the migration counts what is there."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from chat.database import Database, open_database
from chat.migrate import upgrade
from chat.models import Concept, Link
from tests.postgresql import PostgresServer

BEFORE = "0011"
_ROWS = (
    "INSERT INTO spaces (id, slug, name, created_at, library_version)"
    " VALUES ('s', 's', 'S', '2026-01-01', 1)",
    "INSERT INTO documents (id, space_id, title, kind, origin, is_handbook, sha256, text, passages,"
    " version, created_at) VALUES ('d', 's', 'D', 'text', 'd', {no}, 'd', 'd', 2, 1, '2026-01-01')",
    "INSERT INTO passages (number, id, document_id, space_id, position, title, heading, place, text"
    "{columns}) VALUES (1, 'p1', 'd', 's', 0, 'D', '', '', 'one'{values}),"
    " (2, 'p2', 'd', 's', 1, 'D', '', '', 'two'{values})",
    "INSERT INTO concepts (id, space_id, key, name)"
    " VALUES (7, 's', 'a', 'A'), (8, 's', 'b', 'B'), (9, 's', 'c', 'C')",
    "INSERT INTO mentions (passage_number, concept_id)"
    " VALUES (1, 7), (1, 8), (2, 8), (2, 7), (2, 9)",
)
_OF_KIND = {
    "sqlite": {"no": "0", "columns": "", "values": ""},
    "postgresql": {
        "no": "false",
        "columns": ", tokens, counts, length",
        "values": ", '', '{}', 0",
    },
}


@pytest.fixture
def former(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('former') / 'parley.db'}"
    if database_kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.sqlalchemy_url(server.create())
    database = open_database(url)
    upgrade(database.engine, BEFORE)
    yield database
    database.engine.dispose()


def test_what_is_there_already_is_counted(former: Database, database_kind: str) -> None:
    with former.writing() as session:
        for row in _ROWS:
            session.execute(text(row.format(**_OF_KIND[database_kind]).replace(":", "\\:")))
    upgrade(former.engine)
    with former.reading() as session:
        counts = session.execute(select(Concept.key, Concept.passages))
        assert {row[0]: row[1] for row in counts} == {"a": 2, "b": 2, "c": 1}
        links = session.execute(select(Link.concept_id, Link.other_id, Link.passages))
        assert {(row[0], row[1]): row[2] for row in links} == {(7, 8): 2, (7, 9): 1, (8, 9): 1}
