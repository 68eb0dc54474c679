"""Taking along and deleting what is one's own, a space, or what a disabled person left.

Keeps true: a password is asked for again before anything is deleted or given out for another; an
admin does so only for a person who cannot do it themselves. May import every floor below.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from chat import spaces
from chat.accounts import people
from chat.accounts.viewers import viewer_of
from chat.answering.erasing import erase_person, erase_space
from chat.audit import Action
from chat.errors import Conflict
from chat.spaces import ending
from chat.values import Viewer
from chat.web.access import admin_only, current_viewer, forget_sign_in, signed_in
from chat.web.errors import wants_problem
from chat.web.forms import Form, page
from chat.web.own_password import check_own_password
from chat.web.site import site
from chat.web.taking_along import archive
from chat.web.trail import note
from chat.web.write_timeout import limit_writes

blueprint = Blueprint("going", __name__)


@blueprint.post("/account/export")
@signed_in
def export_own() -> Response:
    """Everything that is one's own, as a ZIP archive."""
    return _archive(current_viewer())


@blueprint.get("/account/delete")
@signed_in
def ask_delete_own() -> Response:
    """What goes with one's account and what stays, and the form that deletes it."""
    return _own_page(Form())


@blueprint.post("/account/delete")
@signed_in
def delete_own() -> AnyResponse:
    """Delete one's account and what is one's own."""
    viewer, form = current_viewer(), Form()
    check_own_password(form, viewer)
    if form.errors:
        return _own_page(form)
    try:
        erase_person(site().database, viewer.id, viewer.id, site().intake.drop)
    except Conflict as error:
        return _refused(error, _own_page)
    forget_sign_in()
    site().watch.look_everywhere()
    flash("Your account is deleted, with everything that was yours alone.", "ok")
    return redirect("/login", 303)


@blueprint.get("/people/<person_id>/delete")
@admin_only
def ask_delete_person(person_id: str) -> Response:
    """What an admin may do with what a disabled person left."""
    return _person_page(person_id, Form())


@blueprint.post("/people/<person_id>/export")
@admin_only
def export_person(person_id: str) -> AnyResponse:
    """Everything of a disabled person, as a ZIP archive, to be handed over to them."""
    person, form = _disabled(person_id), Form()
    check_own_password(form, current_viewer())
    if form.errors:
        return _person_page(person_id, form)
    return _archive(person)


@blueprint.post("/people/<person_id>/delete")
@admin_only
def delete_person(person_id: str) -> AnyResponse:
    """Delete a disabled person and what was theirs alone."""
    viewer, form, parts = current_viewer(), Form(), site()
    person = _disabled(person_id)
    check_own_password(form, viewer)
    if form.errors:
        return _person_page(person_id, form)
    try:
        erase_person(parts.database, person_id, viewer.id, parts.intake.drop)
    except Conflict as error:
        return _refused(error, lambda **told: _person_page(person_id, **told))
    flash(f"The account of {person.name} is deleted.", "ok")
    return redirect("/people", 303)


@blueprint.get("/spaces/<space_id>/delete")
@signed_in
def ask_delete_space(space_id: str) -> Response:
    """What goes with a space, and the form that deletes it, for its owners."""
    return _space_page(space_id, Form())


@blueprint.post("/spaces/<space_id>/delete")
@signed_in
def delete_space(space_id: str) -> AnyResponse:
    """Delete a space with its documents and what was shared in it."""
    viewer, form, parts = current_viewer(), Form(), site()
    with parts.database.reading() as session:
        found = spaces.shared_space(session, viewer, space_id)
    check_own_password(form, viewer)
    if form.errors:
        return _space_page(space_id, form)
    try:
        erase_space(parts.database, viewer, space_id, parts.intake.drop)
    except Conflict as error:
        return _refused(error, lambda **told: _space_page(space_id, **told))
    parts.watch.look_everywhere()
    flash(f"The space {found.name} is deleted.", "ok")
    return redirect("/spaces", 303)


@blueprint.post("/people/spaces/<space_id>/owner")
@admin_only
def appoint(space_id: str) -> AnyResponse:
    """Give a space an owner, where none of its owners can sign in any more."""
    person_id = Form().typed.get("person", "")
    with site().database.writing() as session:
        ending.appoint_owner(session, space_id, person_id)
        note(session, Action.OWNER_APPOINTED, f"space:{space_id}", person=person_id)
    site().watch.look_everywhere()
    flash("The space has an owner again.", "ok")
    return redirect("/people", 303)


def _archive(person: Viewer) -> Response:
    parts = site()
    with parts.database.writing() as session:
        note(session, Action.EVERYTHING_EXPORTED, f"person:{person.id}", what="everything")
    limit_writes()
    response = Response(archive(parts, person), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="parley-export.zip"'
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _disabled(person_id: str) -> Viewer:
    """A person who cannot do it themselves; Conflict for one who can."""
    with site().database.reading() as session:
        person = people.find_person(session, person_id)
        found = viewer_of(session, person_id)
    if person.disabled_at is None:
        raise Conflict("Disable the account first: who can sign in does this themselves.")
    assert found is not None
    return found


def _refused(error: Conflict, show: Callable[..., Response]) -> AnyResponse:
    if wants_problem():
        raise error
    return show(refused=error.detail, status=error.status)


def _own_page(form: Form | None = None, **told: Any) -> Response:
    with site().database.reading() as session:
        alone = ending.owned_alone(session, current_viewer().id)
    return page("account/delete.html", form, alone=alone, **told)


def _person_page(person_id: str, form: Form | None = None, **told: Any) -> Response:
    person = _disabled(person_id)
    with site().database.reading() as session:
        alone = ending.owned_alone(session, person_id)
    return page("admin/delete_person.html", form, person=person, alone=alone, **told)


def _space_page(space_id: str, form: Form | None = None, **told: Any) -> Response:
    with site().database.reading() as session:
        space = spaces.shared_space(session, current_viewer(), space_id)
    return page("spaces/delete.html", form, space=space, **told)
