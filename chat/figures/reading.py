"""What happened in the past hour, day or month, in steps of a chart, by one query.

Keeps true: a step without answers has no time to the first text: nothing is made up for it. May
import the plain ground and the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from chat.database import Statements
from chat.figures.keeping import DAY, HOUR, QUARTER, joined, one_of
from chat.metrics.minutes import SUMS
from chat.metrics.sketch import Sketch
from chat.models import FIGURES


class Past(StrEnum):
    """How far one looks back."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"

    @property
    def minutes(self) -> int:
        return {Past.HOUR: HOUR, Past.DAY: DAY, Past.MONTH: 30 * DAY}[self]

    @property
    def step(self) -> int:
        """Minutes of one point of a chart."""
        return {Past.HOUR: 1, Past.DAY: QUARTER, Past.MONTH: 6 * HOUR}[self]


@dataclass(slots=True)
class Figures:
    """Of one stretch of time, from its first minute on."""

    minute: int = 0
    numbers: Mapping[str, float] = field(default_factory=dict)
    first_ms: Sketch = field(default_factory=Sketch)

    def __getitem__(self, name: str) -> float:
        return self.numbers.get(name, 0.0)

    @property
    def p50(self) -> float | None:
        """Milliseconds within which half of the answers began."""
        return self.first_ms.quantile(0.5)

    @property
    def p95(self) -> float | None:
        return self.first_ms.quantile(0.95)

    @property
    def tokens_per_second(self) -> float | None:
        """Of an answer while it was written, on average."""
        written = self["writing_ms"]
        return self["tokens"] / written * 1000 if written >= 1 else None

    @property
    def error_share(self) -> float | None:
        return self["failed"] / self["answers"] if self["answers"] else None

    @property
    def cached_share(self) -> float | None:
        return self["cached"] / self["answers"] if self["answers"] else None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: as a whole, in its steps, and by provider."""

    past: Past
    whole: Figures
    steps: Sequence[Figures]
    providers: Mapping[str, Figures]


def read(session: Statements, past: Past, now: float) -> Period:
    """The figures up to the moment `now`, in seconds since 1970; the last step is not over."""
    step = past.step
    last = int(now // 60) // step * step
    begin = last - past.minutes + step
    found = session.execute(select(FIGURES).where(FIGURES.c.minute >= begin))
    by_step = joined((row._asdict() for row in found), step)
    steps: dict[int, list[dict[str, Any]]] = {}
    providers: dict[str, list[dict[str, Any]]] = {}
    for (at, provider), row in by_step.items():
        steps.setdefault(at, []).append(row)
        if provider:
            providers.setdefault(provider, []).append(row)
    return Period(
        past=past,
        whole=_figures(begin, list(by_step.values())),
        steps=[_figures(at, steps.get(at, [])) for at in range(begin, last + 1, step)],
        providers={name: _figures(begin, rows) for name, rows in providers.items()},
    )


def streams_elsewhere(session: Statements, folder_id: str, now: float) -> int:
    """How many streams processes of other data directories had open, as they said last."""
    recent = FIGURES.c.minute >= int(now // 60) - 1, FIGURES.c.span == 1, FIGURES.c.provider == ""
    query = select(FIGURES.c.process_id, FIGURES.c.streams).where(*recent)
    found = session.execute(query.order_by(FIGURES.c.minute))
    newest = {row.process_id: row.streams for row in found}
    return int(sum(n for name, n in newest.items() if not name.startswith(folder_id)))


def _figures(minute: int, rows: Sequence[Mapping[str, Any]]) -> Figures:
    """Those of one stretch of time, of the rows in it."""
    if not rows:
        return Figures(minute)
    row = one_of(rows, SUMS)
    return Figures(minute, row, Sketch.parse(row["first_ms"]))
