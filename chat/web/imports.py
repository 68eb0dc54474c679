"""Conversations from elsewhere: taking in their files, and how far these are.

Keeps true: a request ends when its bytes are on the disk; what is read in is for its owner alone.
May import every floor below web.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from chat import spaces
from chat.errors import Invalid
from chat.knowledge import uploads
from chat.knowledge.uploads import UploadView
from chat.values import Viewer, new_id
from chat.web.access import current_viewer, signed_in
from chat.web.counting import count_files
from chat.web.receiving import printable, save_file
from chat.web.site import site
from chat.web.upload_views import message, refused
from chat.web.uploads import withdraw

blueprint = Blueprint("imports", __name__)


@blueprint.get("/account/imports")
@signed_in
def show() -> str:
    """The page that takes a file, and tells what became of others."""
    mine = _find(current_viewer())
    return render_template(
        "account/imports.html",
        imports=[describe(one) for one in mine],
        is_reading=not all(one.is_over for one in mine),
        limit_mb=site().settings.max_upload_bytes // (1024 * 1024),
    )


@blueprint.post("/account/imports")
@signed_in
def add() -> AnyResponse:
    """Take in the file of the form."""
    _receive(current_viewer())
    return redirect("/account/imports", 303)


@blueprint.post("/account/imports/<upload_id>/dismiss")
@signed_in
def dismiss(upload_id: str) -> AnyResponse:
    """End or dismiss an import; conversations that are read in by now stay."""
    withdraw(current_viewer(), upload_id)
    return redirect("/account/imports", 303)


@blueprint.get("/api/imports")
@signed_in
def list_api() -> Response:
    """The person's own imports of the last day."""
    return jsonify({"items": [describe(one) for one in _find(current_viewer())]})


@blueprint.post("/api/imports")
@signed_in
def add_api() -> tuple[Response, int]:
    """Take in an export of ChatGPT or Open WebUI."""
    return jsonify(describe(_receive(current_viewer()))), 202


def describe(upload: UploadView) -> dict[str, Any]:
    """An import as the API gives it."""
    [result] = upload.results or [{}]
    return {
        "id": upload.id,
        "name": upload.name,
        "size": upload.size,
        "state": upload.state,
        "done": upload.done,
        "total": upload.total,
        "message": _message(upload),
        "made": result.get("made", 0),
        "grown": result.get("grown", 0),
        "known": result.get("known", 0),
        "refused": refused(upload),
    }


def _message(upload: UploadView) -> str:
    """Where an import is, or what came of it, in a few words."""
    if upload.state != "done":
        return message(upload)
    [result] = upload.results
    made, grown, known = (result.get(name, 0) for name in ("made", "grown", "known"))
    parts = [f"{made} {'conversation' if made == 1 else 'conversations'} read in"]
    parts += [f"{grown} went on"] if grown else []
    parts += [f"{known} {'was' if known == 1 else 'were'} here before"] if known else []
    return ", ".join(parts)


def _find(viewer: Viewer) -> list[UploadView]:
    with site().database.reading() as session:
        mine = uploads.find_mine(session, viewer, kind=uploads.TALKS)
    if not all(one.is_over for one in mine):
        site().intake.wake()  # whoever was to read them may be gone
    return mine


def _receive(viewer: Viewer) -> UploadView:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("No file was sent. Choose one.")
    count_files(viewer, 1)
    upload_id, parts = new_id(), site()
    path = parts.intake.path(upload_id)
    try:
        size, sha256 = save_file(file.stream, path)
        with parts.database.writing() as session:
            [own] = [one.id for one in spaces.member_spaces(session, viewer) if one.is_personal]
            name = printable(file.filename)[-300:] or "file"
            given = {"id": upload_id, "name": name, "size": size, "sha256": sha256}
            upload = uploads.begin(session, viewer, own, **given, kind=uploads.TALKS)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    parts.intake.wake()
    return upload
