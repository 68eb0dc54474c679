"""The overview for admins: how the site does, now and over the past hour, day and month.

Keeps true: for everybody but admins there is nothing here; every number was measured, and where
nothing was, the page says so. May import every floor below web.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request

from chat import audit
from chat.figures.reading import Figures, Past, Period, read
from chat.web.access import admin_only
from chat.web.audit_page import names_of
from chat.web.charts import Chart
from chat.web.figures_in_words import many, two_digits
from chat.web.formats import clock, day
from chat.web.site import site
from chat.web.standing import look
from chat.web.tiles import SPANS, slowest, steps, teller, tiles, times
from chat.web.trail_words import SAID

blueprint = Blueprint("overview", __name__, url_prefix="/overview")
_NONE = "–"
_ENTRIES = 5  # of the audit trail
_LABELS = 5  # below a chart


@dataclass(frozen=True, slots=True)
class Card:
    """A chart of two lines, in a sentence, and as a table of the steps in which something was."""

    id: str
    title: str
    lines: tuple[str, str]
    said: str
    chart: Chart
    rows: Sequence[tuple[str, str, str]]

    @property
    def marks(self) -> list[str]:
        return [f"{mark:,.6g}" for mark in self.chart.marks]


@dataclass(frozen=True, slots=True)
class Writer:
    """A provider, and what came of it in the period."""

    name: str
    models: str
    figures: Figures

    @property
    def answers(self) -> str:
        return f"{int(self.figures['answers']):,}"

    @property
    def first(self) -> str:
        """Within how long half of its answers began."""
        found = self.figures.p50
        return _NONE if found is None else f"{two_digits(found)} ms"

    @property
    def state(self) -> tuple[str, str]:
        """How it is marked, and in which words."""
        failures, answers = int(self.figures["failures"]), int(self.figures["answers"])
        if failures:
            return "warn", f"{many(failures, 'failed try', 'failed tries')}"
        return ("ok", "Answering") if answers else ("off", "Not asked")


@blueprint.get("")
@admin_only
def show() -> str:
    """The page, with the figures of the period that `?past=` names."""
    return render_template("admin/overview.html", spans=list(SPANS.items()), **figures())


@blueprint.get("/figures")
@admin_only
def fragment() -> str:
    """Only the figures, for the script that keeps the page up to date."""
    return render_template("admin/overview_figures.html", **figures())


def figures() -> Mapping[str, Any]:
    """What the page shows."""
    asked = request.args.get("past", "")
    past = Past(asked) if asked in list(Past) else Past.DAY
    with site().database.reading() as session:
        period = read(session, past, time.time())
        standing = look(site(), session)
        trail = audit.read(session, audit.Filter(), limit=_ENTRIES)
        names = names_of(session, trail)
    return {
        "period": period,
        "span": SPANS[past],
        "standing": standing,
        "tiles": tiles(period, standing),
        "writers": _writers(period),
        "labels": _labels(period),
        "cards": cards(period),
        "trail": trail,
        "names": names,
        "said": SAID,
    }


def cards(period: Period) -> list[Card]:
    """The two large charts."""
    span, whole, busy = SPANS[period.past], period.whole, [s for s in period.steps if s["answers"]]
    tell = teller(period.past)
    first = Card(
        "o-first",
        "Time to first chunk, in milliseconds",
        ("half (p50)", "95 % (p95)"),
        f"Over the {span} half of the answers began within {two_digits(whole.p50)} ms, "
        f"95 percent within {two_digits(whole.p95)} ms; {slowest(period)}.",
        Chart(*times(period), width=960, height=120, least=90),
        [(tell(s.minute), two_digits(s.p50), two_digits(s.p95)) for s in busy],
    )
    answers = Card(
        "o-answers",
        "Answers",
        ("answers", "of them failed"),
        f"Over the {span} there were {many(int(whole['answers']), 'answer')}; "
        f"{int(whole['failed']):,} of them failed.",
        Chart(
            steps(period, lambda one: one["answers"]),
            steps(period, lambda one: one["failed"]),
            width=960,
            height=120,
            least=3,
        ),
        [(tell(s.minute), f"{int(s['answers']):,}", f"{int(s['failed']):,}") for s in busy],
    )
    return [first, answers]


def _writers(period: Period) -> list[Writer]:
    """Those of this site in their order, then those that are gone and have written."""
    there = [Writer(one.name, ", ".join(one.models), period.providers.get(one.name, Figures()))
             for one in site().providers.list()]  # fmt: skip
    names = {one.name for one in there}
    gone = [Writer(n, "", one) for n, one in period.providers.items() if n not in names]
    return there + sorted(gone, key=lambda one: one.name)


def _labels(period: Period) -> list[str]:
    last = len(period.steps) - 1
    at = [round(n * last / (_LABELS - 1)) for n in range(_LABELS - 1)]
    moments = [datetime.fromtimestamp(period.steps[n].minute * 60, UTC) for n in at]
    return [*((day if period.past is Past.MONTH else clock)(one) for one in moments), "now"]
