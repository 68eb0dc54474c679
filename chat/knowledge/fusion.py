"""Joins rankings of the same things into one. Imports nothing of Parley."""

from collections import defaultdict
from collections.abc import Sequence

_SMOOTH = 5  # Cormack, Clarke and Büttcher (2009) take 60, for lists of a thousand


def fuse(rankings: Sequence[tuple[float, Sequence[int]]]) -> list[int]:
    """All that is ranked, best first, by reciprocal rank fusion; each ranking has its weight.

    A ranking of weight 0 adds nothing.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for weight, ranking in rankings:
        if not weight:
            continue
        for rank, one in enumerate(ranking, 1):
            scores[one] += weight / (_SMOOTH + rank)
    return sorted(scores, key=lambda one: -scores[one])
