"""One's own account: name, password, open sessions, API tokens.

Keeps true: everybody changes only what is their own; a new password asks for the old one; a token
is shown once. May import every floor below.
"""

from flask import Blueprint, Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from chat import conversations
from chat.accounts import FieldInvalid, api_tokens, clean_name, people, sessions
from chat.accounts.passwords import check_password, hash_password
from chat.audit import Action
from chat.web.access import current_viewer, forget_sign_in, signed_in
from chat.web.forms import Form, page
from chat.web.own_password import check_own_password
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@signed_in
def show() -> Response:
    """The account page."""
    return _account_page(Form())


@blueprint.post("/name")
@signed_in
def rename() -> AnyResponse:
    """Change one's name."""
    form = Form()
    name = form.read("name", clean_name, "")
    if form.errors:
        return _account_page(form)
    with site().database.writing() as session:
        people.rename(session, current_viewer().id, name)
        note(session, Action.PERSON_RENAMED, f"person:{current_viewer().id}")
    return _done("Your name is changed.")


@blueprint.post("/password")
@signed_in
def change_password() -> AnyResponse:
    """Change one's password, which ends all other sessions."""
    viewer, form = current_viewer(), Form()
    check_own_password(form, viewer)
    password = form.read(
        "password", lambda text: check_password(text, email=viewer.email, name=viewer.name), ""
    )
    if form.errors:
        return _account_page(form)
    hashed = hash_password(password)
    with site().database.writing() as session:
        people.set_password(session, viewer.id, hashed, keep_session=viewer.session_id)
        note(session, Action.PASSWORD_CHANGED, f"person:{viewer.id}")
    site().watch.look_everywhere()
    return _done("Your password is changed. All other devices are signed out.")


@blueprint.post("/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> AnyResponse:
    """End one of one's own sessions; the present one signs out here."""
    viewer = current_viewer()
    with site().database.writing() as session:
        sessions.end(session, viewer, session_id)
        note(session, Action.SIGNED_OUT, f"person:{viewer.id}", ended=session_id)
    site().watch.look_everywhere()
    if session_id == viewer.session_id:
        forget_sign_in()
        return redirect("/login", 303)
    return _done("That device is signed out.")


@blueprint.post("/sessions/end-others")
@signed_in
def end_other_sessions() -> AnyResponse:
    """End all of one's sessions but this one."""
    viewer = current_viewer()
    with site().database.writing() as session:
        sessions.end_all(session, viewer.id, keep=viewer.session_id)
        note(session, Action.SIGNED_OUT, f"person:{viewer.id}", ended="all others")
    site().watch.look_everywhere()
    return _done("All other devices are signed out.")


@blueprint.post("/tokens")
@signed_in
def create_token() -> AnyResponse:
    """Make an API token and show it, this once."""
    form = Form()
    try:
        with site().database.writing() as session:
            token = api_tokens.create(session, current_viewer(), form.value("token_name"))
            [made, *_] = api_tokens.list_own(session, current_viewer())
            note(session, Action.TOKEN_MADE, f"token:{made.id}")
    except FieldInvalid as error:
        form.refuse(error)
        return _account_page(form)
    return _account_page(None, new_token=token)


@blueprint.post("/tokens/<token_id>/revoke")
@signed_in
def revoke_token(token_id: str) -> AnyResponse:
    """End one of one's own API tokens."""
    with site().database.writing() as session:
        api_tokens.revoke(session, current_viewer(), token_id)
        note(session, Action.TOKEN_REVOKED, f"token:{token_id}")
    site().watch.look_everywhere()
    return _done("The token is revoked.")


def _done(text: str) -> AnyResponse:
    flash(text, "ok")
    return redirect("/account", 303)


def _account_page(form: Form | None, *, new_token: str = "") -> Response:
    viewer = current_viewer()
    with site().database.reading() as session:
        logins = sessions.list_own(session, viewer)
        tokens = api_tokens.list_own(session, viewer)
        links = conversations.list_own_links(session, viewer)
    return page(
        "account/account.html",
        form,
        logins=logins,
        tokens=tokens,
        links=links,
        new_token=new_token,
    )
