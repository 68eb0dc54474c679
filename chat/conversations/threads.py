"""Conversations as a whole: made, listed, found, changed, deleted.

Keeps true: every query starts from the viewer, so what a person may not see does not exist for it.
A private one is changed by its owner; a shared one by who began it, while they may write in its
space, and by the owners of that, who cannot move it. May import the plain ground and the tables.
"""

from dataclasses import dataclass

from msgspec import UNSET, UnsetType
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from chat.conversations.places import GONE, READS_ONLY, may_write, role_of, visible_to
from chat.conversations.views import ConversationPage, ConversationView
from chat.errors import Conflict, Invalid, NotFound
from chat.models import Conversation, Member, Message, Pin, Run, Space, User
from chat.values import SpaceRole, Viewer, utc_now

TITLE_CHARS = 200
VISIBILITIES = ("private", "space")
_RUNNING = exists().where(
    Message.conversation_id == Conversation.id,
    Run.message_id == Message.id,
    Run.state == "running",
)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where a conversation is to be made, and who is to see it."""

    space_id: str | None = None
    visibility: str = "private"


NOWHERE = NewPlace()


def create_in(session: Session, viewer: Viewer, place: NewPlace) -> ConversationView:
    """An empty conversation in this place."""
    return create_conversation(
        session, viewer, space_id=place.space_id, visibility=place.visibility
    )


def create_conversation(
    session: Session,
    viewer: Viewer,
    *,
    title: str = "",
    space_id: str | None = None,
    visibility: str = "private",
) -> ConversationView:
    """An empty conversation of `viewer`; without a title it takes that of its first question."""
    place = _checked_place(session, viewer, space_id, visibility)
    row = Conversation(
        owner_id=viewer.id, title=_clean_title(title), space_id=place, visibility=visibility
    )
    session.add(row)
    session.flush()
    return find_conversation(session, viewer, row.id)


def list_conversations(
    session: Session,
    viewer: Viewer,
    *,
    before: str | None = None,
    limit: int = 50,
    archived: bool = False,
    empty: bool = True,
    space_id: str | None | UnsetType = UNSET,
    pinned: bool | None = None,
) -> ConversationPage:
    """A page of what `viewer` may see; `before` is the id of the last one of the page before.

    With a `space_id` only those of that space, with None those in no space. `pinned` keeps what the
    viewer has pinned, or what not.
    """
    query = _views(viewer).where(_archived(archived))
    if space_id is not UNSET:
        query = query.where(Conversation.space_id == space_id)
    if pinned is not None:
        query = query.where(_pinned_by(viewer) if pinned else ~_pinned_by(viewer))
    if not empty:
        query = query.where(Conversation.leaf_id.is_not(None))
    if before is not None:
        last = find_conversation(session, viewer, before)
        query = query.where(
            or_(
                Conversation.active_at < last.active_at,
                and_(Conversation.active_at == last.active_at, Conversation.id < last.id),
            )
        )
    query = query.order_by(Conversation.active_at.desc(), Conversation.id.desc()).limit(limit + 1)
    views = [_view(viewer, *row) for row in session.execute(query)]
    more = len(views) > limit
    return ConversationPage(views[:limit], views[limit - 1].id if more else None)


def find_conversation(session: Session, viewer: Viewer, conversation_id: str) -> ConversationView:
    """One conversation; NotFound when it does not exist for `viewer`."""
    query = _views(viewer).where(Conversation.id == conversation_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return _view(viewer, *row)


def change_conversation(
    session: Session,
    viewer: Viewer,
    conversation_id: str,
    *,
    title: str | None = None,
    archived: bool | None = None,
    space_id: str | None | UnsetType = UNSET,
    visibility: str | None = None,
) -> ConversationView:
    """Rename, archive, move or share; what is left out stays. Without a space it is private."""
    row = _managed(session, viewer, conversation_id)
    if title is not None:
        row.title = _clean_title(title)
        if not row.title:
            raise Invalid("A title needs at least one visible character.")
    if archived is not None:
        row.archived_at = utc_now() if archived else None
    if space_id is not UNSET or visibility is not None:
        _move(session, viewer, row, space_id, visibility)
    session.flush()
    return find_conversation(session, viewer, conversation_id)


def delete_conversation(session: Session, viewer: Viewer, conversation_id: str) -> None:
    """Delete it with all its messages; Conflict while an answer is being written."""
    row = _managed(session, viewer, conversation_id)
    if session.scalar(select(_RUNNING).select_from(Conversation).where(Conversation.id == row.id)):
        raise Conflict("An answer is being written here. Stop it, then delete the conversation.")
    # Else the messages' references to each other delete one inside another, which SQLite allows
    # for a path of a thousand (sqlite.org/limits.html: depth of trigger recursion).
    session.execute(
        update(Message).where(Message.conversation_id == row.id).values(parent_id=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(delete(Conversation).where(Conversation.id == row.id))


def _move(
    session: Session,
    viewer: Viewer,
    row: Conversation,
    space_id: str | None | UnsetType,
    visibility: str | None,
) -> None:
    """Put it elsewhere; a space in which it stays private need not be written in."""
    if row.owner_id != viewer.id:
        raise NotFound("Only who began a conversation moves it or changes who sees it.")
    if space_id is None:
        visibility = visibility or "private"
    wanted = row.space_id if space_id is UNSET else space_id
    row.visibility = visibility or row.visibility
    row.space_id = _checked_place(session, viewer, wanted, row.visibility)


def _pinned_by(viewer: Viewer) -> ColumnElement[bool]:
    return exists().where(Pin.conversation_id == Conversation.id, Pin.user_id == viewer.id)


def _views(viewer: Viewer) -> Select[Conversation, str, bool, str, bool]:
    return (
        select(Conversation, User.name, _RUNNING, role_of(viewer.id), _pinned_by(viewer))
        .join(User, User.id == Conversation.owner_id)
        .where(visible_to(viewer))
    )


def _view(
    viewer: Viewer,
    row: Conversation,
    owner_name: str,
    running: bool,
    role: str | None,
    pinned: bool,
) -> ConversationView:
    return ConversationView(
        id=row.id,
        title=row.title or "New chat",
        owner_id=row.owner_id,
        owner_name=owner_name,
        is_owner=row.owner_id == viewer.id,
        space_id=row.space_id,
        visibility=row.visibility,
        archived_at=row.archived_at,
        created_at=row.created_at,
        active_at=row.active_at,
        leaf_id=row.leaf_id,
        running=running,
        pinned=pinned,
        may_write=may_write(row.visibility, role),
        may_manage=_may_manage(viewer, row, role),
    )


def _managed(session: Session, viewer: Viewer, conversation_id: str) -> Conversation:
    """One that the viewer may change, which nobody else does meanwhile."""
    found = session.execute(
        select(Conversation, role_of(viewer.id))
        .where(Conversation.id == conversation_id, visible_to(viewer))
        .with_for_update(of=Conversation, key_share=True)
    ).one_or_none()
    if found is None:
        raise NotFound(GONE)
    if not _may_manage(viewer, *found):
        raise NotFound("Only who began this conversation, or an owner of its space, changes it.")
    return found[0]


def _may_manage(viewer: Viewer, row: Conversation, role: str | None) -> bool:
    is_mine = row.owner_id == viewer.id and may_write(row.visibility, role)
    return is_mine or (row.visibility == "space" and role == SpaceRole.OWNER)


def _archived(wanted: bool) -> ColumnElement[bool]:
    column = Conversation.archived_at
    return column.is_not(None) if wanted else column.is_(None)


def _checked_place(
    session: Session, viewer: Viewer, space_id: str | None, visibility: str
) -> str | None:
    """The space of a conversation as it is kept: one in a private space is in none."""
    if visibility not in VISIBILITIES:
        raise Invalid("visibility is private or space.")
    place = None if space_id is None else _membership(session, viewer, space_id)
    if visibility == "space" and (place is None or place.personal_of is not None):
        raise Invalid("Choose the space that may see this conversation: send its space_id.")
    if place is None or place.personal_of is not None:
        return None
    if not may_write(visibility, place.role):
        raise NotFound(READS_ONLY)
    return space_id


def _membership(session: Session, viewer: Viewer, space_id: str) -> Row[str, str | None]:
    query = (
        select(Member.role, Space.personal_of)
        .join(Space, Space.id == Member.space_id)
        .where(Member.space_id == space_id, Member.user_id == viewer.id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("This space does not exist, or not for you.")
    return found


def _clean_title(title: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in title).split())[:TITLE_CHARS]


def running_answers(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """(message id, conversation id) of each answer being written that the viewer may see."""
    query = (
        select(Message.id, Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Run, Run.message_id == Message.id)
        .where(Run.state == "running", visible_to(viewer))
        .order_by(Message.id)
    )
    return list(session.execute(query))
