"""`flask --app app library add PATH… [--space S]`: documents from files and folders.

Works while the site is running: no transaction is long. May import every floor
below.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from chat import spaces
from chat.database import Database
from chat.errors import ParleyError, TooLarge
from chat.knowledge import extract, ingest, storing


@click.group("library")
def command() -> None:
    """The documents that answers are made from."""


@command.command("add")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@click.option("--space", "slug", help="The space to add to, by its slug; the team's by default.")
@with_appcontext
def add(paths: tuple[Path, ...], slug: str | None) -> None:
    """Add files, and every readable file of folders. Exit code 1 when something was left out."""
    database: Database = current_app.extensions["parley"].database
    space_id = find_space(database, slug)
    added = known = refused = 0
    for path, origin in files_of(paths):
        try:
            document = add_file(database, space_id, path, origin)
        except (ParleyError, OSError) as error:
            refused += 1
            click.echo(f"left out  {origin}: {_reason(error)}", err=True)
            continue
        known, added = known + document.duplicate, added + (not document.duplicate)
        note = "is there already" if document.duplicate else f"{document.passages} passages"
        click.echo(f"{'known' if document.duplicate else 'added':8}  {origin}: {note}")
    click.echo(f"{added} added, {known} there already, {refused} left out.")
    if refused or not added + known:
        raise SystemExit(1)


def find_space(database: Database, slug: str | None) -> str:
    """The id of the space with this slug, or of the team's."""
    with database.writing() as session:
        space = spaces.default_space(session) if slug is None else None
        space = space or spaces.find_by_slug(session, slug or "")
    if space is None:
        raise click.BadParameter(f"there is no space {slug}", param_hint="--space")
    return space.id


def files_of(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Each file with the name under which it is kept: within a folder, its path from there."""
    for path in paths:
        if not path.is_dir():
            yield path, path.name
            continue
        for file in sorted(path.rglob("*")):
            inner = file.relative_to(path)
            if file.is_file() and not any(part.startswith(".") for part in inner.parts):
                yield file, inner.as_posix()


def add_file(database: Database, space_id: str, path: Path, origin: str) -> ingest.DocumentSummary:
    """Read one file and store it; ParleyError or OSError say why that is not possible."""
    if path.stat().st_size > extract.MOST_BYTES:
        limit = extract.MOST_BYTES // (1024 * 1024)
        raise TooLarge(f"It is larger than {limit} MB. Split it into smaller documents.")
    title, text, kind = extract.read_upload(path.name, path.read_bytes())
    prepared = ingest.prepare(title, text, kind)
    return storing.add(database, prepared, space_id=space_id, origin=origin, added_by=None)


def _reason(error: ParleyError | OSError) -> str:
    if isinstance(error, ParleyError):
        return error.detail
    return error.strerror or str(error)
