"""Set-up: the one-time link that makes the first account, an admin's.

Keeps true: without the token nobody can claim the site; with it, exactly one can; afterwards there
is nothing at its address. May import every floor below.
"""

from flask import Blueprint, Response, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat.accounts import Credentials, FieldInvalid, clean_email, clean_name, create_person, people
from chat.accounts.passwords import PasswordHash, check_password, hash_password
from chat.accounts.tokens import is_setup_token
from chat.audit import Action
from chat.errors import NotFound
from chat.spaces import default_space
from chat.values import Role
from chat.web.access import admin_only
from chat.web.forms import Form, page
from chat.web.signing_in import begin_session
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("setup", __name__)


@blueprint.get("/setup")
def setup_form() -> Response:
    """The page to claim the site."""
    token = request.args.get("token", "")
    _check(token)
    return page("auth/setup.html", Form(), token=token)


@blueprint.post("/setup")
def claim() -> AnyResponse:
    """Make the first account and sign it in."""
    form = Form()
    token = form.typed.get("token", "")
    _check(token)
    email = form.read("email", clean_email, "")
    name = form.read("name", clean_name, "")
    password = form.read("password", lambda text: check_password(text, email=email, name=name), "")
    if form.errors:
        return page("auth/setup.html", form, token=token)
    hashed = hash_password(password)
    try:
        credentials = _make_admin(email, name, hashed)
    except FieldInvalid as error:
        form.refuse(error)
        return page("auth/setup.html", form, token=token)
    begin_session(credentials)
    return redirect("/setup/next", 303)


@blueprint.get("/setup/next")
@admin_only
def next_steps() -> Response:
    """What an admin does after the first account: documents, people."""
    return page("auth/setup_next.html")


def _make_admin(email: str, name: str, hashed: PasswordHash) -> Credentials:
    with site().database.writing() as session:
        space = default_space(session)  # of several who claim the site, one has it first
        _refuse_claimed(session)
        person = create_person(
            session,
            email=email,
            name=name,
            password_hash=hashed,
            role=Role.ADMIN,
            space_id=space.id,
        )
        note(session, Action.JOINED, f"person:{person.id}", by=person.id, role=person.role)
    return Credentials(person.id, hashed)


def _check(token: str) -> None:
    parts = site()
    if not is_setup_token(parts.settings.secret_key, token):
        raise NotFound("There is nothing at this address, or not for you.")
    with parts.database.reading() as session:
        _refuse_claimed(session)


def _refuse_claimed(session: Session) -> None:
    if people.has_people(session):
        raise NotFound("This site is set up already. Sign in, or ask an admin for an invitation.")
