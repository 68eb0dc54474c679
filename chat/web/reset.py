"""The link with which somebody who forgot a password chooses a new one.

Keeps true: a link that is used or over says so and does nothing; using it signs nobody in. May
import every floor below.
"""

from flask import Blueprint, Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from chat.accounts import Person, reset_links
from chat.accounts.passwords import check_password, hash_password
from chat.audit import Action
from chat.errors import NotFound
from chat.web.errors import wants_problem
from chat.web.forms import Form, page
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("reset", __name__)


@blueprint.get("/reset/<token>")
def reset_form(token: str) -> Response:
    """The page to choose a new password, or to learn that the link does not work any more."""
    person = _find(token)
    return _gone() if person is None else page("auth/reset.html", Form(), person=person)


@blueprint.post("/reset/<token>")
def redeem(token: str) -> AnyResponse:
    """Set the new password; every session of the person ends."""
    person = _find(token)
    if person is None:
        return _gone()
    form = Form()
    password = form.read(
        "password", lambda text: check_password(text, email=person.email, name=person.name), ""
    )
    if form.errors:
        return page("auth/reset.html", form, person=person)
    hashed = hash_password(password)
    try:
        with site().database.writing() as session:
            reset_links.redeem(session, token, hashed)
            note(session, Action.PASSWORD_RESET, f"person:{person.id}", by=person.id)
    except NotFound:
        return _gone()
    site().watch.look_everywhere()
    flash("Your password is changed. Sign in with the new one.", "ok")
    return redirect("/login", 303)


def _find(token: str) -> Person | None:
    try:
        with site().database.reading() as session:
            return reset_links.find(session, token)
    except NotFound:
        return None


def _gone() -> Response:
    if wants_problem():
        raise NotFound(reset_links.GONE)
    return page("auth/gone.html", status=404, title="This link is over", text=reset_links.GONE)
