"""Spaces: the rooms of a team, and who is in them.

Keeps true: there is always a space to be in, "Team", which everybody joins with their account; a
space that the viewer is not in does not exist for them. May import the plain ground and the tables.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chat.errors import NotFound
from chat.models import Member, Space
from chat.values import Viewer, new_id

_SLUG, _NAME = "team", "Team"


@dataclass(frozen=True, slots=True)
class SpaceView:
    """A space as pages and commands name it."""

    id: str
    slug: str
    name: str


def default_space(session: Session) -> SpaceView:
    """The space that everybody joins; made when it is missing, so the session must be writing.

    Nobody else is given it before this transaction has ended: who joins does so one by one.
    """
    held = select(Space).where(Space.slug == _SLUG).with_for_update(key_share=True)
    found = session.scalar(held)
    if found is not None:
        return _view(found)
    space = Space(id=new_id(), slug=_SLUG, name=_NAME)
    session.add(space)
    session.flush()
    return _view(space)


def find_by_slug(session: Session, slug: str) -> SpaceView | None:
    """The space of this slug, whoever is in it: for commands, not for pages."""
    space = session.scalar(select(Space).where(Space.slug == slug))
    return _view(space) if space else None


def member_spaces(session: Session, viewer: Viewer) -> list[SpaceView]:
    """The spaces that the viewer is in, by name."""
    rows = session.scalars(
        select(Space)
        .join(Member, Member.space_id == Space.id)
        .where(Member.user_id == viewer.id)
        .order_by(func.lower(Space.name), Space.id)
    )
    return [_view(space) for space in rows]


def member_space(session: Session, viewer: Viewer, space_id: str) -> SpaceView:
    """One of the viewer's spaces; NotFound when the viewer is not in it."""
    space = session.scalar(
        select(Space)
        .join(Member, Member.space_id == Space.id)
        .where(Member.user_id == viewer.id, Space.id == space_id)
    )
    if space is None:
        raise NotFound("There is no such space.")
    return _view(space)


def _view(space: Space) -> SpaceView:
    return SpaceView(space.id, space.slug, space.name)


def moved_among(session: Session, viewers: Iterable[Viewer]) -> set[Viewer]:
    """Those who are in other spaces by now than when they were let in."""
    wanted = set(viewers)
    found: dict[str, set[str]] = defaultdict(set)
    rows = select(Member.user_id, Member.space_id).where(
        Member.user_id.in_({viewer.id for viewer in wanted})
    )
    for user_id, space_id in session.execute(rows):
        found[user_id].add(space_id)
    return {viewer for viewer in wanted if found[viewer.id] != set(viewer.space_ids)}
