"""Where somebody may read and ask: the condition that every query of conversations has.

Keeps true: what a person may not see does not exist for it; what a send decides by (the end of a
conversation, what a person has running) is held until it is written: first the person, then the
place. May import the plain ground and the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from chat.conversations.tables import CONVERSATIONS, MESSAGES, USERS
from chat.database import has_many_writers
from chat.errors import NotFound
from chat.values import Viewer

GONE = "This conversation does not exist, or not for you."
_NONE = ("",)  # the spaces of somebody who is in none: no space has this id
_COLUMNS = CONVERSATIONS.c


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a conversation exists for `viewer`."""
    return _visible(viewer.id, viewer.space_ids or _NONE)


def _visible(
    viewer_id: str | BindParameter[str],
    space_ids: Sequence[str] | BindParameter[Sequence[str]],
) -> ColumnElement[bool]:
    """The rule, over a viewer's values or over the parameters of a statement that is built once."""
    shared = and_(_COLUMNS.visibility == "space", _COLUMNS.space_id.in_(space_ids))
    return or_(_COLUMNS.owner_id == viewer_id, shared)


_FIND = select(
    _COLUMNS.id,
    _COLUMNS.owner_id,
    _COLUMNS.space_id,
    _COLUMNS.visibility,
    _COLUMNS.title,
    _COLUMNS.leaf_id,
).where(
    _COLUMNS.id == bindparam("place_id"),
    _visible(bindparam("viewer_id"), bindparam("space_ids", expanding=True)),
)
_HOLD = _FIND.with_for_update(key_share=True)
_HOLD_PERSON = (
    select(USERS.c.id).where(USERS.c.id == bindparam("person_id")).with_for_update(key_share=True)
)
_HOLD_PLACE_OF = (
    select(_COLUMNS.id)
    .join(MESSAGES, MESSAGES.c.conversation_id == _COLUMNS.id)
    .where(MESSAGES.c.id == bindparam("message_id"))
    .with_for_update(of=CONVERSATIONS, key_share=True)
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a send needs to know of its conversation; `leaf_id` ends the path shown."""

    id: str
    owner_id: str
    space_id: str | None
    visibility: str
    title: str
    leaf_id: str | None


def hold_person(session: Session, person_id: str) -> None:
    """Of this person nobody else starts anything before this transaction has ended."""
    if has_many_writers(session):
        session.execute(_HOLD_PERSON, {"person_id": person_id})


def hold_place_of(session: Session, message_id: str) -> None:
    """In the conversation of this message nobody else starts anything meanwhile."""
    if has_many_writers(session):
        session.execute(_HOLD_PLACE_OF, {"message_id": message_id})


def hold_place(session: Session, viewer: Viewer, conversation_id: str) -> Place:
    """Where to ask, which nobody else does meanwhile; NotFound when it is not for `viewer`."""
    given = {
        "place_id": conversation_id,
        "viewer_id": viewer.id,
        "space_ids": viewer.space_ids or _NONE,
    }
    row = session.execute(_HOLD, given).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return Place(*row)


def is_visible(session: Session, viewer: Viewer, conversation_id: str) -> bool:
    """Whether a conversation exists for `viewer`."""
    given = {
        "place_id": conversation_id,
        "viewer_id": viewer.id,
        "space_ids": viewer.space_ids or _NONE,
    }
    return session.execute(_FIND, given).one_or_none() is not None
