"""Runs what blocks in C on a real operating-system thread, so that no stream waits for it.

Also makes the locks that nobody waits for, runs deep work where it leaves no memory behind, and
wakes together those who rest: one such waking is a round. The only file of `chat/` that knows
gevent. In a patched process the pool is gevent's own (an extra one, since the hub's also resolves
names); otherwise it is a plain thread pool. Work given here must not touch the database or any lock
of the event loop. Imports nothing of Parley.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
_TICK = 0.008  # seconds; who rests is woken at the first tick after its time
_WIDE_TICK = 0.025  # seconds; the same for those who rest about so long: the tick nearest to that


@lru_cache(maxsize=1)
def _patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


class Threads:
    """Real threads, made when there is work for them: who has its own waits for nobody else's work.

    All others share those of `run_blocking`.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._run: Callable[..., Any] | None = None

    def run(self, work: Callable[..., Result], *args: Any) -> Result:
        """The result of `work(*args)`, made on one of them; its exception is raised here."""
        if self._run is None:
            self._run = _gevent_pool(self._count) if _patched() else _thread_pool(self._count)
        result: Result = self._run(work, *args)
        return result


def _gevent_pool(count: int) -> Callable[..., Any]:
    from gevent.threadpool import ThreadPool  # only here: elsewhere threads are just threads

    pool = ThreadPool(count)
    return lambda work, *args: pool.apply(work, args)


def _thread_pool(count: int) -> Callable[..., Any]:
    pool = ThreadPoolExecutor(count, thread_name_prefix="offload")
    return lambda work, *args: pool.submit(work, *args).result()


_shared = Threads(2)


def run_blocking(work: Callable[..., Result], *args: Any) -> Result:
    """The result of `work(*args)`, made on a real thread; its exception is raised here."""
    return _shared.run(work, *args)


def aside(work: Callable[..., Result], *args: Any) -> Result:
    """The result of `work(*args)`, made on a stack of its own; its exception is raised here.

    A greenlet holds all the stack that its deepest call has touched until it ends. One that goes on
    to wait for minutes has its deep work done aside, and holds a few kilobytes.
    """
    if not _patched():
        return work(*args)
    from greenlet import greenlet

    result: Result = greenlet(work).switch(*args)
    return result


def begin(work: Callable[[], object]) -> None:
    """Have `work` done soon, on a stack of its own, at half of what a thread costs; never waits."""
    if _patched():
        from gevent import spawn_raw

        spawn_raw(work)
    else:
        threading.Thread(target=work, name="begun", daemon=True).start()


def rest(seconds: float) -> None:
    """Sleep for so long or a tick longer; of many short sleeps each costs half of a timer."""
    if seconds > 0 and (resting := _resting()):
        now = time.monotonic()
        resting.rest(now, (int((now + seconds) / _TICK) + 1) * _TICK)
    else:
        time.sleep(max(0.0, seconds))


def rest_about(seconds: float) -> None:
    """Sleep for so long, give or take half a wide tick.

    The rounds are larger, and each frame that goes out in one costs less.
    """
    if seconds > 0 and (resting := _resting()):
        now = time.monotonic()
        nearest, next_one = round((now + seconds) / _WIDE_TICK), int(now / _WIDE_TICK) + 1
        resting.rest(now, max(nearest, next_one) * _WIDE_TICK)
    else:
        time.sleep(max(0.0, seconds))


def at_round_end(work: Callable[[], object]) -> bool:
    """Have `work`, which never waits or fails, done after the round under way; False if none is."""
    if _Resting.after is None:
        return False
    _Resting.after.append(work)
    return True


@lru_cache(maxsize=1)
def _resting() -> "_Resting | None":
    return _Resting() if _patched() else None


class _Resting:
    """The greenlets of this process that rest, by the tick that wakes them; it has one timer."""

    after: list[Callable[[], object]] | None = None  # what is to be done when the round is over

    def __init__(self) -> None:
        from gevent import get_hub, getcurrent

        self._timer, self._current = get_hub().loop.timer, getcurrent
        self._wait = get_hub().switch
        self._by_tick: dict[float, list[Any]] = {}

    def rest(self, now: float, tick: float) -> None:
        """Until a tick, which is a time by the monotonic clock and not over."""
        resting = self._by_tick.get(tick)
        if resting is None:
            timer = self._timer(tick - now)
            resting = self._by_tick[tick] = []
            timer.start(self._wake, tick, timer)
        resting.append(self._current())
        self._wait()

    def _wake(self, tick: float, timer: Any) -> None:
        timer.close()
        resting = self._by_tick.pop(tick)
        after: list[Callable[[], object]] = []
        _Resting.after = after
        try:
            for greenlet in resting:
                try:
                    greenlet.switch()
                except Exception:  # of one that ends so; the others are woken all the same
                    logger.exception("defect in what had rested")
        finally:
            _Resting.after = None
            for work in after:
                work()


def brief_lock() -> threading.Lock:
    """An operating system's lock, for a section in which nothing waits or logs.

    In a patched process nobody ever finds it taken, since greenlets change only where one waits;
    gevent's own would cost about two microseconds, which is much for each token.
    """
    if not _patched():
        return threading.Lock()
    from gevent.monkey import get_original

    lock: threading.Lock = get_original("_thread", "allocate_lock")()
    return lock
