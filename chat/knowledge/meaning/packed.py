"""Vectors as they are stored: a signed byte for each dimension, and their signs, a bit each.

Keeps true: packed vectors of one space are all of the same length, near enough; the share of equal
signs tells near from far (Charikar, 2002), so that a whole library is looked through in a few
milliseconds without a library of matrices. Imports nothing of Parley.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from operator import mul

_STEPS = 25.0  # of a byte, for a vector of length 1 in one dimension
_MOST = 127
_IS_POSITIVE = bytes(ord("1") if 0 < byte < 128 else ord("0") for byte in range(256))


def pack(values: Sequence[float]) -> bytes:
    """A vector of any length but 0 as bytes; empty for one of length 0."""
    length = math.sqrt(sum(map(mul, values, values)))
    if not length:
        return b""
    steps = _STEPS * math.sqrt(len(values)) / length
    return array("b", (_within(round(value * steps)) for value in values)).tobytes()


def _within(step: int) -> int:
    return max(-_MOST, min(_MOST, step))


def unpack(vector: bytes) -> "array[int]":
    """The steps of a packed vector."""
    return array("b", vector)


def signature(vector: bytes) -> bytes:
    """A bit for each dimension: whether it is positive."""
    bits = int(vector.translate(_IS_POSITIVE) or b"0", 2)
    return bits.to_bytes(-(-len(vector) // 8), "big")


def nearness(asked: bytes, others: Iterable[bytes]) -> list[float]:
    """The cosine of a packed vector with each of the others, which have its dimensions."""
    one = unpack(asked)
    whole = _STEPS * _STEPS * len(one)
    return [sum(map(mul, one, unpack(other))) / whole for other in others]
