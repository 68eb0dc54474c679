"""One follower of a log: what it has read, what wakes it, and what may go out without waking it.

Keeps true: a frame reaches a follower once, through its outlet or through `LiveLog.follow`. Imports
nothing of Parley.
"""

import threading
from typing import Protocol


class Outlet(Protocol):
    """Where a waiting follower's frames may go at once."""

    def offer(self, frame: bytes) -> bool | None:
        """True when all of it is on its way, None when `flush` has to send the rest, False when
        nothing was taken. Never waits."""
        ...

    def flush(self) -> None:
        """Send what an `offer` has left; may wait, and fail."""
        ...


class Follower:
    """Has everything up to `place`; `gate` is released to wake it. The log's lock guards it."""

    __slots__ = ("gate", "outlet", "place")

    def __init__(self, place: int | None, outlet: Outlet | None) -> None:
        self.gate = threading.Lock()
        self.gate.acquire()
        self.outlet = outlet
        self.place = place

    def take(self, frame: bytes, place: int) -> bool:
        """Send the frame of `place`, the next one, from here; whether the follower may sleep on."""
        taken = self.outlet.offer(frame) if self.outlet is not None else False
        if taken is not False:
            self.place = place
        return bool(taken)
