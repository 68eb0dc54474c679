"""People from the command line."""

import re
from pathlib import Path

import pytest
from flask import Flask

from chat.accounts import people
from chat.accounts.passwords import verify_password
from chat.values import Role
from tests.conftest import MakeApp

NEW = ["users", "create", "Dora@Example.org", "--name", "Dora", "--password-stdin"]
GOOD = b"seven green teapots\n"


def test_a_person_is_made_with_the_password_of_the_standard_input(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=NEW, input=GOOD)
    assert done.exit_code == 0, done.output
    assert "dora@example.org can sign in at http://127.0.0.1:8000/login" in done.output
    with app.extensions["parley"].database.reading() as session:
        person = people.find_by_email(session, "dora@example.org")
        known = people.credentials_of(session, "dora@example.org")
    assert person is not None
    assert person.role is Role.MEMBER
    assert known is not None
    assert verify_password(known.password_hash, "seven green teapots")


def test_an_admin_is_made_when_asked_for(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=[*NEW, "--admin"], input=GOOD).exit_code == 0
    with app.extensions["parley"].database.reading() as session:
        person = people.find_by_email(session, "dora@example.org")
    assert person is not None
    assert person.role is Role.ADMIN


@pytest.mark.parametrize(
    ("args", "password", "said"),
    [
        (NEW, b"", "at least 10"),
        (NEW, b"short\n", "at least 10"),
        (NEW, b"password123\n", "Too many people"),
        (NEW, b"\xff\xfe not UTF-8\n", "not UTF-8"),
        (NEW, b"x" * 200_000, "too long"),
        ([*NEW[:2], "nonsense", *NEW[3:]], GOOD, "not an e-mail address"),
        ([*NEW[:2], "bob@example.org", *NEW[3:]], GOOD, "already an account"),
        ([*NEW[:4], "", "--password-stdin"], GOOD, "Enter a name"),
        (NEW[:-1], GOOD, "--password-stdin"),
    ],
)
def test_what_cannot_be_is_refused_with_one_line(
    app: Flask, args: list[str], password: bytes, said: str
) -> None:
    refused = app.test_cli_runner().invoke(args=args, input=password)
    assert refused.exit_code != 0
    assert said in refused.output
    assert "Traceback" not in refused.output


def test_everybody_is_listed(app: Flask) -> None:
    lines = app.test_cli_runner().invoke(args=["users", "list"]).output.splitlines()
    assert len(lines) == 3
    assert lines[0].split("\t") == ["alice@example.org", "admin", "active", "Alice", "-"]


def test_a_person_is_disabled_but_never_the_last_admin(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["users", "disable", "BOB@example.org"]).exit_code == 0
    assert "bob@example.org\tmember\tdisabled" in run(args=["users", "list"]).output
    refused = run(args=["users", "disable", "alice@example.org"])
    assert refused.exit_code != 0
    assert "only admin" in refused.output


def test_a_reset_link_is_printed(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["users", "reset-link", "bob@example.org"])
    link = re.fullmatch(r"http://127\.0\.0\.1:8000(/reset/[\w-]{43})\n", done.output)
    assert link is not None
    page = app.test_client().get(link[1], headers={"Accept": "text/html"})
    assert "bob@example.org" in page.text


def test_a_site_that_was_never_started_is_prepared_first(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    done = app.test_cli_runner().invoke(args=["users", "list"])
    assert done.exit_code != 0
    assert "flask --app app prepare" in done.output


@pytest.mark.parametrize("command", ["disable", "reset-link"])
def test_an_unknown_address_is_said(app: Flask, command: str) -> None:
    done = app.test_cli_runner().invoke(args=["users", command, "nobody@example.org"])
    assert done.exit_code != 0
    assert "no account" in done.output
