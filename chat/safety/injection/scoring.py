"""How likely a text is an injection, from its signs: logistic weights, read from `weights.json`.

The file says what it was fitted on, and how. Pure. Imports signs.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chat.safety.injection.concepts import WORD
from chat.safety.injection.finding import Finding, Kind, Where
from chat.safety.injection.signs import Place, Signs, read_signs

FILE = Path(__file__).with_name("weights.json")
_LEAST_SHARE = 0.5  # of the strongest sign, or sentence, of a text: weaker ones are no findings
# What people may well ask of an assistant themselves; it counts otherwise where it is typed.
SOFT = frozenset(
    ("henceforth", "pretend", "steering", "steering~", "forget", "role", "role~", "reveal", "fresh",
     "tool", "deceive", "encoded_text", "harvest", "assistant", "mode", "decode")
)  # fmt: skip
_LEAST = 0.3  # log-odds: what counts less is no finding of its own
_CERTAIN = 30.0  # log-odds beyond which nothing changes


@dataclass(frozen=True, slots=True)
class Read:
    """What is weighed of a text: its signs, and the features of each of its sentences."""

    signs: Mapping[str, float]
    sentences: Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts, what features of sentences do (`pairs` of concepts, words), and from
    where a text is one.

    Both judge for themselves, and a text is clean where neither finds anything in it: what words a
    rule knows says nothing about those that it does not know.
    """

    signs: Mapping[str, float]
    pairs: Mapping[str, float]
    threshold: float = 0.5

    def chance(self, read: Read) -> float:
        """Of a text."""
        return 1 - (1 - self.by_signs(read)) * (1 - self.by_sentence(read))

    def by_signs(self, read: Read) -> float:
        if not read.signs:
            return 0.0
        return logistic(
            self.signs["bias"] + sum(self.of(sign) * value for sign, value in read.signs.items())
        )

    def by_sentence(self, read: Read) -> float:
        """Of all sentences only the likeliest counts; among many one is likely by chance."""
        if not read.sentences:
            return 0.0
        rest = self.pairs["bias"] + self.pairs.get("length", 0.0) * math.log(len(read.sentences))
        return logistic(rest + max(map(self.of_sentence, read.sentences)))

    def of_sentence(self, pairs: Iterable[str]) -> float:
        return sum(self.pairs.get(pair, 0.0) for pair in pairs)

    def of(self, sign: str) -> float:
        return self.signs.get(sign, 0.0)


def logistic(odds: float) -> float:
    """The chance of log-odds."""
    return 1 / (1 + math.exp(-max(-_CERTAIN, min(_CERTAIN, odds))))


@cache
def fitted() -> Weights:
    """The weights that were fitted, read once."""
    held = json.loads(FILE.read_text())
    return Weights(held["signs"], held["pairs"], held["threshold"])


def features(text: str, where: Where) -> Read:
    """What the weights are of."""
    return _weighed(read_signs(text), where)


def judge(text: str, where: Where) -> list[Finding]:
    """The findings of a text: the places of its stronger signs, where it is likely to be one."""
    signs, held = read_signs(text), fitted()
    read = _weighed(signs, where)
    chance = held.chance(read)
    if chance < held.threshold:
        return []
    counted = [(held.of(sign), place) for sign, places in signs.places.items() for place in places]
    found = set(_stronger(counted))
    if held.by_sentence(read) >= held.threshold or not found:
        said = zip(read.sentences, signs.sentences, strict=True)
        found.update(_stronger([(held.of_sentence(pairs), place) for pairs, (place, _) in said]))
    return [
        Finding(kind, round(chance, 3), start, end)
        for kind, start, end in sorted(found, key=lambda one: (one[1], one[2], one[0]))
    ]


def _stronger(counted: Sequence[tuple[float, Place]]) -> Iterator[tuple[Kind, int, int]]:
    """Those that count at least half of what the strongest does."""
    least = max(_LEAST, _LEAST_SHARE * max((count for count, _ in counted), default=0.0))
    return ((one.kind, one.start, one.end) for count, one in counted if count >= least)


def _weighed(signs: Signs, where: Where) -> Read:
    """The signs as they are weighed: what is typed has some of its own."""
    sentences = [pairs for _, pairs in signs.sentences]
    if where != "message":
        return Read(signs.values if signs.places else {}, sentences)
    values = {f"{sign}@" if sign in SOFT else sign: value for sign, value in signs.values.items()}
    values = {**values, "typed": 1.0} if signs.places else {}
    typed = [
        pairs | {"typed"} | {f"{pair}@" for pair in pairs if pair[0] not in (WORD, "^")}
        for pairs in sentences
    ]
    return Read(values, typed)
