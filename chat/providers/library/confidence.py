"""How likely the sentences written so far hold the answer.

Keeps true: a value is computed from what is known at that moment; it is a probability (a logistic
regression over the signals below, fitted on questions with known answers; see docs/answering.md).
Imports ranking and features.
"""

import math
from collections.abc import Mapping, Sequence

from chat.providers.library.features import Asked
from chat.providers.library.fitted import fitted
from chat.providers.library.ranking import Candidate

SIGNALS = {
    "chance": "Belief in the sentences written",
    "coverage": "Share of the question found in the best passage",
    "lead": "Lead of the best passage over the next document",
    "agreement": "Share of the written sentences from one document",
    "kind": "Holds the kind of answer asked for",
    "doubt": "Share of the question whose words were not found",
    "meaning": "Likeness in meaning, where words were not found",
}
IN_DOUBT = ("doubt", "meaning")  # signals of questions whose words are hardly found
_LEAST, _MOST = 0.02, 0.98


def signals(asked: Asked, candidates: Sequence[Candidate], written: int) -> dict[str, float]:
    """The signals once the first `written` candidates stand in the answer."""
    chosen = candidates[:written]
    first = chosen[0].seen
    chance = min(_MOST, max(_LEAST, sum(candidate.chance for candidate in chosen)))
    together = sum(one.seen.passage.document_id == first.passage.document_id for one in chosen)
    return {
        "chance": math.log(chance / (1 - chance)),
        "coverage": _coverage(asked, candidates, chosen[0]),
        "lead": _lead(candidates, first.passage.document_id, first.passage.score),
        "agreement": together / written,
        "kind": float(any(not one.feature("lacks_kind") for one in chosen)),
        "doubt": asked.doubt,
        "meaning": max(one.feature("means") for one in chosen),
    }


def confidence(found: Mapping[str, float]) -> float:
    """The calibrated probability that goes with these signals."""
    weights = fitted().signals
    score = fitted().intercept + sum(weights[name] * value for name, value in found.items())
    return round(1 / (1 + math.exp(-score)), 4)


def _coverage(asked: Asked, candidates: Sequence[Candidate], best: Candidate) -> float:
    held = 0
    for candidate in candidates:
        if candidate.seen.passage.id == best.seen.passage.id:
            held |= candidate.seen.hits
    return min(1.0, asked.share(held) + best.feature("titled"))


def _lead(candidates: Sequence[Candidate], document_id: str, score: float) -> float:
    others = (
        candidate.seen.passage.score
        for candidate in candidates
        if candidate.seen.passage.document_id != document_id
    )
    return max(0.0, 1 - max(others, default=0.0) / score) if score else 0.0
