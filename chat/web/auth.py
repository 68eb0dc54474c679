"""Signing in and out, and, in their own files, the three links that let somebody in.

Keeps true: an unknown address, a wrong password and a disabled person get the same answer in the
same time; only failures count against the limits; `next` never leaves the site. May import every
floor below.
"""

import re
from collections.abc import Callable, Iterable

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chat.accounts import Credentials, FieldInvalid, clean_email, passwords, people, sessions
from chat.accounts.passwords import needs_rehash, verify_password
from chat.audit import Action
from chat.errors import RateLimited
from chat.web import invite, reset, setup
from chat.web.access import forget_sign_in, viewer_or_none
from chat.web.errors import wants_problem
from chat.web.forms import Form, page
from chat.web.signing_in import begin_session
from chat.web.site import site
from chat.web.throttle import network_of, throttle_of
from chat.web.trail import note

blueprint = Blueprint("auth", __name__)
for _part in (setup, invite, reset):
    blueprint.register_blueprint(_part.blueprint)

WRONG = "This address and password do not belong together."
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")


@blueprint.get("/login")
def sign_in_form() -> AnyResponse:
    """The page to sign in."""
    if viewer_or_none() is not None:
        return redirect(safe_next(request.args.get("next", "")), 303)
    return _sign_in_page(Form())


@blueprint.post("/login")
def sign_in() -> AnyResponse:
    """Check an address and a password, and go where the person wanted to go."""
    form = Form()
    email, password = form.typed.get("email", ""), form.typed.get("password", "")
    try:
        credentials = _checked(email, password)
    except RateLimited as error:
        if wants_problem():
            raise
        wait = int(error.retry_after or 1)
        response = _sign_in_page(form, failed=error.detail, wait=wait, status=error.status)
        response.headers["Retry-After"] = str(wait)
        return response
    if credentials is None or not begin_session(credentials, lasting="stay" in form.typed):
        form.errors["password"] = WRONG
        return _sign_in_page(form)
    return redirect(safe_next(form.typed.get("next", "")), 303)


@blueprint.post("/logout")
def sign_out() -> AnyResponse:
    """End this session, on the server and in the browser."""
    viewer, token = viewer_or_none(), forget_sign_in()
    if token is not None:
        with site().database.writing() as session:
            sessions.end_by_token(session, token)
            if viewer is not None:
                note(session, Action.SIGNED_OUT, f"person:{viewer.id}", by=viewer.id)
        site().watch.look_everywhere()
    return redirect("/login", 303)


@blueprint.get("/forgotten")
def forgotten() -> Response:
    """How to get in again: no mail is sent by this site."""
    return page("auth/forgotten.html")


def safe_next(address: str) -> str:
    """The address if it is a path of this site, else the first page."""
    return address if len(address) <= 2000 and _LOCAL.fullmatch(address) else "/"


def _checked(email: str, password: str) -> Credentials | None:
    """Whom the address and the password belong to; RateLimited when it was tried too often."""
    try:
        email = clean_email(email)
    except FieldInvalid:
        email = ""
    throttle = throttle_of("sign-in", "Too many attempts to sign in.")
    keys = (f"address {network_of(request.remote_addr)}", account := f"account {email}")
    _each(throttle.check, keys)
    with site().database.reading() as session:
        known = people.credentials_of(session, email)
    if not verify_password(known.password_hash if known else None, password) or known is None:
        _each(throttle.hit, keys)
        _note_failure(known)
        return None
    _each(throttle.check, keys)  # guesses made at the same time may have filled the window
    throttle.forget(account)
    return _renewed(known, password)


def _note_failure(known: Credentials | None) -> None:
    """Whose account it was, if it is one; what was typed may be a password in the wrong field."""
    subject = f"person:{known.person_id}" if known else ""
    with site().database.writing() as session:
        note(session, Action.SIGN_IN_FAILED, subject, address=request.remote_addr or "")


def _each(ask: Callable[[str], None], keys: Iterable[str]) -> None:
    for key in keys:
        ask(key)


def _renewed(known: Credentials, password: str) -> Credentials:
    """The credentials with a hash of today's strength."""
    if not needs_rehash(known.password_hash):
        return known
    renewed = passwords.hash_password(password)
    with site().database.writing() as session:
        people.renew_hash(session, known, renewed)
        return people.credentials_by_id(session, known.person_id)


def _sign_in_page(form: Form, *, failed: str = "", wait: int = 0, status: int = 200) -> Response:
    with site().database.reading() as session:
        claimed = people.has_people(session)
    return page(
        "auth/login.html",
        form,
        status=status,
        failed=failed,
        wait=wait,
        claimed=claimed,
        next=form.typed.get("next", request.args.get("next", "")),
        stay=request.method == "GET" or "stay" in form.typed,
    )
