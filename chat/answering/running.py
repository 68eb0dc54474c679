"""A run of this process: the attempt at it, and the thread that makes it.

May import every floor below answering.
"""

import threading
from dataclasses import dataclass

from chat.answering.attempt import Attempt


@dataclass(slots=True, eq=False)
class Running:
    """An attempt that is under way on a thread of its own, or waits for its turn without one."""

    attempt: Attempt
    thread: threading.Thread | None = None

    @property
    def waits(self) -> bool:
        return self.thread is None

    @property
    def is_preparing(self) -> bool:
        """Whether it has begun, but not to write."""
        return not self.waits and self.attempt.is_preparing
