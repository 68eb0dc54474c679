"""A wheel of milliseconds: what is due next, for thousands of timers, at the cost of a list."""

import time
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
_SLOTS = 4096  # milliseconds that a timer may be ahead


class Wheel(Generic[T]):
    """Times are milliseconds of the monotonic clock, fractions allowed."""

    def __init__(self) -> None:
        self._slots: list[list[T]] = [[] for _ in range(_SLOTS)]
        self._next = _now()  # the first millisecond that was not looked at
        self._count = 0

    def add(self, when: float, item: T) -> None:
        """Let `item` be due at `when`, or at once when that has passed."""
        self._slots[max(int(when), self._next) % _SLOTS].append(item)
        self._count += 1

    def add_after(self, milliseconds: float, item: T) -> float:
        """Let `item` be due so long from now; the time of that."""
        if not self._count:
            self._next = _now()
        when = time.monotonic() * 1000 + milliseconds
        self.add(when, item)
        return when

    def wait(self) -> float:
        """Seconds to wait for the next look: a millisecond at most, or -1 for no end."""
        if not self._count:
            return -1
        return max(0.0, self._next / 1000 - time.monotonic())

    def due(self) -> Iterator[T]:
        """Take out everything that is due; what is added meanwhile comes in its turn."""
        now = _now()
        while self._next <= now and self._count:
            items = self._slots[self._next % _SLOTS]
            self._slots[self._next % _SLOTS] = []
            self._next += 1
            self._count -= len(items)
            yield from items


def _now() -> int:
    return int(time.monotonic() * 1000)
