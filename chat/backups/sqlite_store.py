"""An SQLite database in a backup: a copy of one moment, checked before it is used.

Keeps true: the site's database is only read, through a connection that can neither write nor fold
its write-ahead log, so it holds no writer up and waits for none. Imports nothing of Parley but the
files of this folder.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from chat.backups.archive import DATABASE, BackupError
from chat.backups.placing import put_in_place


class SqliteStore:
    """The database in one file."""

    kind = "sqlite"
    puts_aside = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def alone(self) -> AbstractContextManager[None]:
        """The lock of the data directory says it already."""
        return nullcontext()

    def exists(self) -> bool:
        return self._path.exists()

    def dump(self, folder: Path) -> str:
        copy(self._path, folder / DATABASE)
        return revision_of(folder / DATABASE)

    def put(self, folder: Path, revision: str, others: Mapping[Path, Path]) -> list[Path]:
        if revision_of(folder / DATABASE) != revision:
            raise BackupError("The database is not at the revision that the backup tells.")
        return put_in_place({self._path: folder / DATABASE, **others})


def copy(source: Path, target: Path) -> None:
    """Copy what is committed now into a new file of its own, without a write-ahead log."""
    if not source.is_file():
        raise BackupError(f"There is no site yet: {source} is missing.")
    try:
        with closing(_open(source, "ro")) as site, closing(sqlite3.connect(target)) as copied:
            site.backup(copied)  # in one step: a reader of WAL sees one moment
            copied.execute("PRAGMA journal_mode=DELETE").close()
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from error


def revision_of(path: Path) -> str:
    """The revision of a sound database that nobody uses; BackupError for any other file."""
    try:
        with closing(_open(path, "rw")) as database:
            (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise BackupError(f"The database is damaged: {found}")
            (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(revision)
    except (sqlite3.Error, TypeError) as error:  # no row is None
        raise BackupError(f"The database cannot be used: {error}") from error


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
