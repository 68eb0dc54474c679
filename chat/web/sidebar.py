"""What the sidebar of every signed-in page shows, read only where a template asks for it.

May import every floor below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from chat import conversations, spaces
from chat.conversations import ConversationPage
from chat.knowledge import catalogue
from chat.spaces import SpaceView
from chat.values import Viewer
from chat.web.access import current_viewer
from chat.web.site import site

LISTED = 40
_PINNED = 20


@dataclass(frozen=True, slots=True)
class Sidebar:
    """What the viewer has pinned, their newest other conversations, their spaces, and how many
    documents there are.

    `space` is the one that the page is about, `space_documents` how many that has.
    """

    viewer: Viewer
    pinned: ConversationPage
    conversations: ConversationPage
    documents: int
    spaces: Sequence[SpaceView]
    space: SpaceView | None
    space_documents: int


def sidebar(here: str = "") -> Sidebar:
    """Read it for the one who looks; `here` is the id of the space that the page is about."""
    viewer = current_viewer()
    with site().database.reading() as session:
        mine = spaces.member_spaces(session, viewer)
        space = next((one for one in mine if one.id == here), None)
        its = catalogue.count_documents(session, [space.id]).documents if space else 0
        return Sidebar(
            viewer,
            conversations.list_conversations(session, viewer, limit=_PINNED, pinned=True),
            conversations.list_conversations(
                session, viewer, limit=LISTED, empty=False, pinned=False
            ),
            catalogue.count_documents(session, viewer.space_ids).documents,
            mine,
            space,
            its,
        )


def older_conversations(
    *, archived: bool = False, space: SpaceView | None = None, pinned: bool | None = None
) -> ConversationPage:
    """The page after the conversation that `?before=` names, of one space or of all."""
    where = {} if space is None else {"space_id": None if space.is_personal else space.id}
    with site().database.reading() as session:
        return conversations.list_conversations(
            session,
            current_viewer(),
            before=request.args.get("before"),
            limit=LISTED,
            archived=archived,
            empty=False,
            pinned=pinned,
            **where,
        )
