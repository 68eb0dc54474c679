"""Who is in a space: joining, roles, leaving.

Keeps true: a space always has an owner who can sign in; with a membership ends everything that
hung on it: what somebody keeps for themselves of a space is theirs and no more of the space. May
import the plain ground and the tables.
"""

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from chat.errors import Conflict, NotFound
from chat.models import Conversation, Invite, Member, User
from chat.spaces.finding import hold, member_space, shared_space
from chat.spaces.views import MemberView
from chat.values import SpaceRole, Viewer, utc_now

_RANK = (SpaceRole.READER, SpaceRole.EDITOR, SpaceRole.OWNER)
_NEEDS_OWNER = "A space needs an owner. Make somebody else an owner first."


def list_members(session: Session, viewer: Viewer, space_id: str) -> list[MemberView]:
    """Everybody who is in one of the viewer's spaces, by name. NotFound for any other space."""
    member_space(session, viewer, space_id)
    rows = session.execute(
        select(User, Member.role)
        .join(Member, Member.user_id == User.id)
        .where(Member.space_id == space_id)
        .order_by(func.lower(User.name), User.id)
    )
    return [
        MemberView(user.id, user.name, user.email, SpaceRole(role), user.disabled_at is not None)
        for user, role in rows
    ]


def find_role(session: Session, person_id: str, space_id: str) -> SpaceRole | None:
    """What somebody may do in a space; None when they are not in it."""
    row = session.get(Member, (space_id, person_id))
    return SpaceRole(row.role) if row else None


def join(session: Session, person_id: str, space_id: str, role: SpaceRole) -> None:
    """Let somebody in; who is in it already keeps the higher of the two roles."""
    hold(session, space_id)
    row = session.get(Member, (space_id, person_id), populate_existing=True)
    if row is None:
        session.add(Member(space_id=space_id, user_id=person_id, role=role))
    elif _RANK.index(role) > _RANK.index(SpaceRole(row.role)):
        row.role = role
    session.flush()


def change_role(
    session: Session, viewer: Viewer, space_id: str, person_id: str, role: SpaceRole
) -> None:
    """Give a member another role, as an owner. Conflict for the last owner."""
    shared_space(session, viewer, space_id)
    row = _member(session, space_id, person_id)
    if role is not SpaceRole.OWNER:
        _leave_an_owner(session, space_id, person_id)
        _withdraw_invites(session, space_id, person_id)
    row.role = role
    session.flush()


def remove(session: Session, viewer: Viewer, space_id: str, person_id: str) -> None:
    """Take a member out, as an owner. Conflict for the last owner."""
    shared_space(session, viewer, space_id)
    _take_out(session, space_id, person_id)


def leave(session: Session, viewer: Viewer, space_id: str) -> None:
    """Go out of a space. Conflict for the last owner, and of one's private space."""
    hold(session, space_id)
    if member_space(session, viewer, space_id).is_personal:
        raise Conflict("This is your private space: it is yours as long as your account is.")
    _take_out(session, space_id, viewer.id)


def _take_out(session: Session, space_id: str, person_id: str) -> None:
    _member(session, space_id, person_id)
    _leave_an_owner(session, space_id, person_id)
    _withdraw_invites(session, space_id, person_id)
    session.execute(
        update(Conversation)
        .where(Conversation.space_id == space_id, Conversation.owner_id == person_id)
        .where(Conversation.visibility == "private")
        .values(space_id=None)
    )
    session.execute(delete(Member).where(_is(space_id, person_id)))


def _withdraw_invites(session: Session, space_id: str, person_id: str) -> None:
    """Who does not own the space any more invites nobody into it."""
    session.execute(
        update(Invite)
        .where(Invite.space_id == space_id, Invite.created_by == person_id)
        .where(Invite.redeemed_at.is_(None), Invite.withdrawn_at.is_(None))
        .values(withdrawn_at=utc_now())
    )


def _member(session: Session, space_id: str, person_id: str) -> Member:
    row = session.scalar(
        select(Member).where(_is(space_id, person_id)).execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("This person is not in the space.")
    return row


def _is(space_id: str, person_id: str) -> ColumnElement[bool]:
    return and_(Member.space_id == space_id, Member.user_id == person_id)


def _leave_an_owner(session: Session, space_id: str, person_id: str) -> None:
    """Conflict when nobody else owns the space, which is held."""
    others = (
        select(Member.user_id)
        .join(User, User.id == Member.user_id)
        .where(Member.space_id == space_id, Member.user_id != person_id)
        .where(Member.role == SpaceRole.OWNER, User.disabled_at.is_(None))
    )
    goes = find_role(session, person_id, space_id) is SpaceRole.OWNER
    if goes and session.scalar(others.limit(1)) is None:
        raise Conflict(_NEEDS_OWNER)
