"""How often a stream is read while others are waiting too: seldom when the process is busy.

Beyond what one core can do every stream would be later and later and no new one would begin, so a
process that is nearly there reads more seldom still, and stays where readers hardly notice.

Owns the measure of how busy the process is. What arrives in between travels together, so cost
follows the reads, not the tokens; a busy process wakes more streams at once. Needs no thread: who
asks measures. May import the plain ground.
"""

import time
from collections.abc import Callable
from itertools import pairwise

from chat.offload import rest, rest_about

IDLE_SECONDS = 0.020
BUSY_SECONDS = 0.100
FULL_SECONDS = 0.200
# Shares of one core, and the interval there; in between it is linear.
_CURVE = ((0.1, IDLE_SECONDS), (0.25, BUSY_SECONDS), (0.8, BUSY_SECONDS), (0.95, FULL_SECONDS))
_MEASURE_SECONDS = 0.25


class Pace:
    """One for the process; from any thread. The clocks can be given, for tests."""

    __slots__ = (
        "_clock", "_cpu", "_interval", "_last_cpu", "_last_time", "_share", "_sleep",
        "_sleep_about",
    )  # fmt: skip

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = time.process_time,
        sleep: Callable[[float], None] = rest,
        sleep_about: Callable[[float], None] = rest_about,
    ) -> None:
        self._clock, self._cpu = clock, cpu
        self._sleep, self._sleep_about = sleep, sleep_about
        self._last_time, self._last_cpu = clock(), cpu()
        self._share = 0.0
        self._interval = IDLE_SECONDS

    def interval(self) -> float:
        """Seconds that one stream's reads are apart: 0.020 when idle, 0.100 when busy, up to 0.200
        when the core is full."""
        self._measure(self._clock())
        return self._interval

    def rest(self, since: float) -> None:
        """Sleep until `interval` has passed since the monotonic time `since`; busy, about until."""
        now = self._clock()
        if now - self._last_time >= _MEASURE_SECONDS:
            self._measure(now)
        left = since + self._interval - now
        sleep = self._sleep if self._interval < BUSY_SECONDS else self._sleep_about
        sleep(left if left > 0 else 0)  # 0 lets the others go on under gevent

    def _measure(self, now: float) -> None:
        passed = now - self._last_time
        if passed < _MEASURE_SECONDS:
            return
        cpu = self._cpu()
        share = (cpu - self._last_cpu) / passed
        self._last_time, self._last_cpu = now, cpu
        # The half of the former share keeps slow and fast from taking turns: resting lowers it.
        self._share = (self._share + share) / 2
        self._interval = interval_at(self._share)


def interval_at(share: float) -> float:
    """Seconds between two reads while so much of a core is used."""
    for (low, shorter), (high, longer) in pairwise(_CURVE):
        if share < high:
            return shorter + max(0.0, share - low) / (high - low) * (longer - shorter)
    return FULL_SECONDS
