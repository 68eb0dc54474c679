"""Fresh databases for tests, of either kind: with the three people, or with nothing in them.

A SQLite file is copied. PostgreSQL's copies of a database cost a tenth of a second, so all tests of
a run use one, of which everything is taken out and the people put in again before each.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import text

from chat.database import Database
from tests.people import build_database
from tests.postgresql import PostgresServer

KINDS = ("sqlite", "postgresql")
_TABLES = """SELECT tablename FROM pg_tables
              WHERE schemaname = 'public' AND tablename <> 'alembic_version'"""


class SqliteFiles:
    """Copies of one file; `path` is the file with the three people."""

    def __init__(self, path: Path) -> None:
        self.path = path
        build_database(path)

    def with_people(self, folder: Path) -> str:
        """The address of a database in `folder`, a fresh one if there is none yet."""
        path = folder / "parley.db"
        if not path.exists():
            shutil.copyfile(self.path, path)
        return f"sqlite:///{path}"


class PostgresTables:
    """One database that is brought to its beginning again; one test uses it at a time."""

    def __init__(self, server: PostgresServer) -> None:
        name = server.create(server.template)
        self.url = server.sqlalchemy_url(name)
        self._connection = psycopg.connect(server.url(name), autocommit=True)
        tables = [row[0] for row in self._connection.execute(_TABLES)]
        self._connection.execute("CREATE SCHEMA beginning")
        for table in tables:
            name_ = sql.Identifier(table)
            self._connection.execute(
                sql.SQL("CREATE TABLE beginning.{} AS TABLE public.{}").format(name_, name_)
            )
        self._begin_again = "; ".join(
            [
                "SET session_replication_role = replica",  # no reference, no trigger counts
                *(f'DELETE FROM public."{table}"' for table in tables),
                *(f'INSERT INTO public."{t}" TABLE beginning."{t}"' for t in tables),
                "SET session_replication_role = origin",
            ]
        )

    def with_people(self) -> str:
        """The address of the database, which is as it was at the beginning."""
        self._connection.execute(self._begin_again)  # type: ignore[call-overload]
        return self.url

    def close(self) -> None:
        self._connection.close()


@contextmanager
def writers_wait(database: Database) -> Iterator[None]:
    """Whoever writes in this block waits, as while a backup of the file or a migration runs."""
    if database.engine.dialect.name == "sqlite":
        with Path(f"{database.engine.url.database}-lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with database.engine.begin() as connection:
        connection.execute(text("LOCK TABLE login_sessions, api_tokens IN EXCLUSIVE MODE"))
        yield
