"""Alice, Bob and Charlie, and the database that every test gets a copy of.

Alice is admin and owner, Bob her team mate; Charlie has an account but is in none of their spaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from chat import accounts, spaces
from chat.accounts import passwords
from chat.accounts.tokens import token_hash
from chat.database import open_database
from chat.migrate import upgrade
from chat.models import ApiToken, Space
from chat.values import Role, Viewer, new_id

PASSWORD = "a sentence nobody guesses"
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAMES = ("alice", "bob", "charlie")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in: `client` sends their cookie and the CSRF token."""

    viewer: Viewer
    client: FlaskClient

    @property
    def id(self) -> str:
        return self.viewer.id

    @property
    def email(self) -> str:
        return self.viewer.email

    @property
    def space_id(self) -> str:
        return self.viewer.space_ids[0]


def api_token(name: str) -> str:
    """The API token of a person, for clients of a site that runs in a process of its own."""
    return f"parley_{name}"


def build_database(path: Path) -> None:
    """A migrated SQLite database with the three people, in one file."""
    fill_database(f"sqlite:///{path}")


def fill_database(url: str) -> None:
    """Migrate a database and let the three people in."""
    database = open_database(url)
    upgrade(database.engine)
    with database.writing() as session:
        team = spaces.default_space(session)
        elsewhere = Space(id=new_id(), slug="elsewhere", name="Elsewhere")
        session.add(elsewhere)
        session.flush()
        _add(session, "alice", Role.ADMIN, team.id)
        _add(session, "bob", Role.MEMBER, team.id)
        _add(session, "charlie", Role.MEMBER, elsewhere.id)
    database.engine.dispose()  # the last connection folds the write-ahead log into the file


def _add(session: Session, name: str, role: Role, space_id: str) -> None:
    person = accounts.create_person(
        session,
        email=f"{name}@example.org",
        name=name.capitalize(),
        password_hash=passwords.PasswordHash(CHEAP_HASHER.hash(PASSWORD)),
        role=role,
        space_id=space_id,
    )
    key = token_hash(api_token(name))
    session.add(ApiToken(id=new_id(), token_hash=key, user_id=person.id, name="tests"))


def add_person(url: str, name: str) -> None:
    """One more member of the site, in the first space, with an API token."""
    database = open_database(url)
    with database.writing() as session:
        _add(session, name, Role.MEMBER, spaces.default_space(session).id)
    database.engine.dispose()


def csrf_headers(secret_key: str, session: Mapping[str, str]) -> dict[str, str]:
    """The header that a page of this session would send (Flask-WTF signs the session's value)."""
    signer = URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token")
    return {"X-CSRF-Token": str(signer.dumps(session["csrf_token"]))}
