"""A PostgreSQL database in a backup: a file of rows for each table, all of one moment.

Parley copies the rows itself, with COPY in one REPEATABLE READ transaction: pg_dump would have to
be on the machine, and not older than the server. The tables come from Parley's own migrations, so a
backup fits any server that Parley runs on. A restore is one transaction: it is there, or it was
never there. May import the tables, their migrations and the plain ground.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from chat.backups.archive import TABLES, BackupError
from chat.backups.placing import put_in_place
from chat.database import Database
from chat.migrate import upgrade_within
from chat.postgresql import unlimited

_PIECE = 1024 * 1024
_REVISION = "alembic_version"
# Everybody who is connected to this database but for those who prepare, and wait for us.
_OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
    AND pid <> pg_backend_pid()
    AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"""
_COLUMNS = """SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = :table AND is_generated = 'NEVER'
    ORDER BY ordinal_position"""
_FUNCTIONS = """SELECT p.oid::regprocedure::text FROM pg_proc AS p
    WHERE p.pronamespace = current_schema()::regnamespace
    AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')"""
_SERIALS = """SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%'"""
_SET_SERIAL = """SELECT setval(pg_get_serial_sequence(quote_ident({table}), {column}),
    greatest((SELECT max({name}) FROM {table_name}), 1))"""


class PostgresqlStore:
    """The tables in the schema of one database."""

    kind = "postgresql"
    puts_aside = False

    def __init__(self, database: Database) -> None:
        self._database = database
        url = database.engine.url
        self.place = f"the database {url.database} on {url.host or 'this machine'}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        with _told(), self._database.alone(), unlimited(self._database.engine) as connection:
            if connection.scalar(text(_OTHERS)):
                raise BackupError(f"Somebody uses {self.place}; stop every Parley first.")
            connection.close()
            yield

    def exists(self) -> bool:
        with _told(), unlimited(self._database.engine) as connection:
            return inspect(connection).has_table(_REVISION)

    def dump(self, folder: Path) -> str:
        (folder / TABLES).mkdir()
        with _told(), unlimited(self._database.engine) as connection:
            moment = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            connection.execute(text(moment))
            if not inspect(connection).has_table(_REVISION):
                raise BackupError(f"There is no site yet in {self.place}.")
            for table in inspect(connection).get_table_names():
                _copy_out(connection, table, folder / TABLES / table)
            return str(connection.scalar(text(f"SELECT version_num FROM {_REVISION}")))

    def put(self, folder: Path, revision: str, others: Mapping[Path, Path]) -> list[Path]:
        with _told(), unlimited(self._database.engine) as connection:
            _drop_all(connection)
            upgrade_within(connection, revision)
            _load(connection, folder / TABLES)
            kept = put_in_place(others)
            connection.commit()
            return kept


def _copy_out(connection: Connection, table: str, target: Path) -> None:
    """The names of the columns in one line, then the rows as COPY writes them."""
    columns = list(connection.scalars(text(_COLUMNS), {"table": table}))
    with target.open("xb") as file, _cursor(connection) as cursor:
        file.write(json.dumps(columns).encode() + b"\n")
        with cursor.copy(_copy(table, columns, "TO STDOUT")) as rows:
            for data in rows:
                file.write(data)


def _load(connection: Connection, folder: Path) -> None:
    """Fill the tables that the migrations have made, parents first."""
    known = [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names() if name]
    if {path.name for path in folder.iterdir()} != set(known):
        raise BackupError("The backup does not have the tables of its revision.")
    with _cursor(connection) as cursor:
        names = sql.SQL(", ").join(map(sql.Identifier, known))
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))  # the migrations write some rows
        for table in known:
            change = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
            name = sql.Identifier(table)
            # What the triggers would count is in a table of its own, and comes with it.
            cursor.execute(change.format(name, sql.SQL("DISABLE")))
            _copy_in(cursor, table, folder / table)
            cursor.execute(change.format(name, sql.SQL("ENABLE")))
        for table, column in connection.execute(text(_SERIALS)).all():
            name, place = sql.Identifier(column), sql.Identifier(table)
            setting = sql.SQL(_SET_SERIAL).format(
                table=sql.Literal(table), column=sql.Literal(column), name=name, table_name=place
            )
            cursor.execute(setting)


def _copy_in(cursor: psycopg.Cursor[Any], table: str, source: Path) -> None:
    with source.open("rb") as file:
        columns = json.loads(file.readline())
        with cursor.copy(_copy(table, columns, "FROM STDIN")) as rows:
            while data := file.read(_PIECE):
                rows.write(data)


def _copy(table: str, columns: list[str], direction: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = f"COPY {{}} ({{}}) {direction}"
    return sql.SQL(statement).format(sql.Identifier(table), names)


def _drop_all(connection: Connection) -> None:
    """Drop what migrations of any version have made: the database is Parley's own."""
    with _cursor(connection) as cursor:
        for table in inspect(connection).get_table_names():
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
        for function in connection.scalars(text(_FUNCTIONS)).all():
            connection.execute(text(f"DROP FUNCTION {function} CASCADE"))


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """A cursor of the driver in the connection's transaction."""
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.dbapi_connection  # detached, it has no other name
    cursor: psycopg.Cursor[Any] = driver.cursor()
    return cursor


@contextmanager
def _told() -> Iterator[None]:
    """One line of what the server or the driver says."""
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as error:
        lines = str(getattr(error, "orig", error)).splitlines()
        raise BackupError(f"The database: {lines[0] if lines else type(error).__name__}") from error
