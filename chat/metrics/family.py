"""What a figure is: a counter, a gauge or a histogram, with labels from closed sets.

Keeps true: every combination of labels has its place from the start; a value that is in no set
counts as `other`. Imports slots.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Literal

from chat.metrics.slots import Slots

Kind = Literal["counter", "gauge", "histogram"]
Labels = Mapping[str, Sequence[str]]
_OTHER = "other"


class Family:
    """One figure with all its label values; `labels` maps each label to its closed set."""

    kind: Kind
    bounds: Sequence[float] = ()

    def __init__(self, slots: Slots, name: str, help: str, labels: Labels | None = None) -> None:
        self.slots, self.name, self.help = slots, name, help
        self.labels = {label: tuple(values) for label, values in (labels or {}).items()}
        self.series = list(product(*self.labels.values()))
        self.width = len(self.bounds) + 2 if self.bounds else 1
        self.first = slots.reserve(self.width * len(self.series))
        self._places = {one: self.first + self.width * n for n, one in enumerate(self.series)}

    def place(self, labels: tuple[str, ...]) -> int:
        """Where the values of a series begin."""
        place = self._places.get(labels)
        return self._places[self._known(labels)] if place is None else place

    def _known(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        sets = self.labels.values()
        return tuple(
            one if one in known else _OTHER for one, known in zip(labels, sets, strict=True)
        )

    def value(self, *labels: str) -> float:
        """What this process has; of a histogram how many it has seen."""
        place = self.place(labels)
        return sum(self.slots.values[place : place + max(1, self.width - 1)])


class Counter(Family):
    """Something that happened so often."""

    kind: Kind = "counter"

    def add(self, *labels: str, amount: float = 1.0) -> None:
        self.slots.add(self.place(labels), amount)

    def reach(self, total: float) -> None:
        """It is counted elsewhere, and has come to `total`."""
        self.slots.set(self.first, total)


class Gauge(Family):
    """How much there is now; what processes have is summed."""

    kind: Kind = "gauge"

    def set(self, value: float, *labels: str) -> None:
        self.slots.set(self.place(labels), value)


class Histogram(Family):
    """How many were up to each of some bounds, and their sum."""

    kind: Kind = "histogram"

    def __init__(
        self,
        slots: Slots,
        name: str,
        help: str,
        bounds: Sequence[float],
        labels: Labels | None = None,
    ) -> None:
        self.bounds = tuple(bounds)
        super().__init__(slots, name, help, labels)

    def observe(self, value: float, *labels: str) -> None:
        place = self.place(labels)
        bucket = bisect_left(self.bounds, value)  # those beyond the last bound come after it
        self.slots.add_two(place + bucket, place + self.width - 1, value)
