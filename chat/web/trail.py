"""What a request does, for the audit trail: by whom is known from the sign-in.

May import every floor below web.
"""

from typing import Any

from chat import audit
from chat.audit import Action
from chat.conversations import ConversationView
from chat.database import Statements
from chat.web.access import viewer_or_none


def note(
    session: Statements,
    action: Action,
    subject: str = "",
    *,
    by: str | None = None,
    **details: Any,
) -> None:
    """Add an entry as the last thing in a write; `by` is needed only where nobody is signed in."""
    viewer = viewer_or_none()
    actor_id = by or (viewer.id if viewer is not None else None)
    audit.append(session, action, actor_id=actor_id, subject=subject, **details)


def note_place(
    session: Statements, before: ConversationView | None, after: ConversationView
) -> None:
    """Add an entry where others see a conversation from now on, or do not, or it is elsewhere."""
    was_shared = before is not None and before.visibility == "space"
    is_shared = after.visibility == "space"
    has_moved = before is not None and before.space_id != after.space_id
    if is_shared and (has_moved or not was_shared):
        action = Action.CONVERSATION_SHARED
    elif was_shared and not is_shared:
        action = Action.CONVERSATION_UNSHARED
    elif has_moved:
        action = Action.CONVERSATION_MOVED
    else:
        return
    former = before.space_id if before else None
    note(session, action, f"conversation:{after.id}", space_id=after.space_id, former=former)
