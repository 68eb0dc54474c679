"""Who is next when not everybody can be at once: one of each person in turn.

Keeps true: a slot that comes free goes to the person who has waited for one the longest, whatever
number of things somebody else waits for; nobody has more at once than they may. Pure: it waits for
nothing and tells nobody. Imports nothing of Parley.
"""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Of one process: `slots` at a time, 0 for any number; every method is for any thread."""

    def __init__(self, slots: int = 0) -> None:
        self._slots = slots
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Item]] = {}  # by person; the first of them is next
        self._busy: Counter[str] = Counter()  # slots by person
        self._taken = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def has_slot(self) -> bool:
        """Whether a slot is free."""
        return not self._slots or self._taken < self._slots

    def waits(self, person: str) -> bool:
        """Whether somebody waits for something."""
        return person in self._waiting

    def enter(self, person: str) -> bool:
        """Take a slot at once, if one is free: whoever waits then, waits for something else."""
        with self._lock:
            if self.has_slot:
                self._take(person)
                return True
            return False

    def wait(self, person: str, item: Item) -> None:
        """Wait behind what else this person waits for."""
        with self._lock:
            self._waiting.setdefault(person, []).append(item)
            self._count += 1

    def people(self) -> list[tuple[str, Item]]:
        """Who waits, in the order of their turns, each with the first of what they wait for;
        nobody while no slot is free."""
        with self._lock:
            if not self.has_slot:
                return []
            return [(person, waiting[0]) for person, waiting in self._waiting.items()]

    def has_room(self, person: str, at_once: int) -> bool:
        """Whether somebody who may have `at_once` slots (0: any number) has fewer."""
        return not at_once or self._busy[person] < at_once

    def begin(
        self, person: str, at_once: int, may: Callable[[Item], bool] = lambda _item: True
    ) -> Item | None:
        """The first of what a person waits for that `may` begin, with a slot, if one is free.

        None also when they have `at_once` slots already (0: any number). Their next turn comes
        after everybody's.
        """
        with self._lock:
            waiting = self._waiting.get(person, [])
            if not self.has_slot or not self.has_room(person, at_once):
                return None
            found = next((item for item in waiting if may(item)), None)
            if found is not None:
                self._remove(person, found)
                if person in self._waiting:
                    self._waiting[person] = self._waiting.pop(person)
                self._take(person)
            return found

    def leave(self, person: str) -> None:
        """Give a slot back."""
        with self._lock:
            self._taken -= 1
            self._busy[person] -= 1
            if not self._busy[person]:
                del self._busy[person]

    def withdraw(self, person: str, item: Item) -> bool:
        """Wait for it no longer; false when it has begun, or never waited."""
        with self._lock:
            if item not in self._waiting.get(person, ()):
                return False
            self._remove(person, item)
            return True

    def places(self) -> list[Item]:
        """All that wait, in the order in which they would begin if only slots were missing."""
        with self._lock:
            rows = [list(row) for row in self._waiting.values()]
        order: list[Item] = []
        while rows:
            order += [row.pop(0) for row in rows]
            rows = [row for row in rows if row]
        return order

    def while_waiting(self, person: str, item: Item, tell: Callable[[], None]) -> None:
        """Call `tell`, which must not wait, if the item does; it cannot begin meanwhile."""
        with self._lock:
            if item in self._waiting.get(person, ()):
                tell()

    def _take(self, person: str) -> None:
        self._taken += 1
        self._busy[person] += 1

    def _remove(self, person: str, item: Item) -> None:
        waiting = self._waiting[person]
        waiting.remove(item)
        self._count -= 1
        if not waiting:
            del self._waiting[person]
