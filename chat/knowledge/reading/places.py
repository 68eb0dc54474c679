"""Where in a file a part of its text stands: `page 12`, `sheet Budget, rows 20–41`, `slide 3`.

Keeps true: a place is found for every position behind the first mark. Imports nothing of Parley.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["page", "slide", "row", "line"]
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Mark:
    """That from the position `at` on the text is of this page, slide, row or line of `part`."""

    at: int
    unit: Unit
    number: int
    part: str = ""


class Places:
    """The marks of one document, in the order of its text."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._starts = [mark.at for mark in marks]

    def of(self, start: int, end: int) -> str:
        """The place of the text from `start` to `end`; empty where nothing is marked."""
        first = bisect_right(self._starts, start) - 1
        if first < 0:
            return ""
        last = max(first, bisect_left(self._starts, end) - 1)
        return _named(self._marks[first], self._marks[last])


def _named(first: Mark, last: Mark) -> str:
    numbers = f"{first.number}"
    if last.part == first.part and last.number > first.number:
        numbers = f"{first.number}–{last.number}"
    unit = first.unit if "–" not in numbers else f"{first.unit}s"
    room = _LONGEST - len(unit) - len(numbers) - len("sheet , ")
    part = f"sheet {first.part[:room]}, " if first.part else ""
    return f"{part}{unit} {numbers}"
