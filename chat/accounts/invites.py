"""Invitations: links that make one account each.

Keeps true: a link works once, until it expires or is withdrawn, whoever asks at the same time; only
its hash is kept. May import the plain ground and the tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from chat.accounts.fields import clean_label
from chat.accounts.passwords import PasswordHash
from chat.accounts.people import Person, create_person
from chat.accounts.tokens import new_token, token_hash
from chat.errors import NotFound
from chat.models import Invite, User
from chat.values import Role, Viewer, new_id, utc_now

GONE = "This invitation does not work any more. Ask the one who sent it for a new link."


@dataclass(frozen=True, slots=True)
class InviteView:
    """An invitation that can still be redeemed; `note` is for the admins only."""

    id: str
    role: Role
    note: str
    inviter: str
    created_at: datetime
    expires_at: datetime


def create(session: Session, viewer: Viewer, role: Role, lifetime: timedelta, note: str) -> str:
    """The token of a new invitation; FieldInvalid for a bad note."""
    token, now = new_token(), utc_now()
    session.add(
        Invite(
            id=new_id(),
            token_hash=token_hash(token),
            role=role.value,
            note=clean_label("note", note, 200),
            created_by=viewer.id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def list_pending(session: Session) -> list[InviteView]:
    """Those that can still be redeemed, newest first."""
    rows = session.execute(
        select(Invite, User.name)
        .join(User, User.id == Invite.created_by)
        .where(*_open(utc_now()))
        .order_by(Invite.id.desc())
    )
    return [_view(invite, inviter) for invite, inviter in rows]


def find(session: Session, token: str) -> InviteView:
    """The invitation of a token; NotFound when it cannot be redeemed."""
    row = session.execute(
        select(Invite, User.name)
        .join(User, User.id == Invite.created_by)
        .where(Invite.token_hash == token_hash(token), *_open(utc_now()))
    ).first()
    if row is None:
        raise NotFound(GONE)
    return _view(row[0], row[1])


def redeem(
    session: Session,
    token: str,
    *,
    email: str,
    name: str,
    password_hash: PasswordHash,
    space_id: str,
) -> Person:
    """Make the account of an invitation; NotFound when somebody was first, or time ran out."""
    now = utc_now()
    invite = session.execute(
        update(Invite)
        .where(Invite.token_hash == token_hash(token), *_open(now))
        .values(redeemed_at=now)
        .returning(Invite.id, Invite.role)
    ).first()
    if invite is None:
        raise NotFound(GONE)
    person = create_person(
        session,
        email=email,
        name=name,
        password_hash=password_hash,
        role=Role(invite.role),
        space_id=space_id,
    )
    session.execute(update(Invite).where(Invite.id == invite.id).values(redeemed_by=person.id))
    return person


def withdraw(session: Session, invite_id: str) -> None:
    """Make an open invitation useless; NotFound when it is not open."""
    withdrawn = session.execute(
        update(Invite)
        .where(Invite.id == invite_id, *_open(utc_now()))
        .values(withdrawn_at=utc_now())
        .returning(Invite.id)
    ).first()
    if withdrawn is None:
        raise NotFound("This invitation is used or over already.")


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Invite.redeemed_at.is_(None), Invite.withdrawn_at.is_(None), Invite.expires_at > now)


def _view(invite: Invite, inviter: str) -> InviteView:
    return InviteView(
        id=invite.id,
        role=Role(invite.role),
        note=invite.note,
        inviter=inviter,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
    )
