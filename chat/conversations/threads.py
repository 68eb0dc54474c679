"""Conversations as a whole: made, listed, found, changed, deleted.

Keeps true: every query starts from the viewer, so what a person may not see does not exist for it.
Only the owner changes or deletes. May import the plain ground and the tables.
"""

from collections.abc import Iterable

from msgspec import UNSET, UnsetType
from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from chat.conversations.places import GONE, visible_to
from chat.conversations.views import ConversationPage, ConversationView
from chat.errors import Conflict, Invalid, NotFound
from chat.models import Conversation, Member, Message, Run, User
from chat.values import Viewer, utc_now

TITLE_CHARS = 200
VISIBILITIES = ("private", "space")
_RUNNING = exists().where(
    Message.conversation_id == Conversation.id,
    Run.message_id == Message.id,
    Run.state == "running",
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
    _check_place(viewer, space_id, visibility)
    row = Conversation(
        owner_id=viewer.id, title=_clean_title(title), space_id=space_id, visibility=visibility
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
) -> ConversationPage:
    """A page of what `viewer` may see; `before` is the id of the last one of the page before."""
    query = _views(viewer).where(_archived(archived))
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
    """Rename, archive, move or share; what is left out stays. Without a space it is private.

    A person who has left the space may still withdraw from it what they shared.
    """
    row = _owned(session, viewer, conversation_id)
    if title is not None:
        row.title = _clean_title(title)
        if not row.title:
            raise Invalid("A title needs at least one visible character.")
    if archived is not None:
        row.archived_at = utc_now() if archived else None
    if space_id is not UNSET or visibility is not None:
        _move(viewer, row, space_id, visibility)
    session.flush()
    return find_conversation(session, viewer, conversation_id)


def delete_conversation(session: Session, viewer: Viewer, conversation_id: str) -> None:
    """Delete it with all its messages; Conflict while an answer is being written."""
    row = _owned(session, viewer, conversation_id)
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
    viewer: Viewer, row: Conversation, space_id: str | None | UnsetType, visibility: str | None
) -> None:
    """Put it elsewhere; the space that it is in already counts only where others are to see it."""
    if space_id is None:
        visibility = visibility or "private"
    row.visibility = visibility or row.visibility
    if space_id is not UNSET:
        row.space_id = space_id
    stays = space_id is UNSET and row.visibility != "space"
    _check_place(viewer, None if stays else row.space_id, row.visibility)


def _views(viewer: Viewer) -> Select[Conversation, str, bool]:
    return (
        select(Conversation, User.name, _RUNNING)
        .join(User, User.id == Conversation.owner_id)
        .where(visible_to(viewer))
    )


def _view(viewer: Viewer, row: Conversation, owner_name: str, running: bool) -> ConversationView:
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
    )


def _owned(session: Session, viewer: Viewer, conversation_id: str) -> Conversation:
    row = session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id, Conversation.owner_id == viewer.id)
        .with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound(GONE)
    return row


def _archived(wanted: bool) -> ColumnElement[bool]:
    column = Conversation.archived_at
    return column.is_not(None) if wanted else column.is_(None)


def _check_place(viewer: Viewer, space_id: str | None, visibility: str) -> None:
    if visibility not in VISIBILITIES:
        raise Invalid("visibility is private or space.")
    if space_id is not None and space_id not in viewer.space_ids:
        raise NotFound("This space does not exist, or not for you.")
    if visibility == "space" and space_id is None:
        raise Invalid("Choose the space that may see this conversation: send its space_id.")


def _clean_title(title: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in title).split())[:TITLE_CHARS]


def hidden_among(
    session: Session, places: Iterable[tuple[Viewer, str | None]]
) -> set[tuple[Viewer, str | None]]:
    """The (viewer, conversation id) pairs that the viewer may not see any more.

    Memberships are read anew: a `Viewer` holds those of the time when it was made.
    """
    wanted = set(places)
    ids = {conversation_id for _, conversation_id in wanted}
    columns = (Conversation.id, Conversation.owner_id, Conversation.space_id)
    query = select(*columns, Conversation.visibility).where(Conversation.id.in_(ids))
    found = {row[0]: row[1:] for row in session.execute(query)}
    members = select(Member.user_id, Member.space_id).where(
        Member.user_id.in_({viewer.id for viewer, _ in wanted})
    )
    memberships = set(session.execute(members))

    def sees(viewer: Viewer, conversation_id: str | None) -> bool:
        owner_id, space_id, visibility = found.get(conversation_id or "", ("", None, ""))
        shared = visibility == "space" and (viewer.id, space_id) in memberships
        return owner_id == viewer.id or shared

    return {place for place in wanted if not sees(*place)}


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
