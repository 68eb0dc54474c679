"""`flask --app app audit …`: check the audit trail, note its end, and write it out.

May import every floor below.
"""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from chat import audit
from chat.audit import Action
from chat.audit.lines import as_line
from chat.audit.reading import stream
from chat.commands.trail import note
from chat.database import Database
from chat.values import utc_now

command = AppGroup("audit", help="Check the audit trail, note its end, write it out.")


@command.command("verify")
@click.option("--head", "noted", default="", help="What `audit head` printed earlier.")
@with_appcontext
def verify(noted: str) -> None:
    """Check every entry; ends with code 1, and says where, when one is not what was written.

    With code 2 when the noted head is of entries that have gone.
    """
    try:
        head = audit.Head.parse(noted) if noted else None
    except ValueError as error:
        raise click.UsageError(f"--head: {error}.") from error
    verdict = audit.check(_database(), actor_id=None, noted=head)
    if not verdict.is_intact:
        click.echo(f"The trail is broken at entry {verdict.broken_at}: {verdict.reason}.", err=True)
        sys.exit(1)
    click.echo(f"The trail is intact: {verdict.entries} entries. Head: {verdict.head or 'none'}")
    if verdict.pruned:
        click.echo(f"{verdict.pruned} older entries have gone by PARLEY_AUDIT_DAYS.")
    if not verdict.is_compared:
        click.echo("The head that was noted is one of these: nothing is known of it.", err=True)
        sys.exit(2)


@command.command("prune")
@click.option("--days", type=click.IntRange(1), help="Instead of PARLEY_AUDIT_DAYS.")
@with_appcontext
def prune(days: int | None) -> None:
    """Let entries go that are older than the setting says; the site does so by itself, too."""
    kept = current_app.extensions["parley"].settings.audit_days if days is None else days
    if not kept:
        raise click.ClickException("PARLEY_AUDIT_DAYS is 0: entries are kept for ever.")
    gone = audit.prune(_database(), kept, utc_now())
    click.echo(f"{gone} entries of more than {kept} days have gone.")


@command.command("head")
@click.option("--days", default=1, show_default=True, help="So many days, the newest first.")
@with_appcontext
def head(days: int) -> None:
    """Print the end of each day as DAY NUMBER:HASH, to be kept where nobody of the site writes."""
    with _database().reading() as session:
        for day, found in audit.heads(session, days):
            click.echo(f"{day} {found}")


@command.command("export")
@with_appcontext
def export() -> None:
    """Write all entries as JSON Lines, the oldest first."""
    with _database().writing() as session:
        note(session, Action.TRAIL_EXPORTED)
    with _database().querying() as session:
        for entry in stream(session):
            click.echo(as_line(entry))


def _database() -> Database:
    database: Database = current_app.extensions["parley"].database
    return database
