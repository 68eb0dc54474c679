"""Links by which others read a conversation: making, listing and withdrawing them.

Keeps true: the token is shown once, to whoever makes the link. May import every floor below web.
"""

from typing import Any

import msgspec
from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from chat import conversations
from chat.accounts.tokens import new_token, token_hash
from chat.audit import Action
from chat.conversations import LinkView
from chat.errors import Invalid
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import read_body
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("links", __name__)


class NewLink(msgspec.Struct, kw_only=True):
    """A link to make: how long it works, and whether it names everybody."""

    days: int = 7
    names: bool = False


@blueprint.get("/c/<conversation_id>/links")
@signed_in
def show(conversation_id: str) -> str:
    """The links of a conversation, and the form that makes one."""
    return _page(conversation_id)


@blueprint.post("/c/<conversation_id>/links")
@signed_in
def make(conversation_id: str) -> str:
    """Make a link; the page shows it this once."""
    form = request.form
    if not form.get("days", "7").isdecimal():
        raise Invalid("days is a whole number.")
    wish = NewLink(days=int(form.get("days", "7")[:4]), names=bool(form.get("names")))
    return _page(conversation_id, address=_make(conversation_id, wish)[1])


@blueprint.post("/c/<conversation_id>/links/<link_id>/withdraw")
@signed_in
def withdraw_it(conversation_id: str, link_id: str) -> AnyResponse:
    """Withdraw a link."""
    place = _withdraw(link_id)
    return redirect(f"/c/{place}/links", 303)


@blueprint.post("/account/links/<link_id>/withdraw")
@signed_in
def withdraw_own(link_id: str) -> AnyResponse:
    """Withdraw a link from the list of all that one has made."""
    _withdraw(link_id)
    flash("The link is withdrawn.", "ok")
    return redirect("/account#s-links", 303)


@blueprint.get("/api/links")
@signed_in
def list_own_api() -> Response:
    """The links that the viewer has made, of all conversations."""
    with site().database.reading() as session:
        links = conversations.list_own_links(session, current_viewer())
    return jsonify({"items": [one.as_json() for one in links]})


@blueprint.get("/api/conversations/<conversation_id>/links")
@signed_in
def list_api(conversation_id: str) -> Response:
    """The links of a conversation that work."""
    with site().database.reading() as session:
        links = conversations.list_links(session, current_viewer(), conversation_id)
    return jsonify({"items": [link.as_json() for link in links]})


@blueprint.post("/api/conversations/<conversation_id>/links")
@signed_in
def make_api(conversation_id: str) -> tuple[Response, int]:
    """Make a link; its address is in this answer alone."""
    link, address = _make(conversation_id, read_body(NewLink))
    return jsonify(link.as_json() | {"url": address}), 201


@blueprint.delete("/api/links/<link_id>")
@signed_in
def withdraw_api(link_id: str) -> tuple[str, int]:
    """Withdraw a link."""
    _withdraw(link_id)
    return "", 204


def _make(conversation_id: str, wish: NewLink) -> tuple[LinkView, str]:
    token = new_token()
    with site().database.writing() as session:
        link = conversations.make_link(
            session,
            current_viewer(),
            conversation_id,
            token_hash=token_hash(token),
            days=wish.days,
            shows_names=wish.names,
        )
        told: dict[str, Any] = {"days": wish.days, "names": wish.names}
        note(session, Action.LINK_MADE, f"link:{link.id}", conversation=conversation_id, **told)
    return link, f"{request.host_url}s/{token}"


def _withdraw(link_id: str) -> str:
    with site().database.writing() as session:
        place = conversations.withdraw_link(session, current_viewer(), link_id)
        note(session, Action.LINK_WITHDRAWN, f"link:{link_id}", conversation=place)
    return place


def _page(conversation_id: str, address: str = "") -> str:
    with site().database.reading() as session:
        viewer = current_viewer()
        found = conversations.find_conversation(session, viewer, conversation_id)
        links = conversations.list_links(session, viewer, conversation_id)
    return render_template("share/links.html", c=found, links=links, link=address)
