"""From a row of the database to the one who is looking.

Keeps true: one query finds the person, their role and their spaces; a disabled person is nobody.
The queries are built once: every request makes one, and building costs more than running.
May import the plain ground and the tables.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from chat.models import ApiToken, LoginSession, Member, User
from chat.values import Role, Viewer


def _viewer_query(key: type[LoginSession] | type[ApiToken]) -> Select[*tuple[Any, ...]]:
    """A row for each space of the person whom the key with the hash `key` belongs to."""
    return (
        select(User.id, User.name, User.email, User.role, key.id, key.last_used_at, Member.space_id)
        .select_from(key)
        .join(User, User.id == key.user_id)
        .outerjoin(Member, Member.user_id == User.id)
        .where(User.disabled_at.is_(None), key.token_hash == bindparam("key"))
    )


BY_SESSION = _viewer_query(LoginSession).where(LoginSession.expires_at > bindparam("now"))
BY_API_TOKEN = _viewer_query(ApiToken)


def find_viewer(session: Session, person_id: str) -> Viewer | None:
    """Somebody as they may look now, without a session of theirs; None when they are disabled."""
    rows = session.execute(
        select(User.id, User.name, User.email, User.role, Member.space_id)
        .outerjoin(Member, Member.user_id == User.id)
        .where(User.disabled_at.is_(None), User.id == person_id)
    ).all()
    if not rows:
        return None
    spaces = tuple(sorted(row.space_id for row in rows if row.space_id is not None))
    return Viewer(person_id, rows[0].name, rows[0].email, Role(rows[0].role), spaces)


def viewer_from(rows: Sequence[Row[*tuple[Any, ...]]]) -> Viewer:
    """The viewer that at least one row of these queries holds; the key is its session."""
    person_id, name, email, role, key_id, _, _ = rows[0]
    spaces = tuple(sorted(row[6] for row in rows if row[6] is not None))
    return Viewer(person_id, name, email, Role(role), spaces, key_id)
