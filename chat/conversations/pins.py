"""What a person has pinned: on top of their own list, and of nobody else's.

Keeps true: only what one may see can be pinned. May import the plain ground and the tables.
"""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from chat.conversations.places import hold_person
from chat.conversations.threads import find_conversation
from chat.conversations.views import ConversationView
from chat.models import Pin
from chat.values import Viewer


def pin_conversation(
    session: Session, viewer: Viewer, conversation_id: str, *, pinned: bool
) -> ConversationView:
    """Put a conversation on top of the viewer's list, or back among the others."""
    hold_person(session, viewer.id)
    found = find_conversation(session, viewer, conversation_id)
    if pinned and not found.pinned:
        session.add(Pin(user_id=viewer.id, conversation_id=found.id))
    elif not pinned:
        session.execute(
            delete(Pin).where(Pin.user_id == viewer.id, Pin.conversation_id == found.id)
        )
    session.flush()
    return find_conversation(session, viewer, conversation_id)
