"""What one person asks at the same moment is taken one after the other.

Keeps true: whoever sends hundreds of questions at once has one of them in front of everybody else's
at any time; nobody waits without end. May import the plain ground.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chat.errors import Unavailable

_PATIENCE = 20.0  # seconds for all that the same person has sent before


class OneByOne:
    """A turn for each person; there is nothing of who sends nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[str, tuple[threading.Lock, list[None]]] = {}

    @contextmanager
    def turn(self, person: str) -> Iterator[Callable[[], int]]:
        """The block is this person's only one; Unavailable when that takes too long.

        It is given what counts those of the person that wait for it.
        """
        with self._lock:
            turn, present = self._turns.setdefault(person, (threading.Lock(), []))
            present.append(None)
        try:
            if not turn.acquire(timeout=_PATIENCE):
                raise Unavailable("You have sent too much at once. Try again.", retry_after=5)
            try:
                yield lambda: len(present) - 1
            finally:
                turn.release()
        finally:
            with self._lock:
                present.pop()
                if not present:
                    del self._turns[person]
