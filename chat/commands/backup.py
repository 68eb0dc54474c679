"""`flask --app app backup FILE`: the whole site in one file, also while it runs.

Keeps true: the file is written whole and read back, or it is not there; only its owner can read it;
no file is overwritten. May import every floor below.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from chat import __version__
from chat.audit import Action
from chat.backups import noted
from chat.backups.archive import SECRET, UPLOADS, BackupError, Manifest, write
from chat.backups.stores import Store, store_of
from chat.commands.trail import note_alone
from chat.config import Settings
from chat.values import iso, utc_now


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def command(file: Path) -> None:
    """Write the database, the secret key and the uploads to FILE."""
    parts = current_app.extensions["parley"]
    file = file.absolute()
    try:
        if file.exists():
            raise BackupError(f"{file} exists already; take another name.")
        note_alone(parts.database, Action.BACKUP_MADE)
        manifest = back_up(parts.settings, store_of(parts.database), file)
    except (BackupError, OSError) as error:
        raise click.ClickException(reason(error)) from error
    noted.note(parts.settings.data_dir, file.stat().st_size)
    uploads = sum(name.startswith(f"{UPLOADS}/") for name in manifest.files)
    size = file.stat().st_size / 1_000_000
    click.echo(f"{file}: {size:.1f} MB, revision {manifest.revision}, {uploads} uploads.")
    if SECRET not in manifest.files:
        click.echo("SECRET_KEY is set elsewhere and not in it: keep that as well.")


def reason(error: BackupError | OSError) -> str:
    """One line for the one who runs the site."""
    if isinstance(error, BackupError):
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def back_up(settings: Settings, store: Store, file: Path) -> Manifest:
    """Write a backup; what it holds."""
    with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as name:
        folder = Path(name)
        revision = store.dump(folder)
        about = Manifest(
            parley=__version__, made_at=iso(utc_now()), database=store.kind, revision=revision
        )
        return write(file, [*files_in(folder, ""), *beside_the_database(settings)], about)


def beside_the_database(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The secret key, if the site uses the one of its data directory, and the uploads."""
    secret = settings.data_dir / "secret-key"
    if secret.is_file() and secret.read_text(encoding="utf-8").strip() == settings.secret_key:
        yield SECRET, secret
    yield from files_in(settings.uploads, f"{UPLOADS}/")


def files_in(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """The plain files of a folder, each with its name in a backup."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{prefix}{path.relative_to(folder).as_posix()}", path
