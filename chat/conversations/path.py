"""The path of messages that a page shows: from a leaf up to the first question.

Messages form a tree (versions are siblings); a page of the path is read by walking up from its
newest message, so its cost does not grow with the conversation. Every read starts from the viewer.
May import the plain ground and the tables.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import CTE, Integer, bindparam, literal, select
from sqlalchemy.orm import Session

from chat.conversations.places import visible_to
from chat.conversations.tables import MESSAGES
from chat.conversations.threads import find_conversation
from chat.conversations.views import MessagePage, MessageView
from chat.database import Statements
from chat.errors import NotFound
from chat.models import Conversation, Message, User
from chat.statements import Prepared
from chat.values import Turn, Viewer

_GONE = "This message does not exist, or not for you."


def _path_up() -> CTE:
    """The ids from the message `start` towards the first, at most `most`, counted by `step`."""
    ids = MESSAGES.c.id, MESSAGES.c.parent_id
    first = select(*ids, literal(1, Integer).label("step")).where(
        MESSAGES.c.id == bindparam("start")
    )
    path = first.cte("path", recursive=True)
    return path.union_all(
        select(*ids, path.c.step + 1)
        .join(path, MESSAGES.c.id == path.c.parent_id)
        .where(path.c.step < bindparam("most"))
    )


_PATH = _path_up()
_TURNS = Prepared(
    select(MESSAGES.c.role, MESSAGES.c.content)
    .join(_PATH, _PATH.c.id == MESSAGES.c.id)
    .order_by(_PATH.c.step)
)
_PAGE = (
    select(Message, User.name)
    .join(_PATH, _PATH.c.id == Message.id)
    .outerjoin(User, User.id == Message.author_id)
    .order_by(_PATH.c.step)
)


def find_message(session: Session, viewer: Viewer, message_id: str) -> MessageView:
    """One message; NotFound when it does not exist for `viewer`."""
    row = session.execute(
        select(Message, User.name)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(User, User.id == Message.author_id)
        .where(Message.id == message_id, visible_to(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound(_GONE)
    return views_of(session, [(row[0], row[1])])[0]


def read_path(
    session: Session,
    viewer: Viewer,
    conversation_id: str,
    *,
    at: str | None = None,
    before: str | None = None,
    limit: int = 30,
) -> MessagePage:
    """The newest `limit` messages of the path, or those older than `before`.

    The path is the one last shown, or the newest that leads through the message `at`.
    """
    conversation = find_conversation(session, viewer, conversation_id)
    if before is not None:
        start = _member(session, conversation.id, before).parent_id
    elif at is not None:
        start = newest_leaf(session, _member(session, conversation.id, at).id)
    else:
        start = conversation.leaf_id
    rows = _walk_up(session, start, limit + 1)
    items = views_of(session, rows[:limit][::-1])
    return MessagePage(items, items[0].id if len(rows) > limit else None)


def read_up(session: Session, message_id: str, limit: int) -> list[MessageView]:
    """The last `limit` messages that end with this one, oldest first, of a path one may read."""
    return views_of(session, _walk_up(session, message_id, limit)[::-1])


def read_history(session: Statements, message_id: str | None, limit: int) -> list[Turn]:
    """The last `limit` turns that end with this message, oldest first; empty ones are left out."""
    if message_id is None:
        return []
    rows = _TURNS.rows(session, {"start": message_id, "most": limit})
    return [Turn(role, content) for role, content in reversed(rows) if content]


def newest_leaf(session: Session, message_id: str) -> str:
    """The end of the newest path through a message: at each step down the newest version."""
    while True:
        child = session.scalar(
            select(Message.id)
            .where(Message.parent_id == message_id)
            .order_by(Message.id.desc())
            .limit(1)
        )
        if child is None:
            return message_id
        message_id = child


def _member(session: Session, conversation_id: str, message_id: str) -> Message:
    row = session.get(Message, message_id)
    if row is None or row.conversation_id != conversation_id:
        raise NotFound(_GONE)
    return row


def _walk_up(
    session: Session, message_id: str | None, limit: int
) -> Sequence[tuple[Message, str | None]]:
    """Up to `limit` messages from this one towards the first, newest first."""
    if message_id is None:
        return []
    given = {"start": message_id, "most": limit}
    return [(row, name) for row, name in session.execute(_PAGE, given)]


def views_of(session: Session, rows: Sequence[tuple[Message, str | None]]) -> list[MessageView]:
    siblings = _siblings(session, [row for row, _ in rows])
    return [
        MessageView(
            id=row.id,
            conversation_id=row.conversation_id,
            parent_id=row.parent_id,
            role=row.role,
            status=row.status,
            content=row.content,
            thinking=row.thinking,
            author_id=row.author_id,
            author_name=name or ("Parley" if row.role == "assistant" else "Somebody who left"),
            created_at=row.created_at,
            details=row.details,
            siblings=tuple(siblings[row.conversation_id, row.parent_id]),
        )
        for row, name in rows
    ]


def _siblings(session: Session, rows: Sequence[Message]) -> dict[tuple[str, str | None], list[str]]:
    """The ids of all children of each row's parent, oldest first."""
    found: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    parents = {row.parent_id for row in rows if row.parent_id}
    roots = {row.conversation_id for row in rows if row.parent_id is None}
    query = select(Message.conversation_id, Message.parent_id, Message.id).order_by(Message.id)
    for condition in (
        Message.parent_id.in_(parents) if parents else None,
        Message.conversation_id.in_(roots) & Message.parent_id.is_(None) if roots else None,
    ):
        if condition is not None:
            for conversation_id, parent_id, message_id in session.execute(query.where(condition)):
                found[conversation_id, parent_id].append(message_id)
    return found
