"""Concepts as JSON: the graph of them, and one of them with its links and passages.

May import every floor below web.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from chat.errors import NotFound
from chat.knowledge import documents
from chat.knowledge.graph import MOST, read_graph
from chat.knowledge.mentions import Mentioned, read_concept
from chat.values import Viewer
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import read_limit
from chat.web.documents import read_offset
from chat.web.site import site

blueprint = Blueprint("concepts", __name__, url_prefix="/api/concepts")
USUAL = 150


@dataclass(frozen=True, slots=True)
class Scope:
    """Of what concepts are asked for: all the viewer's spaces, one of them, or one document."""

    space_ids: tuple[str, ...]
    space_id: str = ""
    document_id: str = ""
    document_title: str = ""


@blueprint.get("")
@signed_in
def show_graph() -> Response:
    """The weightiest concepts that the person may see, and how they are linked."""
    scope, most = read_scope(current_viewer()), read_limit(USUAL, MOST)
    with site().database.querying() as session:
        found = read_graph(session, scope.space_ids, document_id=scope.document_id, most=most)
    return jsonify(
        {
            "items": [
                {"key": node.key, "name": node.name, "passages": node.passages}
                for node in found.nodes
            ],
            "links": [
                {"of": [edge.one, edge.other], "passages": edge.passages,
                 "strength": round(edge.strength, 3)}
                for edge in found.edges
            ],
            "passages": found.passages,
        }
    )  # fmt: skip


@blueprint.get("/<key>")
@signed_in
def show_concept(key: str) -> Response:
    """One concept, its strongest links, and passages that mention it."""
    scope, limit, offset = read_scope(current_viewer()), read_limit(20, 100), read_offset()
    with site().database.querying() as session:
        found = read_concept(
            session,
            scope.space_ids,
            key,
            document_id=scope.document_id,
            limit=limit,
            offset=offset,
        )
    shown = offset + len(found.mentions)
    return jsonify(
        {
            "key": found.key,
            "name": found.name,
            "passages": found.passages,
            "documents": found.documents,
            "links": [
                {"key": one.key, "name": one.name, "passages": one.shared,
                 "strength": round(one.strength, 3)}
                for one in found.links
            ],
            "items": [_as_json(one) for one in found.mentions],
            "next": shown if shown < found.passages else None,
        }
    )  # fmt: skip


def read_scope(viewer: Viewer) -> Scope:
    """What `?space=` and `?document=` name; NotFound where the viewer may not see it."""
    space_id, document_id = request.args.get("space", ""), request.args.get("document", "")
    if space_id and space_id not in viewer.space_ids:
        raise NotFound("There is no such space.")
    space_ids = (space_id,) if space_id else tuple(viewer.space_ids)
    if not document_id:
        return Scope(space_ids, space_id)
    with site().database.reading() as session:
        document = documents.get_document(session, document_id, space_ids)
    return Scope(space_ids, space_id, document.id, document.title)


def _as_json(one: Mentioned) -> dict[str, Any]:
    return {
        "passage_id": one.passage_id,
        "document_id": one.document_id,
        "title": one.title,
        "heading": one.heading,
        "place": one.place,
        "quote": one.excerpt.text,
    }
