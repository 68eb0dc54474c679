"""The documents of the library as JSON.

Keeps true: a request never waits for a file to be read: what comes of files is told by the routes
of `uploads.py`. May import every floor below web.
"""

from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, request

from chat.errors import Invalid, NotFound
from chat.knowledge import catalogue, documents, preparing, storing
from chat.knowledge.documents import DocumentSummary
from chat.knowledge.reading.refusals import Refused, error_of
from chat.knowledge.reading.text import tidy
from chat.values import Viewer, iso
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import read_body, read_limit
from chat.web.counting import count_files
from chat.web.receiving import chosen_space, printable, receive_files
from chat.web.site import site
from chat.web.upload_views import describe
from chat.web.where import asked_space

blueprint = Blueprint("documents", __name__, url_prefix="/api/documents")
_KINDS_OF_TEXT = ("markdown", "text")


class NewDocument(msgspec.Struct, kw_only=True):
    """A document given as text; without a title it takes its own."""

    text: str
    title: str = ""
    kind: str = "markdown"
    space_id: str | None = None


@blueprint.get("")
@signed_in
def list_documents() -> Response:
    """The documents that the person may see."""
    viewer = current_viewer()
    limit, offset, title = read_limit(50, 200), read_offset(), request.args.get("q", "")
    with site().database.reading() as session:
        space = asked_space(session, viewer)
        read = viewer.space_ids if space is None else (space.id,)
        totals = catalogue.count_documents(session, read, title=title)
        entries = catalogue.find_documents(session, read, title=title, limit=limit, offset=offset)
    shown = offset + len(entries)
    return jsonify(
        {
            "items": [as_json(entry.document, added_by=entry.added_by) for entry in entries],
            "total": totals.documents,
            "passages": totals.passages,
            "next": shown if shown < totals.documents else None,
        }
    )


@blueprint.post("")
@signed_in
def add_documents() -> tuple[Response, int]:
    """Add what the body holds: text as JSON, or files of a form."""
    viewer = current_viewer()
    if request.mimetype != "multipart/form-data":
        document = _add_text(viewer, read_body(NewDocument))
        return jsonify({"items": [as_json(document)]}), 200 if document.duplicate else 201
    return jsonify({"items": [describe(upload) for upload in receive_files(viewer)]}), 202


@blueprint.get("/<document_id>")
@signed_in
def read_document(document_id: str) -> Response:
    """One document, its text, and the first passages of it."""
    viewer = current_viewer()
    with site().database.reading() as session:
        document = documents.get_document(session, document_id, viewer.space_ids)
        text = documents.document_text(session, document_id, viewer.space_ids)
        passages = catalogue.read_passages(session, document_id)
    parts = [{"id": p.id, "heading": p.heading, "place": p.place, "text": p.text} for p in passages]
    return jsonify(as_json(document) | {"text": text, "parts": parts})


@blueprint.delete("/<document_id>")
@signed_in
def delete_document(document_id: str) -> tuple[str, int]:
    """Remove a document."""
    remove(current_viewer(), document_id)
    return "", 204


def _add_text(viewer: Viewer, body: NewDocument) -> DocumentSummary:
    """Add a document given as text, which passes the same checks as a file."""
    if body.kind not in _KINDS_OF_TEXT:
        raise Invalid(f"kind is {' or '.join(_KINDS_OF_TEXT)}, not {body.kind[:40]}.")
    space_id = chosen_space(viewer, body.space_id)
    count_files(viewer, 1)
    try:
        prepared = preparing.prepare(printable(body.title), tidy(body.text), body.kind)
    except Refused as refused:
        raise error_of(refused.reason, refused.detail) from refused
    added = storing.add(
        site().database, prepared, space_id=space_id, origin="api", added_by=viewer.id
    )
    site().embedding.wake()
    return added


def remove(viewer: Viewer, document_id: str) -> None:
    """Remove a document; NotFound for who may not."""
    with site().database.reading() as session:
        document = documents.get_document(session, document_id, viewer.space_ids)
    if not may_remove(viewer, document):
        raise NotFound("There is no such document, or it is not yours to delete.")
    storing.remove(site().database, document_id, viewer.space_ids, removed_by=viewer.id)


def may_remove(viewer: Viewer, document: DocumentSummary) -> bool:
    """Whether the viewer may delete it, in a space where they write.

    Who added it may, the owners of the space, and admins.
    """
    is_theirs = document.added_by == viewer.id or viewer.is_admin
    is_theirs = is_theirs or viewer.owns(document.space_id)
    return is_theirs and document.space_id in viewer.writable_ids


def as_json(document: DocumentSummary, **more: Any) -> dict[str, Any]:
    """A document as the API gives it."""
    return {
        "id": document.id,
        "space_id": document.space_id,
        "title": document.title,
        "kind": document.kind,
        "origin": document.origin,
        "handbook": document.is_handbook,
        "passages": document.passages,
        "created_at": iso(document.created_at),
        "version": document.version,
        "duplicate": document.duplicate,
        **more,
    }


def read_offset(name: str = "offset") -> int:
    """The number in the query from which on a list is wanted."""
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Invalid(f"{name} is a whole number from 0.")
    return int(text)
