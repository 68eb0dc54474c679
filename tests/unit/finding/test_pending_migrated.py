"""A database with texts goes to the index that is told later, and back, and loses none."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from chat import finding
from chat.database import Database, dialect_of
from chat.finding import Wanted, held
from chat.migrate import SCRIPTS, upgrade
from tests.contract.finding import check_entries, check_index, document, ids, say, talk
from tests.people import Person
from tests.postgresql import PostgresServer


@pytest.fixture
def database_url(database_kind: str, database_url: str, request: pytest.FixtureRequest) -> str:
    """Of a database of its own: the one that tests share on PostgreSQL keeps its revision."""
    if database_kind == "sqlite":
        return database_url
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.sqlalchemy_url(server.create(server.template))


def go_back(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def find(database: Database, person: Person, word: str) -> list[str]:
    with database.reading() as session:
        return ids(finding.search(session, person.viewer, word, Wanted()))


def test_texts_are_found_before_and_after(
    database: Database, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "MOST_TEXTS", -1)  # ask the index for whatever few texts
    with database.writing() as session:
        written = document(session, alice, "Okapi", "Okapis live in forests.")
        place = talk(session, alice, "Of okapis", "An okapi is shy.")
        other = talk(session, bob, "Okapi", "Mine.", shared=True)
    go_back(database, "0028")
    assert set(find(database, alice, "okapi")) == {written, place, other}
    with database.writing() as session:
        check_index(session)
        say(session, place, "A tapir swims.")
        crane = talk(session, bob, "Of cranes", "A crane flies.")
    assert find(database, alice, "tapir") == [place]
    assert find(database, bob, "cranes") == [crane]
    upgrade(database.engine)
    assert find(database, alice, "tapir") == [place]
    with database.writing() as session:
        if dialect_of(session) == "sqlite":
            pending = "SELECT max(number) - (SELECT up_to FROM search_progress) FROM search_entries"
            assert session.scalar(text(pending)) == 0
        say(session, crane, "And lands.")
        check_entries(session)
    assert find(database, bob, "lands") == [crane]
    assert find(database, alice, "lands") == []
