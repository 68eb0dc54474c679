"""The page of concepts: a list of them that works by itself, one of them, and the graph over both.

Without script the page is the list and its filters; static/js/components/graph.js draws the same
concepts, which it reads from /api/concepts. May import every floor below web.
"""

from typing import Any

from flask import Blueprint, Response, render_template, request

from chat import spaces
from chat.errors import NotFound
from chat.knowledge import catalogue
from chat.knowledge.graph import MOST, read_nodes
from chat.knowledge.mentions import ConceptView, read_concept
from chat.knowledge.phrases import key_of
from chat.web import concepts
from chat.web.access import current_viewer, signed_in
from chat.web.concepts import USUAL, Scope, read_scope
from chat.web.documents import read_offset
from chat.web.site import site
from chat.web.where import asked_space

blueprint = Blueprint("graph", __name__)
blueprint.register_blueprint(concepts.blueprint)
SIZES = (40, USUAL, MOST)
_OFFERED = 200  # documents to choose from; every other one leads here from its own page
_FIRST, _MORE = 3, 50  # passages of a concept


@blueprint.get("/graph")
@signed_in
def show() -> Response:
    """The concepts of what the viewer may read, or of a part of it."""
    viewer = current_viewer()
    scope, most = read_scope(viewer), _read_size()
    wanted = request.args.get("q", "").strip()[:200]
    with site().database.reading() as session:
        space = asked_space(session, viewer)
        known = spaces.member_spaces(session, viewer)
        documents = catalogue.find_documents(session, scope.space_ids, limit=_OFFERED)
        nodes = read_nodes(session, scope.space_ids, document_id=scope.document_id, most=most)
    shown = [node for node in nodes if wanted.casefold() in node.name.casefold()]
    return _page(
        "graph/graph.html",
        scope=scope,
        space=space,
        spaces=known,
        documents=[(entry.document.id, entry.document.title) for entry in documents],
        sizes=SIZES,
        most=most,
        wanted=wanted,
        nodes=shown,
        in_all=len(nodes),
        concept=_chosen(scope),
        query=_query(scope, most),
    )


@blueprint.get("/graph/concept")
@signed_in
def one() -> Response:
    """Fragment: one concept, as the panel beside the graph shows it; `?name=` will do, too."""
    scope = read_scope(current_viewer())
    key = request.args.get("concept", "") or key_of(request.args.get("name", "")[:200])
    found = _read(scope, key, read_offset("from"))
    return _page(
        "graph/fragment.html", concept=found, scope=scope, query=_query(scope, _read_size())
    )


def _chosen(scope: Scope) -> ConceptView | None:
    """The concept that the address names, if there is one."""
    key = request.args.get("concept", "")
    try:
        return _read(scope, key, read_offset("from")) if key else None
    except NotFound:
        return None


def _read(scope: Scope, key: str, offset: int) -> ConceptView:
    all_of_them = request.args.get("all") == "1"
    with site().database.querying() as session:
        return read_concept(
            session,
            scope.space_ids,
            key,
            document_id=scope.document_id,
            limit=_MORE if all_of_them else _FIRST,
            offset=offset,
        )


def _read_size() -> int:
    text = request.args.get("limit", "")
    return next((size for size in SIZES if text == str(size)), USUAL)


def _query(scope: Scope, most: int) -> dict[str, Any]:
    """What leads back to the same concepts."""
    asked = {"space": scope.space_id, "document": scope.document_id}
    asked["limit"] = str(most) if most != USUAL else ""
    return {name: value for name, value in asked.items() if value}


def _page(template: str, **values: Any) -> Response:
    return Response(render_template(template, **values))
