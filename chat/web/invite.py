"""The link of an invitation: who invites, and the form that makes the account.

Keeps true: a link that is used, over or withdrawn says so and does nothing; who is signed in joins
the space that it leads into with the account that they have. May import every floor below.
"""

from flask import Blueprint, Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from chat import spaces
from chat.accounts import Credentials, FieldInvalid, clean_email, clean_name, invites
from chat.accounts.invites import InviteView
from chat.accounts.passwords import PasswordHash, check_password, hash_password
from chat.audit import Action
from chat.errors import NotFound
from chat.spaces import default_space
from chat.web.access import current_viewer, signed_in, viewer_or_none
from chat.web.errors import wants_problem
from chat.web.forms import Form, page
from chat.web.signing_in import begin_session
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("invite", __name__)


@blueprint.get("/invite/<token>")
def invite_form(token: str) -> Response:
    """The page that makes an account or joins, or says that the link does not work any more."""
    found = _find(token)
    if found is None:
        return _gone()
    if found.space_id and (viewer_or_none() is not None or not found.makes_account):
        return page("auth/join.html", Form(), invite=found)
    return page("auth/invite.html", Form(), invite=found)


@blueprint.post("/invite/<token>")
def redeem(token: str) -> AnyResponse:
    """Make the account and sign it in."""
    found = _find(token)
    if found is None or not found.makes_account:
        return _gone()
    form = Form()
    email = form.read("email", clean_email, "")
    name = form.read("name", clean_name, "")
    password = form.read("password", lambda text: check_password(text, email=email, name=name), "")
    if form.errors:
        return page("auth/invite.html", form, invite=found)
    hashed = hash_password(password)
    try:
        credentials = _redeem(token, email, name, hashed)
    except FieldInvalid as error:
        form.refuse(error)
        return page("auth/invite.html", form, invite=found)
    if credentials is None:
        return _gone()
    begin_session(credentials)
    return redirect("/", 303)


@blueprint.post("/invite/<token>/accept")
@signed_in
def accept(token: str) -> AnyResponse:
    """Join the space with one's account."""
    viewer = current_viewer()
    try:
        with site().database.writing() as session:
            joined = invites.accept(session, token, viewer.id)
            assert joined.space_role is not None
            spaces.join(session, viewer.id, joined.space_id, joined.space_role)
            told = {"invite": joined.id, "role": joined.space_role}
            note(session, Action.SPACE_JOINED, f"space:{joined.space_id}", **told)
    except NotFound:
        return _gone()
    site().watch.look_everywhere()
    flash(f"You are in {joined.space_name} now.", "ok")
    return redirect(f"/spaces/{joined.space_id}", 303)


def _redeem(token: str, email: str, name: str, hashed: PasswordHash) -> Credentials | None:
    try:
        with site().database.writing() as session:
            invite = invites.find(session, token)
            person = invites.redeem(
                session,
                token,
                email=email,
                name=name,
                password_hash=hashed,
                space_id=default_space(session).id,
            )
            told = {"role": person.role, "invite": invite.id, "space_id": invite.space_id}
            note(session, Action.JOINED, f"person:{person.id}", by=person.id, **told)
    except NotFound:
        return None
    return Credentials(person.id, hashed)


def _find(token: str) -> InviteView | None:
    try:
        with site().database.reading() as session:
            return invites.find(session, token)
    except NotFound:
        return None


def _gone() -> Response:
    if wants_problem():
        raise NotFound(invites.GONE)
    return page("auth/gone.html", status=404, title="This invitation is over", text=invites.GONE)
