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

from chat.audit import Action
from chat.backups.archive import SECRET, UPLOADS, BackupError, Manifest, unpack
from chat.backups.occupancy import occupy
from chat.backups.placing import ASIDE
from chat.backups.stores import Store, store_of
from chat.commands.backup import back_up, reason
from chat.commands.prepared import known_revisions
from chat.commands.trail import note_alone
from chat.config import Settings


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Also where a site is: what is there is put aside.")
@with_appcontext
def command(file: Path, replace: bool) -> None:
    """Put the site that FILE holds into the place of this one. Stop the site first."""
    parts = current_app.extensions["parley"]
    settings: Settings = parts.settings
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = store_of(parts.database)
        with alone_in(settings.data_dir), store.alone():
            if store.exists() and not replace:
                raise BackupError(f"A site is in {store.place}; with --replace it is put aside.")
            manifest, kept = restore(settings, store, file)
            note_alone(parts.database, Action.BACKUP_RESTORED, made_at=manifest.made_at)
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


def restore(settings: Settings, store: Store, file: Path) -> tuple[Manifest, list[Path]]:
    """Replace the data by what a backup holds: the backup's manifest, and what was put aside."""
    places = {UPLOADS: settings.uploads, SECRET: settings.data_dir / "secret-key"}
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as name:
        folder = Path(name)
        manifest = unpack(file, folder)
        check(manifest, store)
        kept = [] if store.puts_aside else put_aside(settings, store, folder / "former")
        drafts = {path: folder / name for name, path in places.items() if (folder / name).exists()}
        return manifest, kept + store.put(folder, manifest.revision, drafts)


def check(manifest: Manifest, store: Store) -> None:
    """Refuse a backup that this site cannot serve."""
    if manifest.database != store.kind:
        raise BackupError(
            f"It is the backup of a {manifest.database} database, and this site has {store.kind}."
        )
    if manifest.revision not in known_revisions()[0]:
        raise BackupError(
            f"It is of a newer Parley ({manifest.parley}, revision {manifest.revision}): "
            "install that version first."
        )


def put_aside(settings: Settings, store: Store, draft: Path) -> list[Path]:
    """Back up what a restore replaces, where the database itself cannot keep it."""
    if not store.exists():
        return []
    kept = settings.data_dir / f"site.tar{ASIDE}"
    back_up(settings, store, draft)
    draft.replace(kept)
    return [kept]


def tell(manifest: Manifest, kept: Iterable[Path]) -> None:
    """Say what is there now."""
    click.echo(f"Restored the site of {manifest.made_at} (Parley {manifest.parley}).")
    for path in kept:
        click.echo(f"What was there is kept as {path}")
    if SECRET not in manifest.files:
        click.echo("The backup holds no secret key: set SECRET_KEY as it was, or all sign in anew.")
