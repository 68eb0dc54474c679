"""Finds the sentences that most likely answer a question.

Keeps true: the same request gives the same order. Chances are a softmax over weighted features (a
conditional logit whose weights `fitted` holds); they sum to less than 1, since sentences that share
nothing with the question stand for the case that none is right. Imports features.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.providers.library.features import NAMES, Asked, Seen, look
from chat.providers.library.fitted import fitted
from chat.values import Retrieval

_STRANGERS = 10  # sentences of the best passage that share nothing with the question
_FAR = 50.0  # exp of more would not be a finite number


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be written; `chance` is its share of the belief in all candidates."""

    seen: Seen
    chance: float

    def feature(self, name: str) -> float:
        """One of its features, by name."""
        return self.seen.values[NAMES.index(name)]


def rank(asked: Asked, retrieval: Retrieval) -> list[Candidate]:
    """Every unit of the passages read, the most likely answer first."""
    return order(look(asked, retrieval.passages), fitted().features, asked.doubt)


def order(
    seen: Sequence[Seen], weights: Mapping[str, float], doubt: float = 0.0
) -> list[Candidate]:
    """The units by their weighted features; `doubt` is that of the question."""
    by_place = [weights.get(name, 0.0) for name in NAMES]
    scores = [sum(w * v for w, v in zip(by_place, one.values, strict=True)) for one in seen]
    top = max(scores, default=0.0)
    parts = [math.exp(score - top) for score in scores]
    nothing = sum(weights.get(name, 0.0) for name in ("passage", "document"))
    nothing += doubt * sum(weights.get(name, 0.0) for name in ("nearest", "doubted"))
    total = sum(parts) + _STRANGERS * math.exp(min(nothing - top, _FAR))
    found = [Candidate(one, part / total) for one, part in zip(seen, parts, strict=True)]
    return sorted(found, key=lambda one: (-one.chance, one.seen.rank, one.seen.position))
