"""From a row of the database to the one who is looking.

Keeps true: one query finds the person, their role, their spaces and what they may do there; a
disabled person is nobody.
The queries are built once, and over tables: every request makes one, and building it, or the key
of one over classes, costs more than running it. May import the plain ground and the tables.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, select
from sqlalchemy.orm import Session

from chat.accounts.own_limits import limits_from
from chat.models import Member, User
from chat.statements import Prepared
from chat.values import Role, SpaceRole, Viewer

_TABLES = User.metadata.tables
_LOGINS = _TABLES["login_sessions"]


def _viewer_query(keys: Table) -> Select[*tuple[Any, ...]]:
    """A row for each space of the person whom the key with the hash `key` belongs to."""
    users, members = _TABLES["users"], _TABLES["members"]
    user, key = users.c, keys.c
    return (
        select(user.id, user.name, user.email, user.role, key.id, key.last_used_at)
        .add_columns(members.c.space_id, members.c.role, user.limits)
        .select_from(keys)
        .join(users, user.id == key.user_id)
        .outerjoin(members, members.c.user_id == user.id)
        .where(user.disabled_at.is_(None), key.token_hash == bindparam("key"))
    )


BY_SESSION = Prepared(_viewer_query(_LOGINS).where(_LOGINS.c.expires_at > bindparam("now")))
BY_API_TOKEN = Prepared(_viewer_query(_TABLES["api_tokens"]))


def find_viewer(session: Session, person_id: str) -> Viewer | None:
    """Somebody as they may look now, without a session of theirs; None when they are disabled."""
    return _find(session, User.disabled_at.is_(None), User.id == person_id)


def viewer_of(session: Session, person_id: str) -> Viewer | None:
    """The same of anybody, disabled or not; None for nobody."""
    return _find(session, User.id == person_id)


def _find(session: Session, *which: ColumnElement[bool]) -> Viewer | None:
    rows = session.execute(
        select(User.id, User.name, User.email, User.role, Member.space_id, Member.role)
        .add_columns(User.limits)
        .outerjoin(Member, Member.user_id == User.id)
        .where(*which)
    ).all()
    if not rows:
        return None
    person_id, name, email, role, _, _, limits = rows[0]
    spaces, roles = _places((row[4], row[5]) for row in rows)
    return Viewer(person_id, name, email, Role(role), spaces, None, roles, limits_from(limits))


def viewer_from(rows: Sequence[Sequence[Any]]) -> Viewer:
    """The viewer that at least one row of these queries holds; the key is its session."""
    person_id, name, email, role, key_id, _, _, _, limits = rows[0]
    spaces, roles = _places((row[6], row[7]) for row in rows)
    return Viewer(person_id, name, email, Role(role), spaces, key_id, roles, limits_from(limits))


def _places(
    memberships: Iterable[tuple[str | None, str | None]],
) -> tuple[tuple[str, ...], tuple[SpaceRole, ...]]:
    """The spaces of somebody, oldest first, and what they may do in each."""
    found = sorted((space_id, role) for space_id, role in memberships if space_id and role)
    return tuple(one for one, _ in found), tuple(SpaceRole(role) for _, role in found)
