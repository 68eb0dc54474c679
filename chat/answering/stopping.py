"""`Stop`: whether a run was asked to stop, and what that ends at once.

A run that is abandoned stops as well, but has not ended: it goes on at another process. Keeps true:
whoever waits for the network or for time is woken by `ask` in that very moment. Imports nothing of
Parley.
"""

import threading
import time
from collections.abc import Callable


class Stop:
    """Asked for from any thread; read by the one that writes the answer."""

    __slots__ = ("_cancel", "abandoned", "asked_at")

    def __init__(self) -> None:
        self.asked_at: float | None = None  # of time.monotonic()
        self.abandoned = False
        self._cancel: Callable[[], None] | None = None

    def __bool__(self) -> bool:
        return self.asked_at is not None

    def ask(self) -> None:
        """Stop as soon as possible; asking again changes nothing."""
        if self.asked_at is None:
            self.asked_at = time.monotonic()
        cancel = self._cancel
        if cancel is not None:
            cancel()

    def abandon(self) -> None:
        """Stop as soon as possible, since another process goes on or will: nothing is concluded."""
        self.abandoned = True
        self.ask()

    def ends(self, cancel: Callable[[], None] | None) -> None:
        """From now on `ask` calls `cancel`; it is called now when the stop was asked for before."""
        self._cancel = cancel
        if cancel is not None and self.asked_at is not None:
            cancel()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until the stop; whether it was the stop."""
        woken = threading.Event()
        self.ends(woken.set)
        woken.wait(seconds)
        self.ends(None)
        return bool(self)
