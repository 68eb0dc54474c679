"""How often a stream is read while others are waiting too: seldom when the process is busy.

Owns the measure of how busy the process is. What arrives in between travels together, so cost
follows the reads, not the tokens. Needs no thread: who asks measures. Imports nothing of Parley.
"""

import time
from collections.abc import Callable

IDLE_SECONDS = 0.020
BUSY_SECONDS = 0.100
_IDLE_SHARE = 0.2  # of one core
_BUSY_SHARE = 0.5
_MEASURE_SECONDS = 0.25


class Pace:
    """One for the process; from any thread. The clocks can be given, for tests."""

    __slots__ = ("_clock", "_cpu", "_interval", "_last_cpu", "_last_time", "_share", "_sleep")

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = time.process_time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._cpu, self._sleep = clock, cpu, sleep
        self._last_time, self._last_cpu = clock(), cpu()
        self._share = 0.0
        self._interval = IDLE_SECONDS

    def interval(self) -> float:
        """Seconds that one stream's reads are apart: from 0.020 when idle to 0.100 when busy."""
        self._measure(self._clock())
        return self._interval

    def rest(self, since: float) -> None:
        """Sleep until `interval` has passed since the monotonic time `since`."""
        now = self._clock()
        self._measure(now)
        left = since + self._interval - now
        self._sleep(left if left > 0 else 0)  # 0 lets the others go on under gevent

    def _measure(self, now: float) -> None:
        passed = now - self._last_time
        if passed < _MEASURE_SECONDS:
            return
        cpu = self._cpu()
        share = (cpu - self._last_cpu) / passed
        self._last_time, self._last_cpu = now, cpu
        # The half of the former share keeps slow and fast from taking turns: resting lowers it.
        self._share = (self._share + share) / 2
        busy = (self._share - _IDLE_SHARE) / (_BUSY_SHARE - _IDLE_SHARE)
        self._interval = IDLE_SECONDS + min(1.0, max(0.0, busy)) * (BUSY_SECONDS - IDLE_SECONDS)
