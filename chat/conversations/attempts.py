"""The attempts at one answer: which one owns it.

Keeps true: an attempt that is not the newest any more writes nothing. May import the plain ground
and the tables.
"""

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from chat.models import LogGroup, Run


def begin_attempt(session: Session, message_id: str, former: int) -> bool:
    """Make the attempt after `former` the owner; false when `former` was not it any more."""
    changed = session.execute(
        update(Run)
        .where(Run.message_id == message_id, Run.attempt == former, Run.state == "running")
        .values(attempt=former + 1)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        return False
    session.execute(delete(LogGroup).where(LogGroup.message_id == message_id))
    return True
