"""Sign-ins: one row for each device, and its end.

Keeps true: a session has a fresh token at every sign-in; without its row it is over, at once and
everywhere; its last use is written at most once a minute. `session_id` of a viewer is the id of a
sign-in or of an API token. May import the plain ground and the tables.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, union_all, update
from sqlalchemy.orm import Session

from chat.accounts.passwords import Credentials
from chat.accounts.tokens import new_token, token_hash
from chat.accounts.viewers import BY_SESSION, viewer_from
from chat.database import Statements
from chat.errors import NotFound
from chat.models import ApiToken, LoginSession, User
from chat.values import Viewer, new_id, utc_now

TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a sign-in comes from, as its owner will recognise it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class LoginView:
    """An open session, as its owner sees it."""

    id: str
    device: str
    address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a token belongs to; `stale` says that its last use is worth writing down."""

    viewer: Viewer
    stale: bool


def start(
    session: Session, credentials: Credentials, device: Device, lifetime: timedelta
) -> str | None:
    """A new session's token; None if the person was disabled or the password changed meanwhile."""
    allowed = (
        select(User.id)
        .where(
            User.id == credentials.person_id,
            User.password_hash == credentials.password_hash,
            User.disabled_at.is_(None),
        )
        .with_for_update(read=True)  # whoever changes that ends this session, too
    )
    if session.scalar(allowed) is None:
        return None
    now, token = utc_now(), new_token()
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    session.add(
        LoginSession(
            id=new_id(),
            token_hash=token_hash(token),
            user_id=credentials.person_id,
            device=device.name[:200],
            address=device.address[:64],
            created_at=now,
            last_used_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def find(session: Statements, token: str) -> SignedIn | None:
    """Who is signed in with this token, by one query; None when nobody is."""
    now = utc_now()
    rows = BY_SESSION.rows(session, {"key": token_hash(token), "now": now})
    if not rows:
        return None
    return SignedIn(viewer_from(rows), stale=rows[0].last_used_at <= now - TOUCH_EVERY)


def touch(session: Session, session_id: str) -> None:
    """Write down that a session is in use, unless that was done within the last minute."""
    now = utc_now()
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.last_used_at <= now - TOUCH_EVERY)
        .values(last_used_at=now)
    )


def touch_all(session: Session, session_ids: Collection[str]) -> None:
    """The same for many, whose pages are open."""
    now = utc_now()
    late = LoginSession.id.in_(session_ids), LoginSession.last_used_at <= now - TOUCH_EVERY
    session.execute(update(LoginSession).where(*late).values(last_used_at=now))


def is_valid(session: Session, viewer: Viewer) -> bool:
    """Whether the viewer is still signed in, by session or by API token."""
    return viewer.session_id in still_valid(session, {viewer.session_id or ""})


def still_valid(session: Statements, session_ids: Collection[str]) -> frozenset[str]:
    """Those of the sign-ins and API tokens that still let their person in, by one query."""
    logins = select(LoginSession.id).join(User, User.id == LoginSession.user_id)
    tokens = select(ApiToken.id).join(User, User.id == ApiToken.user_id)
    rows = union_all(
        logins.where(
            LoginSession.id.in_(session_ids),
            LoginSession.expires_at > utc_now(),
            User.disabled_at.is_(None),
        ),
        tokens.where(ApiToken.id.in_(session_ids), User.disabled_at.is_(None)),
    )
    return frozenset(session.scalars(rows))


def list_own(session: Session, viewer: Viewer) -> list[LoginView]:
    """The viewer's open sessions, last used first."""
    rows = session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == viewer.id, LoginSession.expires_at > utc_now())
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id)
    )
    return [
        LoginView(row.id, row.device, row.address, row.created_at, row.last_used_at, row.expires_at)
        for row in rows
    ]


def end(session: Session, viewer: Viewer, session_id: str) -> None:
    """End one of the viewer's own sessions; NotFound when it is not one."""
    ended = session.execute(
        delete(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.user_id == viewer.id)
        .returning(LoginSession.id)
    ).first()
    if ended is None:
        raise NotFound("This session is over already.")


def end_by_token(session: Session, token: str) -> None:
    """End the session of a token, if there is one."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))


def end_all(session: Session, person_id: str, *, keep: str | None = None) -> None:
    """End every session of a person, but for the one with the id `keep`."""
    session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == person_id, LoginSession.id != (keep or "")
        )
    )
