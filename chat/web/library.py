"""The library's pages: the list, adding files, one document with its passages, removing it.

Everything works without JavaScript; static/js/components/uploads.js sends the same files to
/api/documents instead, and follows their reading. May import every floor below web.
"""

import time
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from chat import spaces
from chat.errors import Invalid, TooLarge, Unavailable
from chat.knowledge import catalogue
from chat.knowledge.documents import get_document
from chat.knowledge.kinds import SUFFIXES
from chat.knowledge.uploads import find_mine
from chat.safety.invisible import visible
from chat.web import documents, uploads
from chat.web.access import current_viewer, signed_in
from chat.web.errors import wants_problem
from chat.web.quotes import render_passage
from chat.web.receiving import receive_files, receive_page
from chat.web.site import site
from chat.web.upload_views import describe, is_shown
from chat.web.where import asked_space

blueprint = Blueprint("library", __name__)
blueprint.register_blueprint(documents.blueprint)
blueprint.register_blueprint(uploads.blueprint)
_A_PAGE = 50


@blueprint.get("/library")
@signed_in
def show() -> Response:
    """The documents of the viewer's spaces, the form that adds to them, what became of files."""
    return _list_page()


@blueprint.post("/library")
@signed_in
def add() -> AnyResponse:
    """Take in the files of the form; the list then shows how far they are."""
    receive_files(current_viewer())
    return redirect(url_for("library.show", space=request.args.get("space")), 303)


@blueprint.post("/library/pages")
@signed_in
def add_page() -> AnyResponse:
    """Fetch a page of the web; the list then shows how far its reading is."""
    typed = request.form.get("address", "")
    try:
        receive_page(current_viewer(), typed, request.form.get("space_id"))
    except (Invalid, TooLarge, Unavailable) as error:
        if wants_problem():
            raise
        answer = _list_page(address=typed, refused=error.detail)
        answer.status_code = error.status
        return answer
    return redirect(url_for("library.show", space=request.args.get("space")), 303)


@blueprint.post("/library/uploads/<upload_id>/dismiss")
@signed_in
def dismiss(upload_id: str) -> AnyResponse:
    """End or dismiss an upload."""
    uploads.withdraw(current_viewer(), upload_id)
    return redirect(url_for("library.show"), 303)


@blueprint.post("/library/uploads/<upload_id>/retry")
@signed_in
def retry(upload_id: str) -> AnyResponse:
    """Read a failed upload once more."""
    uploads.try_again(current_viewer(), upload_id)
    return redirect(url_for("library.show"), 303)


@blueprint.get("/library/<document_id>")
@signed_in
def read(document_id: str) -> Response:
    """A page of a document, from a passage on; what `quote` names is marked.

    A passage of an earlier version is found again by its quote, or said to be gone.
    """
    viewer, quote = current_viewer(), request.args.get("quote", "").strip()
    passage_id = request.args.get("passage", "")
    with site().database.reading() as session:
        document = get_document(session, document_id, viewer.space_ids)
        named = catalogue.position_of(session, document_id, passage_id=passage_id)
        if named is None:
            named = catalogue.position_of(session, document_id, quote=quote)
        first = _first(named, document.passages)
        passages = catalogue.read_passages(session, document_id, first=first)
        wanted = spaces.read_brief(session, document.space_id, viewer.id).injections
    after = first + len(passages)
    return _page(
        "library/document.html",
        document=document,
        passages=passages,
        quote=quote,
        named=named,
        is_gone=named is None and bool(quote or passage_id),
        render=_render_passage,
        injections=wanted or site().settings.injections,
        before=max(0, first - catalogue.PASSAGES_A_PAGE) if first else None,
        after=after if after < document.passages else None,
        may_remove=documents.may_remove(viewer, document),
    )


@blueprint.post("/library/<document_id>/delete")
@signed_in
def delete(document_id: str) -> AnyResponse:
    """Remove a document."""
    documents.remove(current_viewer(), document_id)
    flash("The document is deleted. Answers that were made from it keep their text.", "ok")
    return redirect(url_for("library.show"), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """Say how large an upload may be; the site's own handler writes the answer."""
    largest = site().settings.max_upload_bytes // (1024 * 1024)
    error = TooLarge(f"One upload may have at most {largest} MB. Send fewer files, or split it.")
    answer: AnyResponse = current_app.handle_user_exception(error)  # type: ignore[assignment]
    return answer


def limit_mb() -> int:
    """The largest document that can be added, in megabytes."""
    return site().settings.max_upload_bytes // (1024 * 1024)


def _list_page(*, address: str = "", refused: str = "") -> Response:
    viewer, title = current_viewer(), request.args.get("q", "").strip()[:200]
    offset = documents.read_offset()
    with site().database.reading() as session:
        places = spaces.member_spaces(session, viewer)
        space = asked_space(session, viewer)
        read = viewer.space_ids if space is None else (space.id,)
        totals = catalogue.count_documents(session, read, title=title)
        entries = catalogue.find_documents(session, read, title=title, limit=_A_PAGE, offset=offset)
        mine = [upload for upload in find_mine(session, viewer) if is_shown(upload)]
    if is_reading := not all(upload.is_over for upload in mine):
        site().intake.wake()
    shown = offset + len(entries)
    return _page(
        "library/list.html",
        space=space,
        places=[one for one in places if one.is_writable and space in (None, one)],
        chosen=next(iter(viewer.writable_ids), None),
        space_names={one.id: one.name for one in places},
        totals=totals,
        entries=entries,
        title=title,
        uploads=[describe(upload) for upload in mine],
        is_reading=is_reading,
        limit_mb=limit_mb(),
        kinds=",".join(SUFFIXES),
        takes_pages=site().pages is not None,
        address=address,
        refused=refused,
        newer=max(0, offset - _A_PAGE) if offset else None,
        older=shown if shown < totals.documents else None,
    )


def _page(template: str, **values: Any) -> Response:
    return Response(render_template(template, **values))


def _render_passage(text: str, kind: str, quote: str, named: bool) -> str:
    time.sleep(0)  # a page of passages takes a while: let the streams go on between two
    return render_passage(visible(text), kind, quote if named else "", named=named)


def _first(named: int | None, count: int) -> int:
    """Where the page begins: at the page of pages that holds the passage that is asked for."""
    if named is None:
        return min(documents.read_offset("from"), max(0, count - 1))
    return named - named % catalogue.PASSAGES_A_PAGE
