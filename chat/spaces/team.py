"""The space that everybody joins with their account, and spaces by name, for commands.

Keeps true: there is always one. May import the plain ground and the tables.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat.models import Space
from chat.spaces.views import SpaceView
from chat.values import new_id

SLUG, _NAME = "team", "Team"


def default_space(session: Session) -> SpaceView:
    """The space that everybody joins; made when it is missing, so the session must be writing.

    Nobody else is given it before this transaction has ended: who joins does so one by one.
    """
    held = select(Space).where(Space.slug == SLUG).with_for_update(key_share=True)
    found = session.scalar(held)
    if found is not None:
        return SpaceView.of(found)
    space = Space(id=new_id(), slug=SLUG, name=_NAME)
    session.add(space)
    session.flush()
    return SpaceView.of(space)


def find_by_slug(session: Session, slug: str) -> SpaceView | None:
    """The space of this slug, whoever is in it: for commands, not for pages."""
    space = session.scalar(select(Space).where(Space.slug == slug))
    return SpaceView.of(space) if space else None
