"""A viewer's spaces, and what they may do there, asked in the query.

Keeps true: a space that the viewer is not in, or not as what is asked for, does not exist for them.
May import the plain ground and the tables.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chat.errors import NotFound
from chat.models import Member, Space
from chat.spaces.views import SpaceView
from chat.values import SpaceRole, Viewer

_GONE = "This space does not exist, or not for you."


def member_spaces(session: Session, viewer: Viewer) -> list[SpaceView]:
    """The spaces that the viewer is in, by name; their private one comes last."""
    rows = session.execute(
        select(Space, Member.role)
        .join(Member, Member.space_id == Space.id)
        .where(Member.user_id == viewer.id)
        .order_by(Space.personal_of.is_not(None), func.lower(Space.name), Space.id)
    )
    return [SpaceView.of(space, role) for space, role in rows]


def member_space(session: Session, viewer: Viewer, space_id: str) -> SpaceView:
    """One of the viewer's spaces; NotFound when the viewer is not in it."""
    row = session.execute(
        select(Space, Member.role)
        .join(Member, Member.space_id == Space.id)
        .where(Member.user_id == viewer.id, Space.id == space_id)
    ).one_or_none()
    if row is None:
        raise NotFound(_GONE)
    return SpaceView.of(row[0], row[1])


def owned_space(session: Session, viewer: Viewer, space_id: str) -> SpaceView:
    """One of the viewer's spaces that they manage; nobody else changes it meanwhile.

    NotFound when the viewer is not in it, or not as an owner.
    """
    hold(session, space_id)
    found = member_space(session, viewer, space_id)
    if found.role is not SpaceRole.OWNER:
        raise NotFound("Only owners of a space manage it. Ask one of them.")
    return found


def shared_space(session: Session, viewer: Viewer, space_id: str) -> SpaceView:
    """The same of a space that others can be in: nobody comes into a private one."""
    found = owned_space(session, viewer, space_id)
    if found.is_personal:
        raise NotFound("This is your private space: nobody else can be in it.")
    return found


def hold(session: Session, space_id: str) -> None:
    """Who is in this space does not change before this transaction has ended."""
    session.execute(select(Space.id).where(Space.id == space_id).with_for_update(key_share=True))
