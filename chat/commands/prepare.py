"""`flask prepare`: what has to be true before the server starts, in a process of its own.

Keeps true: the data directory is only its owner's; the database is at the newest revision; there is
a space, and Parley's handbook in it; no document is half there, or lacks its vectors; while there
is no account, the one-time link that claims the site is printed. May import every floor below.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import OperationalError

from chat.accounts import people, setup_token
from chat.commands.prepared import known_revisions
from chat.config import Settings
from chat.database import Database
from chat.knowledge.handbook import load_handbook
from chat.knowledge.meaning.vectors import fold_former
from chat.knowledge.storing import clear_unfinished
from chat.migrate import upgrade
from chat.spaces import default_space


@click.command("prepare")
@with_appcontext
def command() -> None:
    """Set up the data directory, the database and the handbook."""
    parts = current_app.extensions["parley"]
    settings: Settings = parts.settings
    database: Database = parts.database
    make_data_dir(settings)
    with reached(), database.alone():  # of several starts at once each finds the former's work
        bring_up_to_date(database)
        clear_unfinished(database)
        fold_former(database)
        with database.writing() as session:
            space = default_space(session)
            if settings.load_handbook:
                load_handbook(session, space.id)
            claimed = people.has_people(session)
    if not claimed:
        token = setup_token(settings.secret_key)
        click.echo(f"Set up Parley: {address(settings)}/setup?token={token}")


@contextmanager
def reached() -> Iterator[None]:
    """Exit with one line when the database cannot be reached; drivers' lines hold no password."""
    try:
        yield
    except OperationalError as error:
        why = "; ".join(line.strip() for line in str(error.orig).splitlines() if line.strip())
        sys.exit(f"DATABASE_URL: the database cannot be used: {why}")


def make_data_dir(settings: Settings) -> None:
    """Make the directories of the data, readable by their owner alone; exit when that fails."""
    for folder in (settings.data_dir, settings.uploads):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
        except OSError as error:
            sys.exit(f"PARLEY_DATA_DIR: {folder} cannot be used: {error.strerror}")


def bring_up_to_date(database: Database) -> None:
    """Migrate the database unless it is at the newest revision; exit when it is of a newer site.

    The former version may still be serving, and is to keep to its turns beside the migration.
    """
    revision = current_revision(database.engine)
    known, head = known_revisions()
    if revision == head:
        return
    if revision is not None and revision not in known:
        sys.exit(f"The database is of a newer Parley (revision {revision}). Start that version.")
    click.echo("Bringing the database up to date …")
    with database.turn():
        upgrade(database.engine)


def current_revision(engine: Engine) -> str | None:
    """The revision that the database says it is at; None for an empty one."""
    with reached(), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the site."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
