"""Who is asking: from a cookie or an API token to a `Viewer`, and what a view may ask of one.

Keeps true: one query a request finds the viewer; a header `Authorization: Bearer` that names nobody
is refused, never ignored; what changes something carries a CSRF token unless an API token signs it
in, since no other site can send one; what is for admins does not exist for others. May import every
floor below.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import unquote_to_bytes, urlencode

from flask import Flask, Request, Response, g, redirect, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat.accounts import api_tokens, sessions
from chat.errors import Invalid, NotFound, Unauthenticated, Unavailable
from chat.extensions import csrf, login
from chat.values import Viewer
from chat.web.counting import count_request, count_stranger
from chat.web.errors import problem, wants_problem
from chat.web.site import site

View = ParamSpec("View")
Answer = TypeVar("Answer")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class SignedInUser:
    """A viewer as flask-login carries it; its id in the cookie is the session's secret token."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, viewer: Viewer, token: str) -> None:
        self.viewer = viewer
        self._token = token

    def get_id(self) -> str:
        return self._token


class SiteSessions(SecureCookieSessionInterface):
    """Cookies that are `Secure` wherever the request was, also without the setting.

    What signs them is made once, not for each request: the secret key of an app does not change.
    """

    def __init__(self, app: Flask) -> None:
        self._serializer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._serializer

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def register_access(app: Flask) -> None:
    """Install sign-in, the CSRF check, and `viewer` for templates."""
    login.init_app(app, add_context_processor=False)
    login.session_protection = None  # it reads X-Forwarded-For raw; sessions live on the server
    login.user_loader(_from_cookie)
    login.request_loader(_from_bearer)
    app.session_interface = SiteSessions(app)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # sessions end when the server says so
    app.before_request(check_request)
    app.context_processor(lambda: {"viewer": _viewer_or_nobody()})
    app.register_error_handler(Unauthenticated, _ask_to_sign_in)


def current_viewer() -> Viewer:
    """Who is looking; Unauthenticated when nobody is signed in."""
    viewer = viewer_or_none()
    if viewer is None:
        raise Unauthenticated("Sign in to go on.")
    return viewer


def viewer_or_none() -> Viewer | None:
    """Who is looking, or None; found once a request."""
    known: Viewer | None = g.get("viewer")
    if known is None:
        user = current_user._get_current_object()
        g.viewer = known = user.viewer if isinstance(user, SignedInUser) else None
    return known


def signed_in(view: Callable[View, Answer]) -> Callable[View, Answer]:
    """A view for those who are signed in: others are sent to the sign-in page, or get a 401."""

    @wraps(view)
    def checked(*args: View.args, **kwargs: View.kwargs) -> Answer:
        current_viewer()
        return view(*args, **kwargs)

    return checked


def admin_only(view: Callable[View, Answer]) -> Callable[View, Answer]:
    """A view for admins: for everybody else who is signed in there is nothing at its address."""

    @wraps(view)
    def checked(*args: View.args, **kwargs: View.kwargs) -> Answer:
        if not current_viewer().is_admin:
            raise NotFound("There is nothing at this address, or not for you.")
        return view(*args, **kwargs)

    return checked


def remember_sign_in(viewer: Viewer, token: str, *, lasting: bool) -> None:
    """Put a fresh session's token into a fresh cookie, which outlives the browser if `lasting`."""
    session.clear()
    login_user(SignedInUser(viewer, token))
    g.viewer = viewer
    session.permanent = lasting


def forget_sign_in() -> str | None:
    """Empty the cookie; the token of the session that was in it."""
    token = session.get("_user_id")
    logout_user()
    g.viewer = None
    session.clear()
    return token if isinstance(token, str) else None


def check_request() -> None:
    """Refuse what cannot be read, what other sites may have sent, and tokens of nobody."""
    if _bearer(request) is not None and request.endpoint != "ops.metrics":  # it has its own token
        count_request(current_viewer())
        return
    if request.method in _SAFE or request.endpoint is None:
        return
    _check_form_encoding()
    if request.path.startswith("/api/"):
        current_viewer()
    csrf.protect()


def _check_form_encoding() -> None:
    """Werkzeug reads a form with broken UTF-8 as an empty one, or keeps the escapes as text.

    A form of this kind carries no files, so it may be far smaller than an upload.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    request.max_content_length = request.max_form_memory_size
    body = request.get_data(cache=True)
    try:
        unquote_to_bytes(body).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid("The form is not UTF-8. Send it again in that encoding.") from error


def _from_cookie(token: str) -> SignedInUser | None:
    if _bearer(request) is not None:
        return None
    with site().database.querying() as reading:
        found = sessions.find(reading, token)
    if found is None:
        return None
    if found.stale and found.viewer.session_id:
        _try_to_touch(sessions.touch, found.viewer.session_id)
    return SignedInUser(found.viewer, token)


def _from_bearer(asked: Request) -> SignedInUser | None:
    token = _bearer(asked)
    if token is None:
        return None
    with site().database.querying() as reading:
        found = api_tokens.find(reading, token)
    if found is None:
        count_stranger(request.remote_addr)
        raise Unauthenticated("This API token is not valid, or not any more.")
    if found.stale and found.viewer.session_id:
        _try_to_touch(api_tokens.touch, found.viewer.session_id)
    return SignedInUser(found.viewer, token)


def _try_to_touch(touch: Callable[[Session, str], None], key: str) -> None:
    """Write when it was used last if that can be done at once; the next request tries again."""
    with (
        suppress(SQLAlchemyError, Unavailable, OSError),
        site().database.writing(patience=0.0) as session,
    ):
        touch(session, key)


def _bearer(asked: Request) -> str | None:
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _viewer_or_nobody() -> Viewer | None:
    """For templates, the error page included: it must come out when the database does not."""
    try:
        return viewer_or_none()
    except (SQLAlchemyError, Unauthenticated):
        return None


def _ask_to_sign_in(error: Unauthenticated) -> AnyResponse:
    if wants_problem() or _bearer(request) is not None:
        body = json.dumps(problem(error))
        response = Response(body, 401, content_type="application/problem+json")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect("/login" + ("" if here == "/" else "?" + urlencode({"next": here})), 303)
