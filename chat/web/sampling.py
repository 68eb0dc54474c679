"""What figures are looked at now and then: answers and streams that are open, memory, connections.

Keeps true: a look is a few reads of memory, once a second while something is open here and every
ten seconds otherwise; the timer that leads to it also tells how late timers come, which is how long
the event loop was held up. May import every floor below web.
"""

import resource
import threading
import time
from typing import Any

from chat.database import Database
from chat.metrics import counted
from chat.web.site import Site

_BUSY, _IDLE = 1.0, 10.0  # seconds between two looks


class Sampling:
    """Of one process; `start` begins to look."""

    def __init__(self, parts: Site) -> None:
        self._parts = parts

    def start(self) -> None:
        counted.starts.add()
        self.look()
        threading.Thread(target=self._run, name="figures", daemon=True).start()

    def look(self) -> None:
        """Take the figures as they are now."""
        parts = self._parts
        preparing = parts.runner.preparing
        counted.processes.set(1)
        counted.runs.set(preparing, "preparing")
        waiting = parts.runner.waiting
        counted.runs.set(parts.runner.running - preparing - waiting, "writing")
        counted.queue.set(waiting)
        counted.followers.set(parts.watch.count)
        counted.resident.set(resident_bytes())
        counted.cpu.reach(time.process_time())
        counted.redis_away.set(parts.redis is not None and parts.redis.is_away)
        _look_at_pool(parts.database)

    def _run(self) -> None:
        while True:
            pause = _BUSY if self._parts.runner.running or self._parts.watch.count else _IDLE
            due = time.monotonic() + pause
            time.sleep(pause)
            counted.lag.observe(max(0.0, time.monotonic() - due))
            self.look()


def _look_at_pool(database: Database) -> None:
    pool: Any = database.engine.pool
    if hasattr(pool, "checkedout"):  # else it holds none
        counted.connections.set(pool.checkedout(), "in_use")
        counted.connections.set(pool.checkedin(), "idle")
        counted.connections_most.set(pool.size() + max(0, pool._max_overflow))


def resident_bytes() -> int:
    """Resident memory now, from Linux's /proc; elsewhere the most there was."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
