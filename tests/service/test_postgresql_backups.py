"""Backups of a site on a real PostgreSQL server, and what a restore leaves as it was."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from chat import conversations
from chat.backups import archive
from chat.backups.archive import Manifest
from chat.backups.stores import store_of
from chat.config import load_settings
from chat.database import Database
from chat.values import Viewer
from tests.conftest import sign_in
from tests.postgresql import PostgresServer

SECRET = {"SECRET_KEY": "the same on both machines"}
StartElsewhere = Callable[[str], Flask]


def run(app: Flask, *arguments: str | Path) -> Result:
    """A command on a site; its connections are given back, as when a process ends."""
    result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    database_of(app).engine.dispose()
    return result


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["parley"].database
    return found


def rows(app: Flask, folder: Path) -> dict[str, list[bytes]]:
    """Every row of every table, in no order."""
    folder.mkdir()
    store_of(database_of(app)).dump(folder)
    database_of(app).engine.dispose()
    return {path.name: sorted(path.read_bytes().splitlines()) for path in folder.glob("tables/*")}


def without_restore(after: dict[str, list[bytes]], before: dict[str, list[bytes]]) -> Any:
    """The rows without the one entry of the trail that tells of the restore."""
    more = set(after["audit_entries"]) - set(before["audit_entries"])
    assert len(more) == 1
    assert b"backup.restored" in more.copy().pop()
    return after | {"audit_entries": [row for row in after["audit_entries"] if row not in more]}


@pytest.fixture
def open_site(postgres: PostgresServer, tmp_path: Path) -> StartElsewhere:
    """The site on one of the server's databases, with a data directory of its own."""

    def open_(name: str) -> Flask:
        environ = {"DATABASE_URL": postgres.url(name), "PARLEY_DATA_DIR": str(tmp_path / name)}
        app = create_app(load_settings(environ | SECRET))
        app.testing = True
        return app

    return open_


@pytest.fixture
def name(postgres: PostgresServer) -> str:
    """A database with the three people."""
    return postgres.create(postgres.template)


@pytest.fixture
def site(open_site: StartElsewhere, name: str, tmp_path: Path) -> Flask:
    """A site with documents, and a conversation of Alice's."""
    app = open_site(name)
    assert run(app, "prepare").exit_code == 0
    (tmp_path / "odd.md").write_text("# Odd\n\nA tab\there, a back\\slash, \\N, \\., é and 🐦.\n")
    assert run(app, "library", "add", tmp_path / "odd.md").exit_code == 0
    alice = sign_in(app, "alice")
    assert (
        alice.client.post("/api/conversations", json={"title": "Kept for good"}).status_code == 201
    )
    database_of(app).engine.dispose()
    return app


@pytest.fixture
def file(site: Flask, tmp_path: Path) -> Path:
    result = run(site, "backup", tmp_path / "site.tar")
    assert result.exit_code == 0, result.output
    return tmp_path / "site.tar"


def test_every_row_comes_back_in_an_empty_database(
    site: Flask, file: Path, open_site: StartElsewhere, postgres: PostgresServer, tmp_path: Path
) -> None:
    other = open_site(postgres.create())
    result = run(other, "restore", file)
    assert result.exit_code == 0, result.output
    before, after = rows(site, tmp_path / "before"), rows(other, tmp_path / "after")
    assert len(before["passages"]) > 10
    assert len(before["passage_words"]) > 100
    assert without_restore(after, before) == before
    assert run(other, "prepare").exit_code == 0
    assert rows(other, tmp_path / "prepared") == after


def test_a_restored_site_goes_on_counting(
    file: Path, open_site: StartElsewhere, postgres: PostgresServer, tmp_path: Path
) -> None:
    other = open_site(postgres.create())
    assert run(other, "restore", file).exit_code == 0
    (tmp_path / "new.md").write_text("# New\n\nAn okapi in the garden.\n")
    assert "added" in run(other, "library", "add", tmp_path / "new.md").output
    with psycopg.connect(postgres.url(database_name(other))) as connection:
        found = connection.execute("SELECT passages FROM passage_words WHERE word = 'okapi'")
        assert found.fetchone() == (1,)


def test_a_site_is_replaced_only_when_that_is_said_and_kept_then(
    site: Flask, file: Path, open_site: StartElsewhere, tmp_path: Path
) -> None:
    before = rows(site, tmp_path / "before")
    alice = sign_in(site, "alice")
    alice.client.post("/api/conversations", json={"title": "Made later"})
    database_of(site).engine.dispose()
    assert "with --replace it is put aside" in run(site, "restore", file).output
    done = run(site, "restore", "--replace", file)
    assert done.exit_code == 0, done.output
    assert without_restore(rows(site, tmp_path / "after"), before) == before
    (kept,) = [
        Path(line.split(" as ")[1]) for line in done.output.splitlines() if "site.tar" in line
    ]
    assert run(site, "restore", "--replace", kept).exit_code == 0
    assert titles(site, alice.viewer) == {"Kept for good", "Made later"}


def test_what_a_newer_version_had_made_is_gone(
    site: Flask, file: Path, postgres: PostgresServer, tmp_path: Path
) -> None:
    before = rows(site, tmp_path / "before")
    with psycopg.connect(postgres.url(database_name(site))) as connection:
        connection.execute("CREATE TABLE of_a_newer_parley (id text REFERENCES users)")
        connection.execute("ALTER TABLE users ADD COLUMN newer integer NOT NULL DEFAULT 1")
        connection.execute("CREATE FUNCTION newer() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    assert run(site, "restore", "--replace", file).exit_code == 0
    assert without_restore(rows(site, tmp_path / "after"), before) == before


@pytest.mark.parametrize("table", ["users", "passages"])
def test_rows_that_do_not_fit_leave_everything_as_it_was(
    site: Flask, file: Path, tmp_path: Path, table: str
) -> None:
    before = rows(site, tmp_path / "before")
    folder = tmp_path / "unpacked"
    folder.mkdir()
    about = archive.unpack(file, folder)
    with (folder / "tables" / table).open("ab") as rows_of_table:
        rows_of_table.write(b"one column\n")
    members = [(name, folder / name) for name in about.files]
    archive.write(tmp_path / "odd.tar", members, about)
    result = run(site, "restore", "--replace", tmp_path / "odd.tar")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: The database: ")
    assert rows(site, tmp_path / "after") == before


def test_a_database_that_somebody_uses_is_not_replaced(
    site: Flask, file: Path, postgres: PostgresServer
) -> None:
    with psycopg.connect(postgres.url(database_name(site))):
        result = run(site, "restore", "--replace", file)
    assert result.exit_code == 1
    assert "stop every Parley first" in result.output


def test_the_other_kind_of_database_is_named(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(b"")
    about = Manifest(parley="1", made_at="", database="sqlite", revision="0001")
    archive.write(tmp_path / "other.tar", [("database", tmp_path / "rows")], about)
    result = run(site, "restore", "--replace", tmp_path / "other.tar")
    assert "It is the backup of a sqlite database, and this site has postgresql." in result.output


def test_a_server_that_is_away_is_told_in_one_line(
    open_site: StartElsewhere, tmp_path: Path
) -> None:
    result = run(open_site("missing"), "backup", tmp_path / "site.tar")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "secret" not in result.output


def titles(app: Flask, viewer: Viewer) -> set[str]:
    with database_of(app).reading() as session:
        found = conversations.list_conversations(session, viewer)
    return {conversation.title for conversation in found.items}


def database_name(app: Flask) -> str:
    return str(database_of(app).engine.url.database)
