"""The people of the site: who there is, what they may do, whether they may come in.

Keeps true: an address belongs to one person; somebody who is not disabled is always an admin;
whoever is disabled, or is no longer an admin, leaves no open session or invitation behind that they
should not have. May import the plain ground and the tables.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chat.accounts import sessions
from chat.accounts.fields import FieldInvalid
from chat.accounts.passwords import Credentials, PasswordHash
from chat.errors import Conflict, NotFound
from chat.models import Invite, LoginSession, Member, ResetLink, Space, User
from chat.values import Role, SpaceRole, new_id, utc_now


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `last_seen` is the last use of a session that is still open."""

    id: str
    email: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    last_seen: datetime | None = None


def online(session: Session, since: datetime) -> list[tuple[str, str]]:
    """Id and name of everybody who was there since then, the newest first."""
    seen = func.max(LoginSession.last_used_at)
    query = (
        select(User.id, User.name)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(LoginSession.last_used_at >= since, User.disabled_at.is_(None))
        .group_by(User.id, User.name)
        .order_by(seen.desc(), User.name)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: PasswordHash,
    role: Role,
    space_id: str,
    space_role: SpaceRole | None = None,
) -> Person:
    """A new account, in its private space and in the one given; email and name are clean.

    Without a role there, admins own that one and others write in it. FieldInvalid if the account
    exists.
    """
    user = User(id=new_id(), email=email, name=name, password_hash=password_hash, role=role.value)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise FieldInvalid("email", "There is already an account with this address.") from error
    usual = SpaceRole.OWNER if role is Role.ADMIN else SpaceRole.EDITOR
    session.add(Member(space_id=space_id, user_id=user.id, role=space_role or usual))
    _give_private_space(session, user)
    session.flush()
    return _person(user, None)


def _give_private_space(session: Session, user: User) -> None:
    space = Space(id=new_id(), slug=f"only-{user.id}", name="Only me", personal_of=user.id)
    session.add(space)
    session.flush()
    session.add(Member(space_id=space.id, user_id=user.id, role=SpaceRole.OWNER))


def has_people(session: Session) -> bool:
    """Whether the site belongs to somebody already."""
    return session.scalar(select(User.id).limit(1)) is not None


def list_people(session: Session) -> list[Person]:
    """Everybody, by name."""
    seen = func.max(LoginSession.last_used_at)
    rows = session.execute(
        select(User, seen).outerjoin(LoginSession).group_by(User.id).order_by(func.lower(User.name))
    )
    return [_person(user, last_seen) for user, last_seen in rows]


def find_person(session: Session, person_id: str) -> Person:
    """One of them; NotFound when there is none."""
    return _person(_row(session, person_id), None)


def find_by_email(session: Session, email: str) -> Person | None:
    """The one with this address, which is clean."""
    user = session.scalar(select(User).where(User.email == email))
    return _person(user, None) if user else None


def credentials_of(session: Session, email: str) -> Credentials | None:
    """What a sign-in is checked against; None for an unknown address or a disabled person."""
    row = session.execute(
        select(User.id, User.password_hash).where(User.email == email, User.disabled_at.is_(None))
    ).first()
    return Credentials(*row) if row else None


def credentials_by_id(session: Session, person_id: str) -> Credentials:
    """The same for somebody who is signed in and confirms it."""
    user = _row(session, person_id)
    return Credentials(user.id, user.password_hash)


def rename(session: Session, person_id: str, name: str) -> None:
    """Give a person another name, which is clean."""
    _row(session, person_id).name = name


def set_password(
    session: Session, person_id: str, password_hash: PasswordHash, *, keep_session: str | None
) -> None:
    """A new password: it ends every session but `keep_session`, and every reset link."""
    _row(session, person_id).password_hash = password_hash
    sessions.end_all(session, person_id, keep=keep_session)
    session.execute(
        update(ResetLink)
        .where(ResetLink.user_id == person_id, ResetLink.used_at.is_(None))
        .values(used_at=utc_now())
    )


def renew_hash(session: Session, known: Credentials, password_hash: PasswordHash) -> None:
    """Replace the hash of an unchanged password by a stronger one; sessions stay."""
    session.execute(
        update(User)
        .where(User.id == known.person_id, User.password_hash == known.password_hash)
        .values(password_hash=password_hash)
    )


def change_role(session: Session, person_id: str, role: Role) -> None:
    """Make a person an admin or a member; Conflict for the last admin."""
    user = _row(session, person_id)
    if role is not Role.ADMIN:
        _leave_an_admin(session, user)
        _withdraw_invites(session, user)
    user.role = role.value


def disable(session: Session, person_id: str) -> None:
    """Shut a person out at once; what they wrote stays. Conflict for the last admin."""
    user = _row(session, person_id)
    _leave_an_admin(session, user)
    _withdraw_invites(session, user)
    user.disabled_at = user.disabled_at or utc_now()
    sessions.end_all(session, person_id)


def enable(session: Session, person_id: str) -> None:
    """Let a disabled person sign in again."""
    _row(session, person_id).disabled_at = None


def check_may_go(session: Session, person_id: str) -> None:
    """Conflict for the last admin, who cannot be deleted."""
    _leave_an_admin(session, _row(session, person_id))


def forget(session: Session, person_id: str) -> None:
    """Delete the account, with the tokens, sessions, memberships and ratings of its person."""
    session.execute(delete(User).where(User.id == person_id))


def _leave_an_admin(session: Session, user: User) -> None:
    """Hold everybody who may be an admin, in one order, and see who else is one."""
    admins = and_(User.role == Role.ADMIN.value, User.disabled_at.is_(None))
    held = session.scalars(
        select(User)
        .where(or_(admins, User.id == user.id))
        .order_by(User.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    left = [one for one in held if one.role == Role.ADMIN.value and one.disabled_at is None]
    if left == [user]:
        raise Conflict("This is the only admin. Make somebody else an admin first.")


def _withdraw_invites(session: Session, user: User) -> None:
    session.execute(
        update(Invite)
        .where(Invite.created_by == user.id, Invite.withdrawn_at.is_(None))
        .where(Invite.redeemed_at.is_(None))
        .values(withdrawn_at=utc_now())
    )


def _row(session: Session, person_id: str) -> User:
    user = session.get(User, person_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user


def _person(user: User, last_seen: datetime | None) -> Person:
    return Person(
        id=user.id,
        email=user.email,
        name=user.name,
        role=Role(user.role),
        created_at=user.created_at,
        disabled_at=user.disabled_at,
        last_seen=last_seen,
    )
