"""Where the values of all figures are: numbers side by side, in memory or in a file's memory.

Keeps true: a value is changed in place, without a system call; when the numbers move into a file,
what was counted before goes with them. Imports offload.
"""

from array import array

from chat.offload import brief_lock


class Slots:
    """The numbers of one process. Take places with `reserve` before any is used."""

    def __init__(self) -> None:
        self.values: array[float] | memoryview[float] = array("d")
        self._lock = brief_lock()

    def __len__(self) -> int:
        return len(self.values)

    def reserve(self, count: int) -> int:
        """The first of `count` places in a row."""
        first = len(self.values)
        assert isinstance(self.values, array), "the numbers are in a file already"
        self.values.extend([0.0] * count)
        return first

    def add(self, place: int, amount: float) -> None:
        with self._lock:
            self.values[place] += amount

    def add_two(self, place: int, other: int, amount: float) -> None:
        """One to a place, and `amount` to another."""
        with self._lock:
            self.values[place] += 1
            self.values[other] += amount

    def set(self, place: int, value: float) -> None:
        self.values[place] = value

    def move(self, target: "memoryview[float]") -> None:
        """Go on in `target`, which is as long, from the values that there are."""
        with self._lock:
            target[:] = memoryview(self.values)
            self.values = target

    def clear(self) -> None:
        """Begin anew, in memory: for tests and for a process that was forked."""
        with self._lock:
            self.values = array("d", bytes(8 * len(self.values)))
