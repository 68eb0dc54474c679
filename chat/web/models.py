"""The page Models: connecting providers of models, ordering them, trying them out.

Keeps true: for everybody but admins there is nothing here; a key comes in and never goes out; a
change takes effect at once; everything works without JavaScript. May import every floor below.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat.audit import Action
from chat.errors import Invalid
from chat.providers import stored
from chat.providers.sealing import Unreadable
from chat.providers.stored import KeyNeeded, NameTaken, StoredView
from chat.vendors import VENDORS
from chat.web.access import admin_only
from chat.web.forms import Form, page
from chat.web.model_form import KEY_FIELD, check_key, read_description, read_key
from chat.web.models_page import (
    find_connection,
    free_name,
    list_rows,
    names_of_environment,
    read_row,
    sealer,
)
from chat.web.policies import choices_of_provider
from chat.web.site import site
from chat.web.trail import note
from chat.web.trying import Tried, try_provider

_UNREADABLE = "Its key cannot be read, because the secret key has changed. Type it again."
blueprint = Blueprint("models", __name__, url_prefix="/models")


class Way(StrEnum):
    """Where to move a provider in the order."""

    UP = "up"
    DOWN = "down"


class Switch(StrEnum):
    """Whether a provider may write answers."""

    ON = "on"
    OFF = "off"


@blueprint.get("")
@admin_only
def show() -> Response:
    """Who writes answers, in order, and what more can be connected."""
    return _list_page()


@blueprint.get("/new")
@admin_only
def new() -> Response:
    """The form of one more provider, filled in as the preset of the query has it."""
    preset = request.args.get("preset", "openai")
    if preset not in VENDORS:
        raise Invalid("There is no such preset.")
    vendor, name = VENDORS[preset], free_name(preset, list_rows())
    start = {"name": name, "preset": preset, "base_url": vendor.address, "models": ""}
    return _form_page(None, start | {"context_tokens": str(vendor.context_tokens)})


@blueprint.post("")
@admin_only
def add() -> AnyResponse:
    """Connect one more provider."""
    form = Form()
    said, key = read_description(form, names_of_environment()), read_key(form)
    if said is not None:
        check_key(form, said, has_key=bool(key))
    if said is None or form.errors:
        return _form_page(form, {})
    return _save(form, lambda session: stored.add_stored(session, sealer(), said, key))


@blueprint.get("/<provider_id>")
@admin_only
def edit(provider_id: str) -> Response:
    """The form of a provider as it is."""
    row = read_row(provider_id)
    start = {"name": row.name, "preset": row.preset, "base_url": row.base_url}
    more = {"models": "\n".join(row.models), "context_tokens": str(row.context_tokens)}
    more["embedding_model"] = row.embedding_model
    more["personal_data"] = "" if row.personal_data is None else row.personal_data.word
    return _form_page(None, start | more, row)


@blueprint.post("/<provider_id>")
@admin_only
def change(provider_id: str) -> AnyResponse:
    """Describe a provider anew; an empty field of the key keeps the key."""
    row, form = read_row(provider_id), Form()
    said, typed = read_description(form, names_of_environment() - {row.name}), read_key(form)
    key = "" if form.typed.get("forget_key") else typed or None
    if said is not None:
        kept = key is None and row.key_set_at is not None
        check_key(form, said, has_key=kept or bool(key))
    if said is None or form.errors:
        return _form_page(form, {}, row)
    return _save(
        form, lambda session: stored.change_stored(session, sealer(), row.id, said, key), row
    )


@blueprint.post("/<provider_id>/move")
@admin_only
def move(provider_id: str) -> AnyResponse:
    """Ask a provider one place earlier, or later."""
    up = Form().choice("way", Way) is Way.UP
    return _change(
        lambda session: stored.move_stored(session, provider_id, up=up),
        "The order is changed.",
        (Action.PROVIDER_MOVED, f"provider:{provider_id}"),
        up=up,
    )


@blueprint.post("/<provider_id>/switch")
@admin_only
def switch(provider_id: str) -> AnyResponse:
    """Let a provider write answers, or no more."""
    on = Form().choice("to", Switch) is Switch.ON
    done = "The provider is switched on." if on else "The provider is switched off."
    return _change(
        lambda session: stored.switch_stored(session, provider_id, on=on),
        done,
        (Action.PROVIDER_SWITCHED, f"provider:{provider_id}"),
        on=on,
    )


@blueprint.post("/<provider_id>/delete")
@admin_only
def delete(provider_id: str) -> AnyResponse:
    """Forget a provider and its key."""
    return _change(
        lambda session: stored.delete_stored(session, provider_id),
        "The provider is deleted.",
        (Action.PROVIDER_DELETED, f"provider:{provider_id}"),
    )


@blueprint.post("/test")
@admin_only
def test() -> AnyResponse:
    """Ask a provider for a few words and show them, or why there are none.

    With `part` in the query the answer is the fragment that stands below its row.
    """
    name = Form().typed.get("name", "")
    try:
        tried = try_provider(find_connection(name))
    except Unreadable:
        tried = Tried(error=_UNREADABLE)
    if "part" in request.args:
        return Response(render_template("admin/model_tried.html", tried=tried))
    return _list_page(tried={name: tried})


def _change(
    change: Callable[[Session], None], done: str, told: tuple[Action, str], **details: Any
) -> AnyResponse:
    with site().database.writing() as session:
        change(session)
        note(session, *told, **details)
    return _changed(done)


def _save(
    form: Form, write: Callable[[Session], object], row: StoredView | None = None
) -> AnyResponse:
    """Write what the form says; what the database refuses comes back beside its field."""
    try:
        with site().database.writing() as session:
            write(session)
            policy = form.typed.get("personal_data") or None
            subject = f"provider:{row.id}" if row else ""
            note(session, Action.PROVIDER_SAVED, subject, personal_data=policy)
    except NameTaken as error:
        form.errors["name"] = error.detail
    except KeyNeeded as error:
        form.errors[KEY_FIELD] = error.detail
    if form.errors:
        return _form_page(form, {}, row)
    return _changed("The provider is saved." if row else "The provider is connected. Test it now.")


def _changed(done: str) -> AnyResponse:
    site().providers.reload()
    site().embedding.wake()
    flash(done, "ok")
    return redirect("/models", 303)


def _list_page(tried: Mapping[str, Tried] | None = None) -> Response:
    return page("admin/models.html", rows=list_rows(), presets=VENDORS, tried=tried or {})


def _form_page(
    form: Form | None, start: Mapping[str, str], row: StoredView | None = None
) -> Response:
    values: dict[str, Any] = {"start": start, "row": row, "presets": VENDORS}
    values["policies"] = choices_of_provider(site().settings.personal_data)
    return page("admin/model.html", form, key_field=KEY_FIELD, **values)
