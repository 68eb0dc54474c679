"""The viewer's uploads as JSON: how far their reading is, and ending, dismissing, retrying one;
adding a page of the web.

May import every floor below web.
"""

import msgspec
from flask import Blueprint, Response, jsonify

from chat.errors import Conflict
from chat.knowledge import uploads
from chat.values import Viewer
from chat.web.access import current_viewer, signed_in
from chat.web.bodies import read_body
from chat.web.receiving import check_same_name, receive_page
from chat.web.site import site
from chat.web.upload_views import describe


class NewPage(msgspec.Struct, kw_only=True):
    """The address of a page to read."""

    address: str
    space_id: str | None = None
    same_name: str = "replace"


blueprint = Blueprint("uploads", __name__, url_prefix="/api/uploads")


@blueprint.get("")
@signed_in
def list_uploads() -> Response:
    """The viewer's uploads of the last day."""
    viewer = current_viewer()
    with site().database.reading() as session:
        mine = uploads.find_mine(session, viewer)
    if not all(upload.is_over for upload in mine):
        site().intake.wake()  # whoever was to read them may be gone
    return jsonify({"items": [describe(upload) for upload in mine]})


@blueprint.post("")
@signed_in
def add_page() -> tuple[Response, int]:
    """Add a page of the web by its address."""
    body = read_body(NewPage)
    same_name = check_same_name(body.same_name)
    received = receive_page(current_viewer(), body.address, body.space_id, same_name)
    return jsonify(describe(received)), 202


@blueprint.get("/<upload_id>")
@signed_in
def read_upload(upload_id: str) -> Response:
    """One of the viewer's uploads."""
    with site().database.reading() as session:
        upload = uploads.get_mine(session, current_viewer(), upload_id)
    return jsonify(describe(upload))


@blueprint.delete("/<upload_id>")
@signed_in
def delete_upload(upload_id: str) -> tuple[str, int]:
    """End an upload that is under way, or dismiss one that is over."""
    withdraw(current_viewer(), upload_id)
    return "", 204


@blueprint.post("/<upload_id>/retry")
@signed_in
def retry_upload(upload_id: str) -> tuple[Response, int]:
    """Read a failed upload once more."""
    return jsonify(describe(try_again(current_viewer(), upload_id))), 202


def withdraw(viewer: Viewer, upload_id: str) -> None:
    """Forget an upload of the viewer's and end its reading."""
    with site().database.writing() as session:
        uploads.withdraw(session, viewer, upload_id)
    site().intake.stop(upload_id)


def try_again(viewer: Viewer, upload_id: str) -> uploads.UploadView:
    """Let a failed upload of the viewer's wait once more."""
    intake = site().intake
    with site().database.writing() as session:
        upload = uploads.try_again(session, viewer, upload_id)
        if not intake.path(upload_id).exists():
            raise Conflict("The file is no longer on the server. Add it again.")
    intake.wake()
    return upload
