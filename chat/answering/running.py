"""A run of this process: the attempt at it, and the thread that makes it.

May import every floor below answering.
"""

import threading
from dataclasses import dataclass

from chat.answering.attempt import Attempt


@dataclass(frozen=True, slots=True)
class Running:
    """An attempt that is under way on a thread of its own."""

    attempt: Attempt
    thread: threading.Thread
