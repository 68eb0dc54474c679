"""A copy of an SQLite database: of one moment, while others write, and checked."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chat.backups import sqlite_store as sqlite
from chat.backups.archive import BackupError


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database in WAL mode, with its newest row only in the log."""
    path = tmp_path / "site.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0005')")
        connection.execute("CREATE TABLE rows (number INTEGER)")
    return path


def numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM rows")]


def test_a_copy_neither_waits_for_a_writer_nor_holds_it_up(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as writer:
        writer.execute("INSERT INTO rows VALUES (1)")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO rows VALUES (2)")
        sqlite.copy(database, tmp_path / "copy")
        writer.execute("COMMIT")
        assert numbers(tmp_path / "copy") == [1]
    assert sqlite.revision_of(tmp_path / "copy") == "0005"


def test_a_copy_is_one_file(database: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    sqlite.copy(database, tmp_path / "copies" / "copy")
    sqlite.revision_of(tmp_path / "copies" / "copy")
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy"]


def test_a_copy_leaves_the_log_of_the_site_unfolded(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as site:
        site.execute("INSERT INTO rows VALUES (1)")
        before = database.read_bytes()
        sqlite.copy(database, tmp_path / "copy")
        assert database.read_bytes() == before


def test_a_missing_and_a_foreign_file_are_named(database: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no site yet"):
        sqlite.copy(tmp_path / "missing", tmp_path / "copy")
    (tmp_path / "foreign").write_bytes(b"something else " * 100)
    with pytest.raises(BackupError, match="cannot be copied: file is not a database"):
        sqlite.copy(tmp_path / "foreign", tmp_path / "copy")
    (tmp_path / "empty").touch()
    with pytest.raises(BackupError, match="cannot be used: no such table"):
        sqlite.revision_of(tmp_path / "empty")


def test_a_damaged_page_is_found(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE INDEX by_number ON rows (number)")
        connection.executemany("INSERT INTO rows VALUES (?)", [(n,) for n in range(5000)])
    sqlite.copy(database, tmp_path / "copy")
    shutil.copyfile(tmp_path / "copy", tmp_path / "damaged")
    with (tmp_path / "damaged").open("r+b") as file:
        file.seek(20 * 4096 + 2000)
        file.write(b"\xff" * 500)
    assert sqlite.revision_of(tmp_path / "copy") == "0005"
    with pytest.raises(BackupError, match="The database"):
        sqlite.revision_of(tmp_path / "damaged")
