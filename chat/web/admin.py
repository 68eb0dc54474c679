"""The people page: invitations, roles, reset links, who may come in.

Keeps true: for everybody but admins there is nothing here; a link is shown once, when it is made.
May import every floor below.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat.accounts import FieldInvalid, invites, people, reset_links
from chat.audit import Action
from chat.errors import Conflict
from chat.spaces import ending
from chat.values import Role
from chat.web.access import admin_only, current_viewer
from chat.web.errors import wants_problem
from chat.web.forms import Form, page
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("admin", __name__, url_prefix="/people")
_MOST_DAYS = 90


@blueprint.get("")
@admin_only
def show() -> Response:
    """Everybody, and the invitations that are open."""
    return _people_page(Form())


@blueprint.post("/invites")
@admin_only
def invite() -> AnyResponse:
    """Make an invitation and show its link, this once."""
    form = Form()
    role = form.choice("role", Role, Role.MEMBER.value)
    days = form.read("days", days_of, site().settings.invite_days)
    token = ""
    if not form.errors:
        try:
            with site().database.writing() as session:
                token = invites.create(
                    session, current_viewer(), role, timedelta(days=days), form.value("note")
                )
                made = invites.find(session, token)
                note(session, Action.INVITED, f"invite:{made.id}", role=role.value, days=days)
        except FieldInvalid as error:
            form.refuse(error)
    if form.errors:
        return _people_page(form)
    link = url_for("auth.invite.invite_form", token=token, _external=True)
    return _people_page(None, link=link, link_for="invite")


@blueprint.post("/invites/<invite_id>/withdraw")
@admin_only
def withdraw(invite_id: str) -> AnyResponse:
    """Make an open invitation useless."""
    return _change(
        lambda session: invites.withdraw(session, invite_id),
        "The invitation is withdrawn.",
        (Action.INVITE_WITHDRAWN, f"invite:{invite_id}"),
    )


@blueprint.post("/<person_id>/role")
@admin_only
def change_role(person_id: str) -> AnyResponse:
    """Make a person an admin or a member."""
    role = Form().choice("role", Role)
    return _change(
        lambda session: people.change_role(session, person_id, role),
        "The role is changed.",
        (Action.ROLE_CHANGED, f"person:{person_id}"),
        role=role.value,
    )


@blueprint.post("/<person_id>/disable")
@admin_only
def disable(person_id: str) -> AnyResponse:
    """Shut a person out at once."""
    if person_id == current_viewer().id:
        return _refused(Conflict("This is your own account. Ask another admin to disable it."))
    return _change(
        lambda session: people.disable(session, person_id),
        "The account is disabled, and signed out everywhere.",
        (Action.PERSON_DISABLED, f"person:{person_id}"),
    )


@blueprint.post("/<person_id>/enable")
@admin_only
def enable(person_id: str) -> AnyResponse:
    """Let a disabled person in again."""
    return _change(
        lambda session: people.enable(session, person_id),
        "The account is enabled.",
        (Action.PERSON_ENABLED, f"person:{person_id}"),
    )


@blueprint.post("/<person_id>/reset-link")
@admin_only
def reset_link(person_id: str) -> AnyResponse:
    """Make a reset link and show it, this once."""
    try:
        with site().database.writing() as session:
            token = reset_links.create(session, person_id)
            person = people.find_person(session, person_id)
            note(session, Action.RESET_LINK_MADE, f"person:{person_id}")
    except Conflict as error:
        return _refused(error)
    link = url_for("auth.reset.reset_form", token=token, _external=True)
    return _people_page(None, link=link, link_for=person.name)


def _change(
    change: Callable[[Session], None], done: str, told: tuple[Action, str], **details: Any
) -> AnyResponse:
    """Change something, and tell the audit trail of it: what was done, to what."""
    try:
        with site().database.writing() as session:
            change(session)
            note(session, *told, **details)
    except Conflict as error:
        return _refused(error)
    site().watch.look_everywhere()
    flash(done, "ok")
    return redirect("/people", 303)


def _refused(error: Conflict) -> Response:
    """The page again, with what is in the way."""
    if wants_problem():
        raise error
    return _people_page(None, refused=error.detail, status=error.status)


def days_of(text: str) -> int:
    """How long an invitation lasts; FieldInvalid for what is no such number."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= _MOST_DAYS):
        raise FieldInvalid("days", f"Choose from 1 to {_MOST_DAYS} days.")
    return int(text[:4])


def _people_page(
    form: Form | None,
    *,
    link: str = "",
    link_for: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    with site().database.reading() as session:
        everybody = people.list_people(session)
        pending = invites.list_pending(session)
        ownerless = ending.without_owner(session)
    return page(
        "admin/people.html",
        form,
        status=status,
        everybody=everybody,
        pending=pending,
        ownerless=ownerless,
        link=link,
        link_for=link_for,
        refused=refused,
        invite_days=site().settings.invite_days,
    )
