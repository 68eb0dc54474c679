"""How likely a text is an injection, from its signs: logistic weights, read from `weights.json`.

The file says what it was fitted on, and how. Pure. Imports signs.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chat.safety.injection.finding import Finding, Where
from chat.safety.injection.signs import Signs, read_signs

FILE = Path(__file__).with_name("weights.json")
_LEAST_SHARE = 0.5  # of the strongest sign of a text: weaker ones are not told as findings
# What people may well ask of an assistant themselves; it counts otherwise where it is typed.
SOFT = frozenset(
    ("henceforth", "pretend", "steering", "steering~", "forget", "role", "role~", "reveal", "fresh",
     "tool", "deceive", "encoded_text", "harvest", "assistant", "mode", "decode")
)  # fmt: skip
_CERTAIN = 30.0  # log-odds beyond which nothing changes


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts, and the chance from which a text is one."""

    weights: Mapping[str, float]
    threshold: float

    def chance(self, values: Mapping[str, float]) -> float:
        """Of a text with these signs; none without any."""
        if not values:
            return 0.0
        odds = self.weights["bias"] + sum(
            self.weights.get(sign, 0.0) * value for sign, value in values.items()
        )
        return 1 / (1 + math.exp(-max(-_CERTAIN, min(_CERTAIN, odds))))


@cache
def fitted() -> Weights:
    """The weights that were fitted, read once."""
    held = json.loads(FILE.read_text())
    return Weights(held["weights"], held["threshold"])


def features(text: str, where: Where) -> Mapping[str, float]:
    """What the weights are of."""
    return _features(read_signs(text), where)


def judge(text: str, where: Where) -> list[Finding]:
    """The findings of a text: the places of its stronger signs, where it is likely to be one."""
    signs, held = read_signs(text), fitted()
    chance = held.chance(_features(signs, where))
    if chance < held.threshold:
        return []
    counted = {sign: held.weights.get(sign, 0.0) for sign in signs.places}

    least = _LEAST_SHARE * max(counted.values(), default=0.0)
    found = {
        (place.kind, place.start, place.end)
        for sign, places in signs.places.items()
        if counted[sign] >= least
        for place in places
    }
    return [
        Finding(kind, round(chance, 3), start, end)
        for kind, start, end in sorted(found, key=lambda one: (one[1], one[2], one[0]))
    ]


def _features(signs: Signs, where: Where) -> Mapping[str, float]:
    if not signs.values:
        return {}
    values = {
        f"{s}@" if where == "message" and s in SOFT else s: v for s, v in signs.values.items()
    }
    return {**values, "typed": float(where == "message")}
