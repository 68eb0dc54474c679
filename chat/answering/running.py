"""A run of this process: the attempt at it, and whether it is being made.

May import every floor below answering.
"""

import threading
from dataclasses import dataclass, field

from chat.answering.attempt import Attempt


@dataclass(slots=True, eq=False)
class Running:
    """An attempt that is being made, or waits for its turn."""

    attempt: Attempt
    waits: bool = True
    _going: threading.Lock = field(default_factory=threading.Lock)  # held while it is made

    @property
    def is_preparing(self) -> bool:
        """Whether it has begun, but not to write."""
        return not self.waits and self.attempt.is_preparing

    def begin(self) -> None:
        """It is made from now on."""
        self.waits = False
        self._going.acquire()

    def end(self) -> None:
        """It has ended, in whatever way."""
        self._going.release()

    def wait_for_end(self, seconds: float) -> None:
        """Wait until it has ended, for so long at most."""
        if self._going.acquire(timeout=seconds):
            self._going.release()
