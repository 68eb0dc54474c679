"""The page of ratings: what people thought of answers, each beside the answer's sources.

Keeps true: for everybody but admins there is nothing here; an admin sees a rated answer whatever
they see otherwise, which the form that rates says. May import every floor below web.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from chat import conversations
from chat.answering.calibration import LEAST, Shift
from chat.answering.recalibrating import ESTIMATORS, recalibrate
from chat.audit import Action
from chat.models import Calibration
from chat.web.access import admin_only
from chat.web.documents import read_offset
from chat.web.site import site
from chat.web.trail import note

blueprint = Blueprint("ratings", __name__, url_prefix="/ratings")
_A_PAGE = 20
_ASKED = {"good": True, "poor": False}
_SHOWN_AT = (0.5, 0.7, 0.9)  # confidences that the page shows the shift of


@blueprint.get("")
@admin_only
def show() -> str:
    """What was rated, newest first, and what was learned from it."""
    kind, offset = request.args.get("kind", ""), read_offset()
    with site().database.reading() as session:
        counts = conversations.count_ratings(session)
        rows = conversations.list_ratings(
            session, good=_ASKED.get(kind), limit=_A_PAGE + 1, offset=offset
        )
        learned = [_learned(session, name) for name in ESTIMATORS]
    return render_template(
        "admin/ratings.html",
        counts=counts,
        kind=kind if kind in _ASKED else "",
        rows=rows[:_A_PAGE],
        newer=max(0, offset - _A_PAGE) if offset else None,
        older=offset + _A_PAGE if len(rows) > _A_PAGE else None,
        learned=learned,
        least=LEAST,
    )


@blueprint.post("/recalibrate")
@admin_only
def learn() -> AnyResponse:
    """Fit the shifts of confidence to the ratings there are, now."""
    with site().database.writing() as session:
        recalibrate(session)
        note(session, Action.RECALIBRATED)
    flash("The confidence is fitted to the ratings there are.", "ok")
    return redirect("/ratings", 303)


def _learned(session: Session, estimator: str) -> Mapping[str, Any]:
    """What is known of an estimator's shift, ready to be shown."""
    row = session.scalar(select(Calibration).where(Calibration.estimator == estimator))
    if row is None:
        return {"estimator": estimator, "answers": 0, "shift": None, "examples": ()}
    shift = Shift(row.slope, row.offset)
    return {
        "estimator": estimator,
        "answers": row.answers,
        "shift": None if shift.changes_nothing else shift,
        "examples": [(value, shift(value)) for value in _SHOWN_AT],
        "loss_before": row.loss_before,
        "loss_after": row.loss_after,
        "fitted_at": row.fitted_at,
    }
