"""Vectors as they are stored: a signed byte for each dimension, and their signs, a bit each.

Keeps true: packed vectors of one space are all of the same length, near enough; the share of equal
signs tells near from far (Charikar, 2002), so that a whole library is looked through in a few
milliseconds without a library of matrices. Imports nothing of Parley.
"""

import math
import struct
from array import array
from collections.abc import Sequence
from operator import mul

_STEPS = 25.0  # of a byte, for a vector of length 1 in one dimension
_MOST = 127
_UNSIGNED = bytes((byte + 128) % 256 for byte in range(256))  # of a signed byte, 128 more
_LANE = 4  # bytes of one sum
_BASE = 1 << 31  # what keeps a sum positive: it may be less by 127 * 255 for each dimension
_IS_POSITIVE = bytes(ord("1") if 0 < byte < 128 else ord("0") for byte in range(256))


def pack(values: Sequence[float]) -> bytes:
    """A vector of any length but 0 as bytes; empty for one of length 0."""
    length = math.sqrt(sum(map(mul, values, values)))
    if not length:
        return b""
    scale = _STEPS * math.sqrt(len(values)) / length
    steps = [round(value * scale) for value in values]
    try:
        return array("b", steps).tobytes()
    except OverflowError:
        return array("b", (max(-_MOST, min(_MOST, step)) for step in steps)).tobytes()


def unpack(vector: bytes) -> "array[int]":
    """The steps of a packed vector."""
    return array("b", vector)


def signature(vector: bytes) -> bytes:
    """A bit for each dimension: whether it is positive."""
    bits = int(vector.translate(_IS_POSITIVE) or b"0", 2)
    return bits.to_bytes(-(-len(vector) // 8), "big")


def nearness(asked: bytes, others: Sequence[bytes]) -> list[float]:
    """The cosine of a packed vector with each of the others, which have its dimensions."""
    steps = unpack(asked)
    whole = _STEPS * _STEPS * len(steps)
    return [product / whole for product in _products(steps, others)] if others else []


def _products(steps: "array[int]", others: Sequence[bytes]) -> list[int]:
    """The scalar products: dimension by dimension, all of the others in the lanes of one number.

    A number of a thousand bits is multiplied at once; one product after the other would take four
    times as long.
    """
    every = b"".join(others).translate(_UNSIGNED)
    lanes = bytearray(_LANE * len(others))
    lanes[::_LANE] = bytes([1]) * len(others)
    total = int.from_bytes(lanes, "little") * _BASE
    for dimension, step in enumerate(steps):
        lanes[::_LANE] = every[dimension :: len(steps)]
        total += step * int.from_bytes(lanes, "little")
    more = _BASE + 128 * sum(steps)
    sums = struct.unpack(f"<{len(others)}I", total.to_bytes(len(lanes), "little"))
    return [one - more for one in sums]
