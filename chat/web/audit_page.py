"""The audit trail for admins: read, searched, checked and written out.

Keeps true: for everybody but admins there is nothing here; who writes the trail out is in it. May
import every floor below web.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from flask import Blueprint, Response, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat import audit
from chat.audit import Action, Entry, Filter
from chat.audit.lines import as_line
from chat.audit.reading import stream
from chat.models import User
from chat.web.access import admin_only, current_viewer
from chat.web.documents import read_offset
from chat.web.site import site
from chat.web.trail import note
from chat.web.trail_words import KINDS, SAID

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
_A_PAGE = 50


@blueprint.get("")
@admin_only
def show() -> str:
    """A page of entries, the newest first."""
    wanted, before = _filter(), read_offset("before") or None
    with site().database.reading() as session:
        rows = audit.read(session, wanted, before=before, limit=_A_PAGE + 1)
        names = names_of(session, rows)
        checked = audit.last_checked(session)
        everybody = session.execute(select(User.id, User.name).order_by(User.name)).all()
    shown = rows[:_A_PAGE]
    return render_template(
        "admin/audit.html",
        rows=shown,
        names=names,
        facts={row.number: _facts(row) for row in shown},
        everybody=everybody,
        wanted=wanted,
        kinds=list(KINDS.items()),
        said=SAID,
        checked=checked,
        kept_days=site().settings.audit_days,
        before=before,
        older=shown[-1].number if len(rows) > _A_PAGE else None,
    )


@blueprint.post("/verify")
@admin_only
def verify() -> AnyResponse:
    """Check all of the trail, and say what came of it."""
    verdict = audit.check(site().database, actor_id=current_viewer().id)
    if verdict.is_intact:
        flash(f"All {verdict.entries} entries are what was written. Head: {verdict.head}", "ok")
    else:
        flash(f"The trail is broken at entry {verdict.broken_at}: {verdict.reason}.", "bad")
    return redirect("/audit", 303)


@blueprint.post("/export")
@admin_only
def export() -> Response:
    """The chosen entries as JSON Lines, the oldest first."""
    wanted = _filter()
    with site().database.writing() as session:
        note(session, Action.TRAIL_EXPORTED)
    named = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return Response(_lines(wanted), mimetype="application/jsonl", headers=named)


def _lines(wanted: Filter) -> Iterator[str]:
    database = site().database

    def written() -> Iterator[str]:
        with database.querying() as session:
            for entry in stream(session, wanted):
                yield as_line(entry) + "\n"

    return written()


def _filter() -> Filter:
    """What the query asks for; an unknown kind finds nothing of it."""
    return Filter(
        action=request.values.get("kind", "")[:40], actor_id=request.values.get("who", "")[:32]
    )


def _facts(entry: Entry) -> list[tuple[str, str]]:
    """What an entry holds beside who and when, as names and values to read."""
    details = msgspec.json.decode(entry.details, type=dict[str, Any])
    told = {"entry": entry.number, "action": entry.action, "of": entry.subject} | details
    words = {name: " ".join(map(str, v)) if isinstance(v, list) else v for name, v in told.items()}
    shown = [(name, str(v)) for name, v in words.items() if v not in (None, "")]
    return [*shown, ("seal", entry.hash)]


def names_of(session: Session, rows: Sequence[Entry]) -> dict[str, str]:
    """The people of a page by their ids; who was deleted has no name any more."""
    ids = {row.actor_id for row in rows} | {row.subject.removeprefix("person:") for row in rows}
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids - {None})))
    return {row.id: row.name for row in found}
