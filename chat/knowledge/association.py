"""How strongly two concepts belong together, from how many passages mention each and both.

Imports nothing of Parley.
"""

import math


def npmi(one: int, other: int, both: int, total: int) -> float:
    """Normalised pointwise mutual information (Bouma, 2009), from -1 to 1; 0 is chance.

    ln(p(x, y) / (p(x) p(y))) / -ln p(x, y), each probability a share of the `total` passages.
    """
    if both <= 0:
        return -1.0
    if both >= total:
        return 1.0
    return math.log(both * total / (one * other)) / math.log(total / both)


def strength(one: int, other: int, both: int, total: int) -> float:
    """NPMI, less where few passages speak for it: one shared passage halves it.

    The factor is Pantel and Ravichandran's (2004) discount for what is rarely seen.
    """
    least = min(one, other)
    return npmi(one, other, both, total) * both / (both + 1) * least / (least + 1)


def weight(passages: int, total: int, words: int) -> float:
    """How much a concept matters: in many passages, not in all, and longer names more.

    The share of passages is weighed as in tf-idf, the number of words as in the C-value of terms
    (Frantzi, Ananiadou and Mima, 2000).
    """
    return passages * math.log(1 + total / passages) * math.log2(1 + words)
