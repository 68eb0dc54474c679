"""Brings the database to the newest revision of `migrations/`.

Runs in a process of its own, before the server starts. Alembic is loaded only where it is used: it
costs 10 MB and a third of a second. Imports the plain ground and the tables.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).parent.parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing, each revision in a transaction of its own."""
    with _connect(engine) as connection:
        upgrade_within(connection, revision)
        connection.commit()


def upgrade_within(connection: Connection, revision: str) -> None:
    """Apply what is missing on this connection, in its transaction if it is in one."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _connect(engine: Engine) -> AbstractContextManager[Connection]:
    if engine.dialect.name != "postgresql":
        return engine.connect()
    from chat.postgresql import unlimited

    return unlimited(engine)
