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
from chat.config import Settings
from chat.database import Database
from chat.knowledge import adding, rechecking
from chat.knowledge.documents import DocumentSummary
from chat.knowledge.reading.here import ReadingHere, is_text
from chat.knowledge.reading.messages import Progress, Refusal
from chat.knowledge.reading.process import Reading, ReadingBounds
from chat.knowledge.rechecking import Rechecked

_TOLD = 15_000  # passages after which the command says how far it is


@click.group("library")
def command() -> None:
    """The documents that answers are made from."""


@command.command("add")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@click.option("--space", "slug", help="The space to add to, by its slug; the team's by default.")
@click.option("--keep", is_flag=True, help="Keep former versions of the files beside new ones.")
@with_appcontext
def add(paths: tuple[Path, ...], slug: str | None, keep: bool) -> None:
    """Add files, and every readable file of folders. Exit code 1 when something was left out.

    A file of the same name that was added by this command before is replaced.
    """
    parts = current_app.extensions["parley"]
    database: Database = parts.database
    settings: Settings = parts.settings
    space_id = find_space(database, slug)
    added = known = refused = 0
    begun: set[str] = set()
    for path, origin in files_of(paths):
        # Two files of one command are two documents, whatever they are called.
        replaces = not keep and origin not in begun
        begun.add(origin)
        wish = adding.Wish(space_id=space_id, added_by=None, replaces=replaces)
        for result in add_file(database, settings, wish, path, origin):
            if isinstance(result, Refusal):
                refused += 1
                click.echo(f"left out  {result.origin}: {result.detail}", err=True)
                continue
            known, added = known + result.duplicate, added + (not result.duplicate)
            note = "is there already" if result.duplicate else f"{result.passages} passages"
            note += ", a new version" if result.version > 1 and not result.duplicate else ""
            click.echo(f"{'known' if result.duplicate else 'added':8}  {result.origin}: {note}")
    click.echo(f"{added} added, {known} there already, {refused} left out.")
    if refused or not added + known:
        raise SystemExit(1)


@command.command("recheck")
@with_appcontext
def recheck() -> None:
    """Look for instructions to the model in all passages again, as after an update."""
    far = Rechecked()
    for far in rechecking.recheck(current_app.extensions["parley"].database):
        if far.looked % _TOLD == 0:
            click.echo(f"{far.looked} passages")
    click.echo(f"{far.looked} passages, {far.marked} marked, {far.changed} otherwise than before.")


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


def add_file(
    database: Database, settings: Settings, wish: adding.Wish, path: Path, origin: str
) -> Iterator[DocumentSummary | Refusal]:
    """Read one file and store what is in it."""
    try:
        if path.stat().st_size > settings.max_upload_bytes:
            limit = settings.max_upload_bytes // (1024 * 1024)
            detail = f"It is larger than {limit} MB. Split it into smaller documents."
            yield Refusal(origin, "too_large", detail)
            return
        with path.open("rb") as file:
            here = is_text(file, origin)
            bounds = ReadingBounds.of(settings)
            reading = ReadingHere(file, origin) if here else Reading(file, origin, bounds)
            for result in adding.add_file(database, reading, wish):
                if not isinstance(result, Progress):
                    yield result
    except OSError as error:
        yield Refusal(origin, "broken", error.strerror or str(error))
