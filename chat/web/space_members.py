"""Who is in a space: roles, taking out, invitations, for its owners.

Keeps true: whoever is taken out reads nothing more within a second, whatever they have open; a link
is shown once, when it is made. May import every floor below.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat import spaces
from chat.accounts import FieldInvalid, invites
from chat.audit import Action
from chat.errors import Conflict
from chat.values import Role, SpaceRole
from chat.web.access import current_viewer, signed_in
from chat.web.admin import days_of
from chat.web.errors import wants_problem
from chat.web.forms import Form
from chat.web.site import site
from chat.web.space_page import space_page
from chat.web.trail import note

blueprint = Blueprint("members", __name__, url_prefix="/<space_id>")


@blueprint.post("/members/<person_id>/role")
@signed_in
def change_role(space_id: str, person_id: str) -> AnyResponse:
    """Give a member another role."""
    viewer, role = current_viewer(), Form().choice("role", SpaceRole)
    return _change(
        space_id,
        lambda session: spaces.change_role(session, viewer, space_id, person_id, role),
        "The role is changed.",
        Action.MEMBER_CHANGED,
        person=person_id,
        role=role,
    )


@blueprint.post("/members/<person_id>/remove")
@signed_in
def remove(space_id: str, person_id: str) -> AnyResponse:
    """Take a member out."""
    viewer = current_viewer()
    return _change(
        space_id,
        lambda session: spaces.remove(session, viewer, space_id, person_id),
        "They are not in this space any more.",
        Action.MEMBER_REMOVED,
        person=person_id,
    )


@blueprint.post("/invites")
@signed_in
def invite(space_id: str) -> AnyResponse:
    """Make an invitation into the space and show its link, this once."""
    form, viewer, token = Form(), current_viewer(), ""
    role = form.choice("role", SpaceRole, SpaceRole.EDITOR.value)
    days = form.read("days", days_of, site().settings.invite_days)
    try:
        with site().database.writing() as session:
            spaces.shared_space(session, viewer, space_id)
            if not form.errors:
                token = invites.create(
                    session,
                    viewer,
                    Role.MEMBER,
                    timedelta(days=days),
                    form.value("note"),
                    space_id=space_id,
                    space_role=role,
                )
                made = invites.find(session, token)
                told: dict[str, Any] = {"space_id": space_id, "role": role, "days": days}
                note(session, Action.INVITED, f"invite:{made.id}", **told)
    except FieldInvalid as error:
        form.refuse(error)
    if form.errors:
        return space_page(space_id, form)
    link = url_for("auth.invite.invite_form", token=token, _external=True)
    return space_page(space_id, link=link)


@blueprint.post("/invites/<invite_id>/withdraw")
@signed_in
def withdraw(space_id: str, invite_id: str) -> AnyResponse:
    """Make an open invitation useless."""

    def act(session: Session) -> None:
        spaces.shared_space(session, current_viewer(), space_id)
        invites.withdraw(session, invite_id, space_id)

    return _change(
        space_id, act, "The invitation is withdrawn.", Action.INVITE_WITHDRAWN, invite=invite_id
    )


def _change(
    space_id: str, change: Callable[[Session], None], done: str, told: Action, **details: Any
) -> AnyResponse:
    try:
        with site().database.writing() as session:
            change(session)
            note(session, told, f"space:{space_id}", **details)
    except Conflict as error:
        if wants_problem():
            raise
        return space_page(space_id, Form(), refused=error.detail, status=error.status)
    site().watch.look_everywhere()
    flash(done, "ok")
    return redirect(f"/spaces/{space_id}", 303)
