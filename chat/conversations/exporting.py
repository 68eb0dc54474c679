"""A conversation to take along: as Markdown for people, and as JSON for programs.

Keeps true: what is exported is what the viewer may see. JSON holds every version, Markdown the path
that is shown. Imports the rest of its box.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat.conversations.path import read_path, views_of
from chat.conversations.threads import find_conversation
from chat.conversations.views import ConversationView, MessageView
from chat.models import Conversation, Message, User
from chat.values import Viewer, iso

_FORMAT = "parley-conversation-1"
_A_PAGE = 200


def as_markdown(session: Session, viewer: Viewer, conversation_id: str) -> str:
    """The path that is shown, with the sources of each answer below it."""
    found = find_conversation(session, viewer, conversation_id)
    parts = [f"# {found.title}\n"]
    for message in _path(session, viewer, found):
        parts.append(f"## {message.author_name}, {iso(message.created_at)}\n")
        parts.append(f"{message.content.strip()}\n")
        parts += _sources(message)
    return "\n".join(parts)


def as_data(session: Session, viewer: Viewer, conversation_id: str) -> dict[str, Any]:
    """Everything of it: the tree of messages by `parent_id`, the end of the path by `leaf_id`."""
    found = find_conversation(session, viewer, conversation_id)
    rows = session.execute(
        select(Message, User.name)
        .outerjoin(User, User.id == Message.author_id)
        .where(Message.conversation_id == found.id)
        .order_by(Message.id)
    ).all()
    messages = views_of(session, [(row, name) for row, name in rows])
    return {
        "format": _FORMAT,
        **found.as_json(),
        "messages": [message.as_json() for message in messages],
    }


def own_ids(session: Session, viewer: Viewer) -> list[str]:
    """The conversations that the viewer began and may still see, oldest first."""
    own = select(Conversation.id).where(Conversation.owner_id == viewer.id)
    return list(session.scalars(own.order_by(Conversation.id)))


def _path(session: Session, viewer: Viewer, found: ConversationView) -> Iterator[MessageView]:
    pages, before = [], None
    while True:
        page = read_path(session, viewer, found.id, before=before, limit=_A_PAGE)
        pages.append(page.items)
        before = page.next
        if before is None:
            break
    for items in reversed(pages):
        yield from (item for item in items if item.content)


def _sources(message: MessageView) -> list[str]:
    lines = []
    for source in message.details.get("sources") or []:
        quote = " ".join(str(source.get("quote", "")).split())
        where = f", {source['place']}" if source.get("place") else ""
        lines.append(f"> [{source.get('n')}] {source.get('title', '')}{where}: {quote}\n")
    return lines
