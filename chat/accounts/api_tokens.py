"""API tokens: a person's keys for scripts, sent as `Authorization: Bearer …`.

Keeps true: a token is shown once, when it is made; it may do what its person may, and nothing once
that person is disabled. May import the plain ground and the tables.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from chat.accounts.fields import clean_label
from chat.accounts.sessions import TOUCH_EVERY, SignedIn
from chat.accounts.tokens import new_token, token_hash
from chat.accounts.viewers import BY_API_TOKEN, viewer_from
from chat.database import Statements
from chat.errors import Conflict, NotFound
from chat.models import ApiToken, User
from chat.values import Viewer, new_id, utc_now

PREFIX = "parley_"  # lets scanners of leaked secrets recognise one
_MOST = 50


@dataclass(frozen=True, slots=True)
class ApiTokenView:
    """A token as its owner sees it afterwards: without its secret."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


def create(session: Session, viewer: Viewer, name: str) -> str:
    """A new token for the viewer; FieldInvalid for a bad name, Conflict from the 51st on."""
    label = clean_label("token_name", name, 100, missing="Say what the token is for.")
    session.execute(select(User.id).where(User.id == viewer.id).with_for_update(key_share=True))
    count = select(func.count()).select_from(ApiToken).where(ApiToken.user_id == viewer.id)
    if (session.scalar(count) or 0) >= _MOST:
        raise Conflict(f"You have {_MOST} tokens. Revoke one that is not used any more.")
    token = PREFIX + new_token()
    session.add(ApiToken(id=new_id(), token_hash=token_hash(token), user_id=viewer.id, name=label))
    return token


def find(session: Statements, token: str) -> SignedIn | None:
    """Whose token this is, by one query; None when it is nobody's."""
    rows = BY_API_TOKEN.rows(session, {"key": token_hash(token)})
    if not rows:
        return None
    used = rows[0].last_used_at
    return SignedIn(viewer_from(rows), stale=used is None or used <= utc_now() - TOUCH_EVERY)


def touch(session: Session, token_id: str) -> None:
    """Write down that a token is in use, unless that was done within the last minute."""
    now = utc_now()
    long_ago = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= now - TOUCH_EVERY)
    session.execute(
        update(ApiToken).where(ApiToken.id == token_id, long_ago).values(last_used_at=now)
    )


def list_own(session: Session, viewer: Viewer) -> list[ApiTokenView]:
    """The viewer's tokens, newest first."""
    rows = session.scalars(
        select(ApiToken).where(ApiToken.user_id == viewer.id).order_by(ApiToken.id.desc())
    )
    return [ApiTokenView(row.id, row.name, row.created_at, row.last_used_at) for row in rows]


def revoke(session: Session, viewer: Viewer, token_id: str) -> None:
    """End one of the viewer's own tokens; NotFound when it is not one."""
    revoked = session.execute(
        delete(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.user_id == viewer.id)
        .returning(ApiToken.id)
    ).first()
    if revoked is None:
        raise NotFound("This token is revoked already.")
