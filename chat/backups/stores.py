"""What a backup needs of a database, and which kind the site has.

May import the other files of this folder, and the plain ground.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from chat.backups.archive import BackupError
from chat.backups.sqlite_store import SqliteStore
from chat.database import Database


class Store(Protocol):
    """One kind of database."""

    kind: str  # as a manifest names it
    place: str  # where it is, for the one who runs the site
    puts_aside: bool  # whether `put` keeps what was there

    def alone(self) -> AbstractContextManager[None]:
        """Be sure that no site uses it; BackupError when one does."""
        ...

    def exists(self) -> bool:
        """Whether there is a site in it."""
        ...

    def dump(self, folder: Path) -> str:
        """Write what is committed now into files of an empty folder; its revision."""
        ...

    def put(self, folder: Path, revision: str, others: Mapping[Path, Path]) -> list[Path]:
        """Replace its content by what `dump` has written, and each other target by its draft.

        All of it, or nothing. Where to find what was there; BackupError when that cannot be done.
        """
        ...


def store_of(database: Database) -> Store:
    """The store of the site's database; BackupError when it is not kept anywhere."""
    engine = database.engine
    if engine.dialect.name == "postgresql":
        from chat.backups.postgresql_store import PostgresqlStore  # and with it, its driver

        return PostgresqlStore(database)
    name = engine.url.database
    if name in {None, "", ":memory:"}:
        raise BackupError("The database is no file: there is nothing to back up or to restore.")
    return SqliteStore(Path(str(name)))
