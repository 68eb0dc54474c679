"""What the sidebar of every signed-in page shows, read only where a template asks for it.

May import every floor below.
"""

from dataclasses import dataclass

from flask import request

from chat import conversations
from chat.conversations import ConversationPage
from chat.knowledge import catalogue
from chat.values import Viewer
from chat.web.access import current_viewer
from chat.web.site import site

LISTED = 40


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The newest conversations of the viewer, and how many documents the library has."""

    viewer: Viewer
    conversations: ConversationPage
    documents: int


def sidebar() -> Sidebar:
    """Read it for the one who looks."""
    viewer = current_viewer()
    with site().database.reading() as session:
        return Sidebar(
            viewer,
            conversations.list_conversations(session, viewer, limit=LISTED, empty=False),
            catalogue.count_documents(session, viewer.space_ids).documents,
        )


def older_conversations(*, archived: bool = False) -> ConversationPage:
    """The page after the conversation that `?before=` names."""
    with site().database.reading() as session:
        return conversations.list_conversations(
            session,
            current_viewer(),
            before=request.args.get("before"),
            limit=LISTED,
            archived=archived,
            empty=False,
        )
