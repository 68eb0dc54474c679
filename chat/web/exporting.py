"""Conversations to take along: one as Markdown or JSON, all of one's own as JSON Lines.

Keeps true: the export of all is written while it is read, a conversation at a time, each in a short
session of its own: it holds no connection and little memory. May import every floor below web.
"""

import json
import re
import time
from collections.abc import Iterator

from flask import Blueprint, Response

from chat.audit import Action
from chat.conversations import exporting
from chat.errors import NotFound
from chat.values import Viewer
from chat.web.access import current_viewer, signed_in
from chat.web.site import Site, site
from chat.web.trail import note

blueprint = Blueprint("exporting", __name__)


@blueprint.get("/c/<conversation_id>/export.md")
@signed_in
def markdown(conversation_id: str) -> Response:
    """A conversation as Markdown."""
    with site().database.reading() as session:
        text = exporting.as_markdown(session, current_viewer(), conversation_id)
    _note(conversation_id)
    return _file(Response(text, mimetype="text/markdown"), _name(text[:80]) + ".md")


@blueprint.get("/c/<conversation_id>/export.json")
@signed_in
def as_json(conversation_id: str) -> Response:
    """A conversation with all its versions as JSON."""
    with site().database.reading() as session:
        data = exporting.as_data(session, current_viewer(), conversation_id)
    _note(conversation_id)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return _file(Response(text, mimetype="application/json"), _name(data["title"]) + ".json")


@blueprint.get("/account/conversations.jsonl")
@signed_in
def everything() -> Response:
    """All of one's own conversations, one a line."""
    viewer, parts = current_viewer(), site()
    with parts.database.reading() as session:
        ids = exporting.own_ids(session, viewer)
    with parts.database.writing() as session:
        note(session, Action.EVERYTHING_EXPORTED, f"person:{viewer.id}", what="conversations")
    response = Response(_lines(parts, viewer, ids), mimetype="application/jsonl")
    response.headers["X-Accel-Buffering"] = "no"
    return _file(response, "conversations.jsonl")


def _note(conversation_id: str) -> None:
    with site().database.writing() as session:
        note(session, Action.CONVERSATION_EXPORTED, f"conversation:{conversation_id}")


def _lines(parts: Site, viewer: Viewer, ids: list[str]) -> Iterator[bytes]:
    for one in ids:
        try:
            with parts.database.reading() as session:
                data = exporting.as_data(session, viewer, one)
        except NotFound:  # deleted meanwhile, or in a space that the viewer has left
            continue
        yield json.dumps(data, ensure_ascii=False).encode() + b"\n"
        time.sleep(0)  # let the streams go on between two


def _file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _name(title: str) -> str:
    """A name that every file system takes."""
    return "-".join(re.findall(r"[A-Za-z0-9]+", title))[:60].lower() or "conversation"
