"""Keeps long work in one greenlet from holding up the others. Imports nothing of Parley."""

import time

_HOLD = 0.002  # seconds that work may go on before it yields


class Pace:
    """Call it between small pieces of work; a switch happens only once enough time has gone by."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def __call__(self) -> None:
        if time.perf_counter() - self._last > _HOLD:
            time.sleep(0)  # a switch under gevent, next to nothing elsewhere
            self._last = time.perf_counter()
