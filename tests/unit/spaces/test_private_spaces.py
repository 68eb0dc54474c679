"""The revision that gives everybody who is there a private space, and keeps the rest as it is."""

from pathlib import Path

import pytest
from sqlalchemy import text

from chat.accounts import find_viewer
from chat.database import Database, open_database
from chat.migrate import upgrade
from chat.values import SpaceRole
from tests.databases import KINDS
from tests.postgresql import PostgresServer

BEFORE, AFTER = "0009", "0010"


@pytest.fixture(params=KINDS)
def former(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A site as it was before, with one person in its team."""
    url = f"sqlite:///{tmp_path}/parley.db"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.sqlalchemy_url(server.create())
    database = open_database(url)
    upgrade(database.engine, BEFORE)
    with database.writing() as session:
        for statement in (
            "INSERT INTO users (id, email, name, password_hash, role, created_at)"
            " VALUES ('ada', 'ada@example.org', 'Ada', '', 'member', '2026-01-01 00:00:00')",
            "INSERT INTO spaces (id, slug, name, created_at)"
            " VALUES ('0team', 'team', 'Team', '2026-01-01 00:00:00')",
            "INSERT INTO members (space_id, user_id, role) VALUES ('0team', 'ada', 'editor')",
        ):
            session.execute(text(statement))
    return database


def test_whoever_is_there_gets_one_after_the_team(former: Database) -> None:
    upgrade(former.engine)
    with former.reading() as session:
        ada = find_viewer(session, "ada")
        private = session.execute(
            text("SELECT id, name, instructions, providers FROM spaces WHERE personal_of = 'ada'")
        ).one()
    assert ada is not None
    assert ada.space_ids == ("0team", private.id)
    assert ada.space_roles == (SpaceRole.EDITOR, SpaceRole.OWNER)
    assert (private.name, private.instructions) == ("Only me", "")
    former.engine.dispose()


def test_who_is_deleted_takes_their_private_space_along(former: Database) -> None:
    upgrade(former.engine, AFTER)
    with former.writing() as session:
        session.execute(text("DELETE FROM users WHERE id = 'ada'"))
        assert session.scalars(text("SELECT id FROM spaces")).all() == ["0team"]
        assert session.scalar(text("SELECT count(*) FROM members")) == 0
    former.engine.dispose()
