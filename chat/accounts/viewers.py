"""From a row of the database to the one who is looking.

Keeps true: one query finds the person, their role and their spaces; a disabled person is nobody.
The queries are built once: every request makes one, and building costs more than running.
May import the plain ground and the tables.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

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


def viewer_from(rows: Sequence[Row[*tuple[Any, ...]]]) -> Viewer:
    """The viewer that at least one row of these queries holds; the key is its session."""
    person_id, name, email, role, key_id, _, _ = rows[0]
    spaces = tuple(sorted(row[6] for row in rows if row[6] is not None))
    return Viewer(person_id, name, email, Role(role), spaces, key_id)
