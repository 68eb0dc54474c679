"""Where somebody may read and ask: the condition that every query of conversations has.

Keeps true: what a person may not see does not exist for it, and who is in a space is asked in the
query, so that a membership begins and ends at once; what a send decides by (the end of a
conversation, what a person has running) is held until it is written: first the person, then the
place. May import the plain ground and the tables.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    or_,
    select,
)

from chat.conversations.tables import CONVERSATIONS, MEMBERS, MESSAGES, USERS
from chat.database import Statements, has_many_writers
from chat.errors import NotFound
from chat.statements import Prepared
from chat.values import SpaceRole, Viewer

GONE = "This conversation does not exist, or not for you."
READS_ONLY = "You may read in this space, not write. Ask one of its owners to make you an editor."
_COLUMNS = CONVERSATIONS.c


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a conversation exists for `viewer`.

    A private one does for its owner, a shared one for whoever is in its space.
    """
    return _visible(viewer.id)


def seen_by(person_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The same for whoever a column names."""
    return _visible(person_id)


def role_of(viewer_id: str | BindParameter[str]) -> ScalarSelect[str]:
    """What somebody may do in the space of a conversation; null where they are not in it."""
    mine = and_(MEMBERS.c.user_id == viewer_id, MEMBERS.c.space_id == _COLUMNS.space_id)
    return select(MEMBERS.c.role).where(mine).correlate(CONVERSATIONS).scalar_subquery()


def _visible(viewer_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """The rule, for a viewer or for the parameter of a statement that is built once."""
    mine = select(MEMBERS.c.space_id).where(MEMBERS.c.user_id == viewer_id)
    private = and_(_COLUMNS.visibility == "private", _COLUMNS.owner_id == viewer_id)
    return or_(private, and_(_COLUMNS.visibility == "space", _COLUMNS.space_id.in_(mine)))


_FIND_PLACE = select(
    _COLUMNS.id,
    _COLUMNS.owner_id,
    _COLUMNS.space_id,
    _COLUMNS.visibility,
    _COLUMNS.title,
    _COLUMNS.leaf_id,
    role_of(bindparam("viewer_id")).label("role"),
).where(_COLUMNS.id == bindparam("place_id"), _visible(bindparam("viewer_id")))
_FIND = Prepared(_FIND_PLACE)
_HOLD = Prepared(_FIND_PLACE.with_for_update(of=CONVERSATIONS, key_share=True))
_HOLD_PERSON = Prepared(
    select(USERS.c.id).where(USERS.c.id == bindparam("person_id")).with_for_update(key_share=True)
)
_HOLD_PLACE_OF = Prepared(
    select(_COLUMNS.id)
    .join(MESSAGES, MESSAGES.c.conversation_id == _COLUMNS.id)
    .where(MESSAGES.c.id == bindparam("message_id"))
    .with_for_update(of=CONVERSATIONS, key_share=True)
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a send needs to know of its conversation; `leaf_id` ends the path shown.

    `role` is what the viewer may do in its space, where they are in one.
    """

    id: str
    owner_id: str
    space_id: str | None
    visibility: str
    title: str
    leaf_id: str | None
    role: str | None

    @property
    def is_shared(self) -> bool:
        return self.visibility == "space"

    @property
    def is_writable(self) -> bool:
        return may_write(self.visibility, self.role)


def may_write(visibility: str, role: str | None) -> bool:
    """Whether who sees a conversation may also ask in it: all but the readers of its space."""
    return visibility == "private" or role in {SpaceRole.OWNER, SpaceRole.EDITOR}


def hold_person(session: Statements, person_id: str) -> None:
    """Of this person nobody else starts anything before this transaction has ended."""
    if has_many_writers(session):
        _HOLD_PERSON.rows(session, {"person_id": person_id})


def hold_place_of(session: Statements, message_id: str) -> None:
    """In the conversation of this message nobody else starts anything meanwhile."""
    if has_many_writers(session):
        _HOLD_PLACE_OF.rows(session, {"message_id": message_id})


def hold_place(session: Statements, viewer: Viewer, conversation_id: str) -> Place:
    """Where to ask, which nobody else does meanwhile; NotFound for who may not ask there."""
    return _writable(_look(session, _HOLD, viewer, conversation_id))


def check_may_ask(session: Statements, viewer: Viewer, conversation_id: str) -> None:
    """NotFound for who may not ask in a conversation, or stop what is asked there."""
    _writable(_look(session, _FIND, viewer, conversation_id))


def may_ask(session: Statements, viewer: Viewer, conversation_id: str) -> bool:
    """Whether `viewer` sees a conversation and may ask in it."""
    found = _look(session, _FIND, viewer, conversation_id)
    return found is not None and found.is_writable


def _look(
    session: Statements, query: Prepared, viewer: Viewer, conversation_id: str
) -> Place | None:
    given = {"place_id": conversation_id, "viewer_id": viewer.id}
    row = query.first(session, given)
    return Place(*row) if row else None


def _writable(place: Place | None) -> Place:
    if place is None:
        raise NotFound(GONE)
    if not place.is_writable:
        raise NotFound(READS_ONLY)
    return place
