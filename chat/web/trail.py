"""What a request does, for the audit trail: by whom is known from the sign-in.

May import every floor below web.
"""

from typing import Any

from chat import audit
from chat.audit import Action
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
