"""One follower of a log: what it has read, what wakes it, and what may go out without waking it.

Keeps true: a frame reaches a follower once, through its outlet or through `LiveLog.follow`. Imports
nothing of Parley.
"""

import threading
from typing import Protocol

WAITING = b""  # no frame is empty


class Gate(Protocol):
    """What wakes a follower that waits."""

    def release(self) -> None:
        """Wake it; never waits."""
        ...


class Outlet(Protocol):
    """Where a waiting follower's frames may go at once."""

    @property
    def is_gate(self) -> bool:
        """Whether nobody waits for its follower: its own `release` is called instead."""
        ...

    def release(self) -> None:
        """There is something for the follower; never waits."""
        ...

    def offer(self, frame: bytes) -> bool | None:
        """True when all of it is on its way, None when `flush` has to send the rest, False when
        nothing was taken. Never waits."""
        ...

    def flush(self) -> None:
        """Send what an `offer` has left; may wait, and fail."""
        ...


class Follower:
    """Has everything up to `place`; `gate` is released to wake it. The log's lock guards it.

    `lock` is that gate where somebody waits.
    """

    __slots__ = ("gate", "lock", "outlet", "place")

    def __init__(self, place: int | None, outlet: Outlet | None) -> None:
        self.lock = None if outlet is not None and outlet.is_gate else threading.Lock()
        if self.lock is not None:
            self.lock.acquire()
        self.gate: Gate | None = self.lock or outlet
        self.outlet = outlet
        self.place = place

    def wake(self) -> None:
        """Let it look what there is."""
        if self.gate is not None:
            self.gate.release()

    def take(self, frame: bytes, place: int) -> bool:
        """Send the frame of `place`, the next one, from here; else wake the follower.

        Whether it may sleep on.
        """
        taken = self.outlet.offer(frame) if self.outlet is not None else False
        if taken is not False:
            self.place = place
        if not taken:
            self.wake()
        return bool(taken)
