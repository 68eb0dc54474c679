"""Whose conversations and documents one may look for: people of one's spaces. Imports tables."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chat.models import Member, User
from chat.values import Viewer


def people_near(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Id and name of everybody who is in a space of the viewer's, by name."""
    near = select(Member.user_id).where(Member.space_id.in_(viewer.space_ids))
    query = select(User.id, User.name).where(User.id.in_(near) | (User.id == viewer.id))
    return [(i, name) for i, name in session.execute(query.order_by(func.lower(User.name)))]
