"""Whether those who have something open are still in the spaces that they were in.

May import the plain ground and the tables.
"""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from chat.database import Statements
from chat.models import Member
from chat.values import Viewer


def moved_among(session: Statements, viewers: Iterable[Viewer]) -> set[Viewer]:
    """Those who are in other spaces by now than when they were let in."""
    wanted = set(viewers)
    found: dict[str, set[str]] = defaultdict(set)
    rows = select(Member.user_id, Member.space_id).where(
        Member.user_id.in_({viewer.id for viewer in wanted})
    )
    for user_id, space_id in session.execute(rows):
        found[user_id].add(space_id)
    return {viewer for viewer in wanted if found[viewer.id] != set(viewer.space_ids)}
