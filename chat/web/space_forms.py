"""The spaces of a person: the list, making one, changing what one is set to, going out of it.

Keeps true: a space that one is not in, and what only its owners do, does not exist for others. May
import every floor below.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat import spaces
from chat.accounts import FieldInvalid, clean_label
from chat.audit import Action
from chat.errors import Conflict, Invalid
from chat.values import Viewer
from chat.web import space_members
from chat.web.access import current_viewer, signed_in
from chat.web.errors import wants_problem
from chat.web.forms import Form, page
from chat.web.policies import read_policy
from chat.web.site import site
from chat.web.space_page import space_page
from chat.web.trail import note

blueprint = Blueprint("spaces", __name__, url_prefix="/spaces")
blueprint.register_blueprint(space_members.blueprint)
NAME_LENGTH = 100


@blueprint.get("")
@signed_in
def show_all() -> Response:
    """The spaces that one is in, and the form for a new one."""
    return _list_page(Form())


@blueprint.post("")
@signed_in
def make() -> AnyResponse:
    """Make a space, which one owns."""
    form = Form()
    name = form.read("name", _clean_name, "")
    if form.errors:
        return _list_page(form)
    with site().database.writing() as session:
        made = spaces.create_space(session, current_viewer(), name)
        note(session, Action.SPACE_MADE, f"space:{made.id}")
    flash("The space is there. Invite those who should be in it.", "ok")
    return redirect(f"/spaces/{made.id}", 303)


@blueprint.get("/<space_id>")
@signed_in
def show(space_id: str) -> Response:
    """One space, as what one is in it."""
    return space_page(space_id, Form())


@blueprint.post("/<space_id>")
@signed_in
def change(space_id: str) -> AnyResponse:
    """Change what a space is set to, as an owner."""
    form = Form()
    name = form.read("name", _clean_name, "") if "name" in request.form else None
    instructions = form.read("instructions", _clean_instructions, "")
    known = {provider.name for provider in site().providers.list()}
    order = [one for one in request.form.getlist("provider") if one in known]
    policy = read_policy(request.form.get("personal_data", ""))
    injections = form.read("injections", _clean_injections, "")
    if form.errors:
        return space_page(space_id, form)
    viewer = current_viewer()
    with site().database.writing() as session:
        before = _set_to(session, viewer, space_id)
        spaces.change_space(
            session,
            viewer,
            space_id,
            name=name,
            instructions=instructions,
            providers=order,
            personal_data=policy,
            injections=injections if "injections" in request.form else None,
        )
        after = _set_to(session, viewer, space_id)
        if changed := [what for what in after if after[what] != before[what]]:
            told = {"personal_data": after["personal_data"]} if "personal_data" in changed else {}
            note(session, Action.SPACE_CHANGED, f"space:{space_id}", changed=changed, **told)
    flash("Saved. The next answers are made by it.", "ok")
    return redirect(f"/spaces/{space_id}", 303)


@blueprint.post("/<space_id>/leave")
@signed_in
def leave(space_id: str) -> AnyResponse:
    """Go out of a space."""
    viewer = current_viewer()
    try:
        with site().database.writing() as session:
            left = spaces.member_space(session, viewer, space_id)
            spaces.leave(session, viewer, space_id)
            note(session, Action.SPACE_LEFT, f"space:{space_id}")
    except Conflict as error:
        if wants_problem():
            raise
        return space_page(space_id, Form(), refused=error.detail, status=error.status)
    site().watch.look_everywhere()
    flash(f"You are not in {left.name} any more.", "ok")
    return redirect("/spaces", 303)


def _set_to(session: Session, viewer: Viewer, space_id: str) -> dict[str, Any]:
    """What a form of the page changes: for the trail, which tells only what was, not to what."""
    brief = spaces.read_brief(session, space_id, viewer.id)
    name = spaces.member_space(session, viewer, space_id).name
    return {
        "name": name,
        "instructions": brief.instructions,
        "providers": brief.providers,
        "personal_data": brief.personal_data.word,
        "injections": brief.injections,
    }


def _list_page(form: Form) -> Response:
    with site().database.reading() as session:
        mine = spaces.member_spaces(session, current_viewer())
    return page("spaces/list.html", form, mine=mine)


def _clean_name(text: str) -> str:
    return clean_label("name", text, NAME_LENGTH, missing="Give the space a name.")


def _clean_injections(text: str) -> str:
    if text not in {"", "off", "warn", "drop"}:
        raise FieldInvalid("injections", "Choose one of the list.")
    return text


def _clean_instructions(text: str) -> str:
    try:
        return spaces.clean_instructions(text)
    except Invalid as error:
        raise FieldInvalid("instructions", error.detail) from error
