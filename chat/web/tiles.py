"""The tiles of the overview: what one looks at first, each figure with how it went.

Keeps true: every number was measured, and where nothing was, the tile says so. May import every
floor below web.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chat.figures.reading import Figures, Past, Period
from chat.web.charts import Chart
from chat.web.figures_in_words import many, pair_of_times, share, two_digits
from chat.web.formats import clock, day, duration
from chat.web.site import site
from chat.web.standing import Standing

SPANS = {Past.HOUR: "past hour", Past.DAY: "past 24 hours", Past.MONTH: "past 30 days"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: its name, its value as number and unit, a note, and how it went."""

    name: str
    value: Sequence[tuple[str, str]]  # each number with what stands behind it
    note: str
    spark: Chart | None = None


def tiles(period: Period, standing: Standing) -> list[Tile]:
    """Those of a site; where nothing happened, without a line and a number that is none."""
    settings = site().settings
    found = [_streams(period, standing), _first_chunk(period), _speed(period), _errors(period)]
    has_cache = settings.cache_minutes and settings.cache_answers
    found.append(_cached(period) if has_cache else _answers(period, standing))
    if period.whole["answers"] or period.whole["streams_most"]:
        return found
    return [replace(one, note=f"nothing in the {SPANS[period.past]}", spark=None) for one in found]


def _streams(period: Period, standing: Standing) -> Tile:
    return Tile(
        "Live streams",
        [(f"{standing.streams:,}", "")],
        _peak(period),
        Chart(steps(period, lambda one: one["streams_most"]), least=3),
    )


def _first_chunk(period: Period) -> Tile:
    return Tile(
        "First chunk, p50 / p95",
        pair_of_times(period.whole.p50, period.whole.p95),
        slowest(period),
        Chart(*times(period), least=90),
    )


def _speed(period: Period) -> Tile:
    whole = period.whole
    return Tile(
        "Tokens per second",
        [(two_digits(whole.tokens_per_second), "tok/s")],
        "of one answer, on average" if whole["writing_ms"] else _no_answer(period),
        Chart(steps(period, lambda one: one.tokens_per_second), least=3),
    )


def _errors(period: Period) -> Tile:
    return Tile(
        "Error rate",
        [(share(period.whole.error_share), "%")],
        _of_answers(period, "failed") if period.whole["answers"] else _no_answer(period),
        Chart(steps(period, lambda one: one.error_share), least=0.03),
    )


def _cached(period: Period) -> Tile:
    return Tile(
        "Cache hit rate",
        [(share(period.whole.cached_share), "%")],
        _of_answers(period, "cached"),
        Chart(steps(period, lambda one: one.cached_share), least=0.03),
    )


def _answers(period: Period, standing: Standing) -> Tile:
    return Tile(
        "Answers",
        [(f"{int(period.whole['answers']):,}", "")],
        f"{standing.running:,} being written now",
        Chart(steps(period, lambda one: one["answers"]), least=3),
    )


def _of_answers(period: Period, which: str) -> str:
    answers = many(int(period.whole["answers"]), "answer")
    return f"{int(period.whole[which]):,} of {answers}"


def _no_answer(period: Period) -> str:
    return f"no answer in the {SPANS[period.past]}"


def _peak(period: Period) -> str:
    most = max(period.steps, key=lambda one: one["streams_most"])
    if not most["streams_most"]:
        return f"none in the {SPANS[period.past]}"
    return f"peak {int(most['streams_most']):,} at {teller(period.past)(most.minute)}"


def slowest(period: Period) -> str:
    """Which first chunk took longest, and whose it was."""
    longest = period.whole["first_ms_most"]
    if not longest:
        return _no_answer(period)
    names = [n for n, one in period.providers.items() if one["first_ms_most"] == longest]
    return f"slowest {duration(longest)}, {names[0]}"


def steps(period: Period, value: Callable[[Figures], float | None]) -> list[float | None]:
    """One figure at each step of the period."""
    return [value(step) for step in period.steps]


def times(period: Period) -> tuple[list[float | None], list[float | None]]:
    """Within how long half of the answers began at each step, and 95 percent."""
    return steps(period, lambda one: one.p50), steps(period, lambda one: one.p95)


def teller(past: Past) -> Callable[[int], str]:
    """How a moment of the period is told."""

    def tell(minute: int) -> str:
        moment = datetime.fromtimestamp(minute * 60, UTC)
        return f"{day(moment)}, {clock(moment)}" if past is Past.MONTH else clock(moment)

    return tell
