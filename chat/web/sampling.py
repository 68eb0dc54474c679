"""What figures are looked at now and then: answers and streams that are open, memory, connections.

Keeps true: a look is a few reads of memory, once a second while something is open here and every
ten seconds otherwise; the timer that leads to it also tells how late timers come, which is how long
the event loop was held up. May import every floor below web.
"""

import logging
import resource
import threading
import time
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from chat import accounts
from chat.database import Database
from chat.errors import ParleyError
from chat.metrics import counted
from chat.metrics.minutes import minutes
from chat.web.site import Site

logger = logging.getLogger(__name__)
_BUSY, _IDLE = 1.0, 10.0  # seconds between two looks
_TOUCH = 60.0  # seconds between two notes of who is there
_SAVE = 10.0  # seconds between two times that figures are stored, where there are new ones


class Sampling:
    """Of one process; `start` begins to look."""

    def __init__(self, parts: Site) -> None:
        self._parts = parts
        self._saved_at = self._touched_at = time.monotonic()
        self._is_failing = False

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
            late = max(0.0, time.monotonic() - due)
            counted.lag.observe(late)
            self.look()
            self._note(late)

    def _note(self, late: float) -> None:
        """For the overview: how much there is, and now and then all that is new."""
        parts = self._parts
        minutes.seen(
            streams=parts.watch.count,
            runs=parts.runner.running,
            queue=counted.queue.value(),
            lag_ms=late * 1000,
        )
        now = time.monotonic()
        if now - self._saved_at < _SAVE:
            return
        self._saved_at = now
        try:
            parts.keeping.save()
            if now - self._touched_at >= _TOUCH:
                self._touched_at = now
                self._touch()
            self._is_failing = False
        except (SQLAlchemyError, ParleyError, OSError) as error:
            if not self._is_failing:  # once: they wait in memory
                logger.warning("figures are not stored right now: %s", type(error).__name__)
            self._is_failing = True
        except Exception:  # without this thread there would be no figures any more
            logger.exception("defect while storing figures")

    def _touch(self) -> None:
        """Who has a page before them is there, though the page asks for nothing."""
        if here := self._parts.watch.session_ids:
            with self._parts.database.writing(patience=1.0) as session:
                accounts.sessions.touch_all(session, here)


def _look_at_pool(database: Database) -> None:
    pool: Any = database.engine.pool
    if hasattr(pool, "checkedout"):  # else it holds none
        spare = database.spare
        counted.connections.set(pool.checkedout() - spare, "in_use")
        counted.connections.set(pool.checkedin() + spare, "idle")
        counted.connections_most.set(pool.size() + max(0, pool._max_overflow))


def resident_bytes() -> int:
    """Resident memory now, from Linux's /proc; elsewhere the most there was."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
