"""How a value is distributed, in few numbers: counts in steps that each grow by a tenth.

Keeps true: sketches add up exactly, and a quantile is within 5 % of the value that it stands for
(Masson, Rim, Lee: DDSketch, VLDB 2019). Imports nothing of Parley.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

_GROWTH = math.log(1.1)
_decode = msgspec.json.Decoder(dict[int, int]).decode


class Sketch:
    """Of values from 0 on; up to 1 they are one step."""

    __slots__ = ("steps",)

    def __init__(self, steps: Mapping[int, int] | None = None) -> None:
        self.steps = Counter(steps or {})

    @classmethod
    def parse(cls, text: str) -> "Sketch":
        return cls(_decode(text)) if text else cls()

    def text(self) -> str:
        """As it is stored."""
        return msgspec.json.encode(dict(sorted(self.steps.items()))).decode() if self.steps else ""

    def add(self, value: float) -> None:
        self.steps[math.ceil(math.log(value) / _GROWTH) if value > 1 else 0] += 1

    def join(self, other: "Sketch") -> None:
        self.steps.update(other.steps)

    @property
    def count(self) -> int:
        return self.steps.total()

    def quantile(self, share: float) -> float | None:
        """The value that `share` of all are up to; None of nothing."""
        if not self.steps:
            return None
        left, step = share * self.count, 0
        for step, count in sorted(self.steps.items()):  # noqa: B007 (the last one is used)
            left -= count
            if left <= 1e-9:
                break
        return 2 * math.exp(step * _GROWTH) / (math.exp(_GROWTH) + 1) if step else 1.0


def join_texts(texts: Iterable[str]) -> str:
    """The sketch of several, each as it is stored."""
    steps: dict[int, int] = {}
    for text in texts:
        if text:
            for step, count in _decode(text).items():
                steps[step] = steps.get(step, 0) + count
    return Sketch(steps).text()
