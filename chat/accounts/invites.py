"""Invitations: links that make one account each, or let one person into a space.

Keeps true: a link works once, until it expires or is withdrawn, whoever asks at the same time; only
its hash is kept; one into a space makes an account only where an admin has made it. May import the
plain ground and the tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from chat.accounts.fields import clean_label
from chat.accounts.passwords import PasswordHash
from chat.accounts.people import Person, create_person
from chat.accounts.tokens import new_token, token_hash
from chat.errors import NotFound
from chat.models import Invite, Space, User
from chat.values import Role, SpaceRole, Viewer, new_id, utc_now

GONE = "This invitation does not work any more. Ask the one who sent it for a new link."


@dataclass(frozen=True, slots=True)
class InviteView:
    """An invitation that can still be redeemed; `note` is for those who invite only.

    `space_id` is what it leads into, "" for one to the site; `makes_account` says whether somebody
    without an account may use it.
    """

    id: str
    role: Role
    note: str
    inviter: str
    created_at: datetime
    expires_at: datetime
    space_id: str = ""
    space_name: str = ""
    space_role: SpaceRole | None = None
    makes_account: bool = True


def create(
    session: Session,
    viewer: Viewer,
    role: Role,
    lifetime: timedelta,
    note: str,
    *,
    space_id: str | None = None,
    space_role: SpaceRole | None = None,
) -> str:
    """The token of a new invitation; FieldInvalid for a bad note.

    Whether the viewer may invite into the space is for the caller to have checked.
    """
    token, now = new_token(), utc_now()
    session.add(
        Invite(
            id=new_id(),
            token_hash=token_hash(token),
            role=role.value,
            space_id=space_id,
            space_role=space_role,
            note=clean_label("note", note, 200),
            created_by=viewer.id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def list_pending(session: Session, space_id: str | None = None) -> list[InviteView]:
    """Those to the site, or into a space, that can still be redeemed, newest first."""
    query = _views().where(Invite.space_id == space_id, *_open(utc_now()))
    return [_view(*row) for row in session.execute(query.order_by(Invite.id.desc()))]


def find(session: Session, token: str) -> InviteView:
    """The invitation of a token; NotFound when it cannot be redeemed."""
    query = _views().where(Invite.token_hash == token_hash(token), *_open(utc_now()))
    row = session.execute(query).first()
    if row is None:
        raise NotFound(GONE)
    return _view(*row)


def redeem(
    session: Session,
    token: str,
    *,
    email: str,
    name: str,
    password_hash: PasswordHash,
    space_id: str,
) -> Person:
    """Make the account of an invitation; NotFound when somebody was first, or time ran out.

    `space_id` is the space that everybody joins; who is invited into another one joins that.
    """
    invite = find(session, token)
    if not invite.makes_account:
        raise NotFound(GONE)
    _use(session, token)
    person = create_person(
        session,
        email=email,
        name=name,
        password_hash=password_hash,
        role=invite.role,
        space_id=invite.space_id or space_id,
        space_role=invite.space_role,
    )
    session.execute(update(Invite).where(Invite.id == invite.id).values(redeemed_by=person.id))
    return person


def accept(session: Session, token: str, person_id: str) -> InviteView:
    """Use an invitation into a space for somebody who has an account, and has to be let in then.

    NotFound when somebody was first, time ran out, or it is none into a space.
    """
    invite = find(session, token)
    if not invite.space_id:
        raise NotFound(GONE)
    _use(session, token)
    session.execute(update(Invite).where(Invite.id == invite.id).values(redeemed_by=person_id))
    return invite


def _use(session: Session, token: str) -> None:
    """An invitation is used once, whoever asks at the same time."""
    now = utc_now()
    used = session.execute(
        update(Invite)
        .where(Invite.token_hash == token_hash(token), *_open(now))
        .values(redeemed_at=now)
        .returning(Invite.id)
    ).first()
    if used is None:
        raise NotFound(GONE)


def withdraw(session: Session, invite_id: str, space_id: str | None = None) -> None:
    """Make an open invitation, to the site or into a space, useless; NotFound if it is not open."""
    withdrawn = session.execute(
        update(Invite)
        .where(Invite.id == invite_id, Invite.space_id == space_id, *_open(utc_now()))
        .values(withdrawn_at=utc_now())
        .returning(Invite.id)
    ).first()
    if withdrawn is None:
        raise NotFound("This invitation is used or over already.")


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Invite.redeemed_at.is_(None), Invite.withdrawn_at.is_(None), Invite.expires_at > now)


def _views() -> Select[Invite, User, Space]:
    """Each with who made it and where it leads; who is disabled invites nobody any more."""
    return (
        select(Invite, User, Space)
        .join(User, User.id == Invite.created_by)
        .outerjoin(Space, Space.id == Invite.space_id)
        .where(User.disabled_at.is_(None))
    )


def _view(invite: Invite, inviter: User, space: Space | None) -> InviteView:
    return InviteView(
        id=invite.id,
        role=Role(invite.role),
        note=invite.note,
        inviter=inviter.name,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        space_id=space.id if space else "",
        space_name=space.name if space else "",
        space_role=SpaceRole(invite.space_role) if invite.space_role else None,
        makes_account=space is None or inviter.role == Role.ADMIN.value,
    )
