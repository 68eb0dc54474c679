"""`flask --app app users …`: people from the command line, also while the site is running.

May import every floor below.
"""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from chat.accounts import clean_email, clean_name, create_person, people, reset_links
from chat.accounts.passwords import MOST_BYTES, check_password, hash_password
from chat.accounts.people import Person
from chat.audit import Action
from chat.commands.prepare import address, current_revision
from chat.commands.prepared import known_revisions
from chat.commands.trail import note
from chat.database import Database
from chat.errors import ParleyError
from chat.spaces import default_space
from chat.values import Role, iso

command = AppGroup("users", help="Make, list and disable accounts.")


@command.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--admin", is_flag=True, help="May manage people and settings.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password there.")
def create(email: str, name: str, admin: bool, password_stdin: bool) -> None:
    """Make an account; the password is the first line of the standard input."""
    try:
        email, name = clean_email(email), clean_name(name)
        password = check_password(_read_password(), email=email, name=name)
        hashed = hash_password(password)
        with _database().writing() as session:
            person = create_person(
                session,
                email=email,
                name=name,
                password_hash=hashed,
                role=Role.ADMIN if admin else Role.MEMBER,
                space_id=default_space(session).id,
            )
            note(session, Action.JOINED, f"person:{person.id}", role=person.role)
    except ParleyError as error:
        raise click.ClickException(error.detail) from error
    click.echo(f"{email} can sign in at {_address()}/login")


@command.command("list")
def list_() -> None:
    """Everybody: address, role, state, name, last use of an open session."""
    with _database().reading() as session:
        everybody = people.list_people(session)
    for person in everybody:
        state = "disabled" if person.disabled_at else "active"
        seen = iso(person.last_seen) if person.last_seen else "-"
        click.echo("\t".join((person.email, person.role.value, state, person.name, seen)))


@command.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Shut a person out at once; open sessions and streams end."""
    person = _find(email)
    try:
        with _database().writing() as session:
            people.disable(session, person.id)
            note(session, Action.PERSON_DISABLED, f"person:{person.id}")
    except ParleyError as error:
        raise click.ClickException(error.detail) from error
    click.echo(f"{person.email} is disabled.")


@command.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link with which a person chooses a new password, once, within a day."""
    person = _find(email)
    try:
        with _database().writing() as session:
            token = reset_links.create(session, person.id)
            note(session, Action.RESET_LINK_MADE, f"person:{person.id}")
    except ParleyError as error:
        raise click.ClickException(error.detail) from error
    click.echo(f"{_address()}/reset/{token}")


def _find(email: str) -> Person:
    try:
        with _database().reading() as session:
            person = people.find_by_email(session, clean_email(email))
    except ParleyError as error:
        raise click.ClickException(error.detail) from error
    if person is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return person


def _read_password() -> str:
    """The first line of the standard input, without its end."""
    line = sys.stdin.buffer.readline(4 * MOST_BYTES)
    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.ClickException("The password is not UTF-8.") from error


def _database() -> Database:
    found: Database = current_app.extensions["parley"].database
    if current_revision(found.engine) != known_revisions()[1]:
        raise click.ClickException("Prepare the site first: flask --app app prepare")
    return found


def _address() -> str:
    return address(current_app.extensions["parley"].settings)
