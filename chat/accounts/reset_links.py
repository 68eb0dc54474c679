"""Reset links: an admin hands one to somebody who forgot a password. No mail is sent.

Keeps true: a link works once, for a day, and not for a disabled person; using it ends every session
and every other link of the person. May import the plain ground and the tables.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from chat.accounts.passwords import PasswordHash
from chat.accounts.people import Person, find_person, set_password
from chat.accounts.tokens import new_token, token_hash
from chat.errors import Conflict, NotFound
from chat.models import ResetLink, User
from chat.values import new_id, utc_now

LIFETIME = timedelta(days=1)
GONE = "This link does not work any more. Ask an admin for a new one."


def create(session: Session, person_id: str) -> str:
    """The token of a new link for a person; Conflict when the person is disabled."""
    if find_person(session, person_id).disabled_at is not None:
        raise Conflict("This person is disabled. Enable the account first.")
    token = new_token()
    session.add(
        ResetLink(
            id=new_id(),
            token_hash=token_hash(token),
            user_id=person_id,
            expires_at=utc_now() + LIFETIME,
        )
    )
    return token


def find(session: Session, token: str) -> Person:
    """Whose password a link changes; NotFound when it does not work."""
    person_id = session.scalar(
        select(ResetLink.user_id)
        .join(User, User.id == ResetLink.user_id)
        .where(*_open(token, utc_now()), User.disabled_at.is_(None))
    )
    if person_id is None:
        raise NotFound(GONE)
    return find_person(session, person_id)


def redeem(session: Session, token: str, password_hash: PasswordHash) -> None:
    """Set the new password of a link's person; NotFound when the link does not work any more."""
    find(session, token)
    now = utc_now()
    person_id = session.scalar(
        update(ResetLink).where(*_open(token, now)).values(used_at=now).returning(ResetLink.user_id)
    )
    if person_id is None:
        raise NotFound(GONE)
    set_password(session, person_id, password_hash, keep_session=None)


def _open(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    conditions: tuple[Any, ...] = (
        ResetLink.token_hash == token_hash(token),
        ResetLink.used_at.is_(None),
        ResetLink.expires_at > now,
    )
    return conditions
