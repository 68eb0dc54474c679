"""`flask --app app restore FILE`: a site as it was when it was backed up.

Keeps true: a backup that is not whole, or of a newer Parley, changes nothing; neither does one for
a site that runs; a site with data is replaced only when that is said, and what was there is kept.
May import every floor below.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from chat.backups import sqlite
from chat.backups.archive import DATABASE, SECRET, UPLOADS, BackupError, Manifest, unpack
from chat.backups.occupancy import occupy
from chat.backups.placing import put_in_place
from chat.commands.backup import database_file, reason
from chat.commands.prepared import known_revisions
from chat.config import Settings


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Also where a site is: what is there is put aside.")
@with_appcontext
def command(file: Path, replace: bool) -> None:
    """Put the site that FILE holds into the data directory. Stop the site first."""
    parts = current_app.extensions["parley"]
    settings: Settings = parts.settings
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = database_file(parts.database.engine.url.database)
        with alone_in(settings.data_dir):
            if database.exists() and not replace:
                raise BackupError(f"{database} exists; with --replace it is put aside.")
            manifest, kept = restore(settings, database, file)
    except (BackupError, OSError) as error:
        raise click.ClickException(reason(error)) from error
    tell(manifest, kept)


@contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Have the data directory alone; BackupError when that cannot be."""
    if os.geteuid() != data_dir.stat().st_uid:
        raise BackupError(f"Run this as the owner of {data_dir}, or the site cannot read its data.")
    try:
        handle = occupy(data_dir, alone=True)
    except BlockingIOError as error:
        raise BackupError(f"The site in {data_dir} is running; stop it first.") from error
    try:
        yield
    finally:
        os.close(handle)


def restore(settings: Settings, database: Path, file: Path) -> tuple[Manifest, list[Path]]:
    """Replace the data by what a backup holds: the backup's manifest, and what was put aside."""
    places = {UPLOADS: settings.uploads, SECRET: settings.data_dir / "secret-key"}
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=database.parent) as folder:
        drafts = Path(folder)
        manifest = unpack(file, drafts)
        check(manifest, drafts / DATABASE)
        found = {path: drafts / name for name, path in places.items() if (drafts / name).exists()}
        return manifest, put_in_place({database: drafts / DATABASE} | found)


def check(manifest: Manifest, database: Path) -> None:
    """Refuse a database that this version cannot serve."""
    known, _head = known_revisions()
    if manifest.database != "sqlite":
        raise BackupError(f"It is the backup of a {manifest.database} database.")
    if manifest.revision not in known:
        raise BackupError(
            f"It is of a newer Parley ({manifest.parley}, revision {manifest.revision}): "
            "install that version first."
        )
    if sqlite.revision_of(database) != manifest.revision:
        raise BackupError("The database is not at the revision that the backup tells.")


def tell(manifest: Manifest, kept: Iterable[Path]) -> None:
    """Say what is there now."""
    click.echo(f"Restored the site of {manifest.made_at} (Parley {manifest.parley}).")
    for path in kept:
        click.echo(f"What was there is kept as {path}")
    if SECRET not in manifest.files:
        click.echo("The backup holds no secret key: set SECRET_KEY as it was, or all sign in anew.")
