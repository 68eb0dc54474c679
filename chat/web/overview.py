"""The overview for admins: how the site does, now and over the past hour, day and month.

Keeps true: for everybody but admins there is nothing here; every number was measured, and where
nothing was, the page says so. May import every floor below web.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request

from chat import audit
from chat.figures.reading import Figures, Past, Period, read
from chat.web.access import admin_only
from chat.web.audit_page import names_of
from chat.web.charts import Chart
from chat.web.figures_in_words import many, pair_of_times, share, two_digits
from chat.web.formats import clock, day, duration
from chat.web.site import site
from chat.web.standing import Standing, look
from chat.web.trail_words import SAID

blueprint = Blueprint("overview", __name__, url_prefix="/overview")
SPANS = {Past.HOUR: "past hour", Past.DAY: "past 24 hours", Past.MONTH: "past 30 days"}
_NONE = "–"
_ENTRIES = 5  # of the audit trail
_LABELS = 5  # below a chart


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: its name, its value as number and unit, a note, and how it went."""

    name: str
    value: Sequence[tuple[str, str]]  # each number with what stands behind it
    note: str
    spark: Chart | None = None


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


def tiles(period: Period, standing: Standing) -> list[Tile]:
    """What one looks at first."""
    whole, span = period.whole, SPANS[period.past]
    of_answers = f"of {many(int(whole['answers']), 'answer')}"
    none = f"no answer in the {span}"
    found = [
        Tile(
            "Live streams",
            [(f"{standing.streams:,}", "")],
            _peak(period),
            Chart(_steps(period, lambda one: one["streams_most"]), least=3),
        ),
        Tile(
            "First chunk, p50 / p95",
            pair_of_times(whole.p50, whole.p95),
            _slowest(period),
            Chart(*_times(period), least=90),
        ),
        Tile(
            "Tokens per second",
            [(two_digits(whole.tokens_per_second), "tok/s")],
            "of one answer, on average" if whole["writing_ms"] else none,
            Chart(_steps(period, lambda one: one.tokens_per_second), least=3),
        ),
        Tile(
            "Error rate",
            [(share(whole.error_share), "%")],
            f"{int(whole['failed']):,} {of_answers}" if whole["answers"] else none,
            Chart(_steps(period, lambda one: one.error_share), least=0.03),
        ),
    ]
    settings = site().settings
    if settings.cache_minutes and settings.cache_answers:
        found.append(
            Tile(
                "Cache hit rate",
                [(share(whole.cached_share), "%")],
                f"{int(whole['cached']):,} {of_answers}",
                Chart(_steps(period, lambda one: one.cached_share), least=0.03),
            )
        )
    else:
        found.append(
            Tile(
                "Answers",
                [(f"{int(whole['answers']):,}", "")],
                f"{standing.running:,} being written now",
                Chart(_steps(period, lambda one: one["answers"]), least=3),
            )
        )
    is_empty = not (whole["answers"] or whole["streams_most"])
    return [_bare(tile, span) for tile in found] if is_empty else found


def cards(period: Period) -> list[Card]:
    """The two large charts."""
    span, whole, busy = SPANS[period.past], period.whole, [s for s in period.steps if s["answers"]]
    tell = _teller(period.past)
    first = Card(
        "o-first",
        "Time to first chunk, in milliseconds",
        ("half (p50)", "95 % (p95)"),
        f"Over the {span} half of the answers began within {two_digits(whole.p50)} ms, "
        f"95 percent within {two_digits(whole.p95)} ms; {_slowest(period)}.",
        Chart(*_times(period), width=960, height=120, least=90),
        [(tell(s.minute), two_digits(s.p50), two_digits(s.p95)) for s in busy],
    )
    answers = Card(
        "o-answers",
        "Answers",
        ("answers", "of them failed"),
        f"Over the {span} there were {many(int(whole['answers']), 'answer')}; "
        f"{int(whole['failed']):,} of them failed.",
        Chart(
            _steps(period, lambda one: one["answers"]),
            _steps(period, lambda one: one["failed"]),
            width=960,
            height=120,
            least=3,
        ),
        [(tell(s.minute), f"{int(s['answers']):,}", f"{int(s['failed']):,}") for s in busy],
    )
    return [first, answers]


def _bare(tile: Tile, span: str) -> Tile:
    """Nothing happened: no line, and no number that is none."""
    return Tile(tile.name, tile.value, f"nothing in the {span}")


def _steps(period: Period, value: Callable[[Figures], float | None]) -> list[float | None]:
    return [value(step) for step in period.steps]


def _times(period: Period) -> tuple[list[float | None], list[float | None]]:
    return _steps(period, lambda one: one.p50), _steps(period, lambda one: one.p95)


def _peak(period: Period) -> str:
    most = max(period.steps, key=lambda one: one["streams_most"])
    if not most["streams_most"]:
        return f"none in the {SPANS[period.past]}"
    return f"peak {int(most['streams_most']):,} at {_teller(period.past)(most.minute)}"


def _slowest(period: Period) -> str:
    slowest = period.whole["first_ms_most"]
    if not slowest:
        return f"no answer in the {SPANS[period.past]}"
    names = [n for n, one in period.providers.items() if one["first_ms_most"] == slowest]
    return f"slowest {duration(slowest)}, {names[0]}"


def _writers(period: Period) -> list[Writer]:
    """Those of this site in their order, then those that are gone and have written."""
    there = [Writer(one.name, ", ".join(one.models), period.providers.get(one.name, Figures()))
             for one in site().providers.list()]  # fmt: skip
    names = {one.name for one in there}
    gone = [Writer(n, "", one) for n, one in period.providers.items() if n not in names]
    return there + sorted(gone, key=lambda one: one.name)


def _teller(past: Past) -> Callable[[int], str]:
    """How a moment of the period is told."""

    def tell(minute: int) -> str:
        moment = datetime.fromtimestamp(minute * 60, UTC)
        return f"{day(moment)}, {clock(moment)}" if past is Past.MONTH else clock(moment)

    return tell


def _labels(period: Period) -> list[str]:
    steps = period.steps
    at = [round(n * (len(steps) - 1) / (_LABELS - 1)) for n in range(_LABELS - 1)]
    moments = [datetime.fromtimestamp(steps[n].minute * 60, UTC) for n in at]
    return [*((day if period.past is Past.MONTH else clock)(one) for one in moments), "now"]
