"""The form of a file of figures: what its numbers are, in order, and then the numbers.

Keeps true: a file tells by itself what it holds, so another version can read it; one that is
damaged holds nothing. Imports family.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct
from struct import error as StructError
from typing import Any

from chat.metrics.family import Family

_MAGIC = b"parleyf1"
_HEAD = Struct("<8sQ")  # the magic, and how long the description is
Described = Sequence[Any]  # of each figure its key, its kind, its width and its series


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds; `folded` are the files whose figures are in it, too."""

    described: Described = ()
    numbers: Sequence[float] = ()
    folded: Sequence[str] = ()


@dataclass(slots=True)
class Joined:
    """Figures of several processes: the values of each series, summed."""

    values: dict[tuple[str, ...], list[float]] = field(default_factory=dict)

    def add(self, found: Found, *, lives: bool) -> None:
        """Add what one process has; of one that is gone no gauges."""
        at = 0
        for name, kind, width, series in found.described:
            for labels in series:
                if lives or kind != "gauge":
                    self._add((name, *labels), found.numbers[at : at + width])
                at += width

    def _add(self, key: tuple[str, ...], values: Sequence[float]) -> None:
        before = self.values.get(key)
        summed = values if before is None else map(float.__add__, before, values)
        self.values[key] = list(summed)

    def in_order(self, described: Described) -> Iterable[float]:
        """All numbers, as `described` has them."""
        for name, _, width, series in described:
            for labels in series:
                yield from self.values.get((name, *labels), [0.0] * width)


def describe(families: Sequence[Family]) -> Described:
    """What the numbers of a file are, in order."""
    return [[key_of(one), one.kind, one.width, one.series] for one in families]


def key_of(family: Family) -> str:
    """What a figure is called in files: with other bounds it is another one."""
    return f"{family.name}{list(family.bounds) or ''}"


def head(described: Described, folded: Sequence[str] = ()) -> bytes:
    """The beginning of a file."""
    about = json.dumps({"figures": described, "folded": folded}).encode()
    about += b" " * (-(_HEAD.size + len(about)) % 8)  # the numbers begin at a multiple of 8
    return _HEAD.pack(_MAGIC, len(about)) + about


def pack(numbers: Iterable[float]) -> bytes:
    """The rest of it."""
    listed = list(numbers)
    return Struct(f"={len(listed)}d").pack(*listed)


def load(path: Path) -> Found | None:
    """What a file holds; None for one that is gone, or damaged by a loss of power."""
    try:
        data = path.read_bytes()
        magic, length = _HEAD.unpack_from(data)
        if magic != _MAGIC:
            return None
        about = json.loads(data[_HEAD.size : _HEAD.size + length])
        numbers = memoryview(data)[_HEAD.size + length :].cast("d")
        found = Found(about["figures"], numbers, about["folded"])
        wanted = sum(width * len(series) for _, _, width, series in found.described)
        return found if len(numbers) == wanted else None
    except (OSError, ValueError, TypeError, LookupError, StructError):
        return None
