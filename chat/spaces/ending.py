"""The end of a space, and owners for one that has none who can sign in.

Keeps true: the space that everybody joins and private ones are not deleted; what somebody kept for
themselves of a space is theirs and no more of the space. May import the plain ground and the
tables.
"""

from collections.abc import Sequence

from sqlalchemy import Exists, delete, exists, func, select, update
from sqlalchemy.orm import Session

from chat.errors import Conflict, NotFound
from chat.models import Conversation, Document, Member, Space, User
from chat.spaces.finding import hold, shared_space
from chat.spaces.team import SLUG
from chat.spaces.views import SpaceView
from chat.values import SpaceRole, Viewer


def check_deletable(session: Session, viewer: Viewer, space_id: str) -> SpaceView:
    """The space, as one of its owners; Conflict for the one that everybody joins."""
    found = shared_space(session, viewer, space_id)
    if found.slug == SLUG:
        raise Conflict("Everybody joins this space with their account, so it stays.")
    return found


def empty_out(session: Session, space_id: str) -> list[str]:
    """Let nobody be in it any more, and private conversations be of no space; its documents."""
    session.execute(
        update(Conversation)
        .where(Conversation.space_id == space_id, Conversation.visibility == "private")
        .values(space_id=None)
    )
    session.execute(delete(Member).where(Member.space_id == space_id))
    return document_ids(session, space_id)


def document_ids(session: Session, space_id: str) -> list[str]:
    """All its documents."""
    return list(session.scalars(select(Document.id).where(Document.space_id == space_id)))


def forget(session: Session, space_id: str) -> None:
    """Delete the row, with whatever still hangs on it."""
    session.execute(delete(Space).where(Space.id == space_id))


def private_space_id(session: Session, person_id: str) -> str | None:
    """The private space of a person."""
    return session.scalar(select(Space.id).where(Space.personal_of == person_id))


def owned_alone(session: Session, person_id: str) -> list[str]:
    """The names of the shared spaces that have no other owner who can sign in."""
    mine = (
        select(Space.name)
        .join(Member, Member.space_id == Space.id)
        .where(Member.user_id == person_id, Member.role == SpaceRole.OWNER)
        .where(Space.personal_of.is_(None), ~_has_owner(person_id))
    )
    return list(session.scalars(mine.order_by(func.lower(Space.name))))


def without_owner(session: Session) -> Sequence[tuple[SpaceView, list[tuple[str, str]]]]:
    """The shared spaces that no owner can sign in to, each with those who could own it."""
    spaces = session.scalars(
        select(Space)
        .where(Space.personal_of.is_(None), ~_has_owner(""))
        .where(exists().where(Member.space_id == Space.id))
        .order_by(func.lower(Space.name))
    ).all()
    people = (
        select(User.id, User.name)
        .join(Member, Member.user_id == User.id)
        .where(User.disabled_at.is_(None))
        .order_by(func.lower(User.name))
    )
    return [
        (SpaceView.of(one), [(row.id, row.name) for row in session.execute(
            people.where(Member.space_id == one.id))])
        for one in spaces
    ]  # fmt: skip


def appoint_owner(session: Session, space_id: str, person_id: str) -> None:
    """Make a member, or anybody who can sign in, own a space that has nobody; else Conflict."""
    hold(session, space_id)
    space = session.get(Space, space_id)
    person = session.get(User, person_id)
    if space is None or space.personal_of is not None or person is None:
        raise NotFound("There is no such space, or no such person.")
    if person.disabled_at is not None:
        raise Conflict("This person is disabled. Choose somebody who can sign in.")
    if session.scalar(select(Space.id).where(Space.id == space_id, _has_owner(""))):
        raise Conflict("This space has an owner who can sign in: owners manage it themselves.")
    row = session.get(Member, (space_id, person_id))
    if row is None:
        session.add(row := Member(space_id=space_id, user_id=person_id, role=SpaceRole.OWNER))
    row.role = SpaceRole.OWNER
    session.flush()


def _has_owner(but: str) -> Exists:
    """Whether a space has an owner who can sign in, other than this person."""
    return exists().where(
        Member.space_id == Space.id,
        Member.role == SpaceRole.OWNER,
        Member.user_id == User.id,
        Member.user_id != but,
        User.disabled_at.is_(None),
    )
