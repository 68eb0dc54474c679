"""Lines of charts as SVG paths, and the figures at their sides.

Keeps true: where there is no value there is no line. Pure. Imports nothing of Parley.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

Values = Sequence[float | None]
_NICE = (1, 2, 3, 4, 5, 10)
_DASH = 1 / 80  # of the width


@dataclass(frozen=True, slots=True)
class Chart:
    """Up to two lines over the same steps; `marks` are what the lines of its grid stand for."""

    first: Values
    second: Values = ()
    width: int = 160
    height: int = 36
    least: float = 0.0  # the top of the chart at least: small noise is not drawn as mountains

    @property
    def top(self) -> float:
        """A round number that nothing is above, which three equal steps lead to."""
        most = max((v for v in (*self.first, *self.second) if v is not None), default=0.0)
        third = max(most, self.least, 1e-9) / 3
        power = 10.0 ** math.floor(math.log10(third))
        return next(nice * power for nice in _NICE if nice * power >= third * 0.999999) * 3

    @property
    def marks(self) -> list[float]:
        return [self.top * part / 3 for part in (3, 2, 1, 0)]

    @property
    def grid(self) -> list[float]:
        return [self.height * part / 3 for part in range(4)]

    @property
    def line(self) -> str:
        return " ".join(map(self._line, self._runs(self.first)))

    @property
    def second_line(self) -> str:
        return " ".join(map(self._line, self._runs(self.second)))

    @property
    def area(self) -> str:
        """What is between the first line and the ground."""
        return " ".join(
            f"{self._line(run)} L{run[-1][0]} {self.height} L{run[0][0]} {self.height}Z"
            for run in self._runs(self.first)
        )

    def _runs(self, values: Values) -> Iterator[list[tuple[float, float]]]:
        """The points of each stretch that has values."""
        apart, top = self.width / max(1, len(values) - 1), self.top
        for is_there, run in groupby(enumerate(values), key=lambda one: one[1] is not None):
            if is_there:
                yield [
                    (round(n * apart, 1), round(self.height * (1 - (value or 0.0) / top), 1))
                    for n, value in run
                ]

    def _line(self, points: Sequence[tuple[float, float]]) -> str:
        """One that has a single point is a dash around it: a dot would hardly be seen."""
        (x, y), *rest = points
        if rest:
            return f"M{x} {y}" + "".join(f" L{a} {b}" for a, b in rest)
        dash = round(self.width * _DASH, 1)
        return f"M{min(max(0, round(x - dash / 2, 1)), self.width - dash)} {y}h{dash}"
