"""Moving windows in which attempts are counted: of this process, and of all that share a Redis.

Keeps true: an attempt that is refused does not count, so a window always ends; while Redis is away,
and after it came back empty, what this process has counted still holds. May import every floor
below.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from chat.errors import Unavailable

if TYPE_CHECKING:  # redis-py is loaded only where there is a Redis
    from chat.eventlog.redis_client import RedisServer

Answer = TypeVar("Answer")


class Windows:
    """The windows of one purpose; keys are short, and expire with their windows."""

    def __init__(self, purpose: str, redis: "RedisServer | None" = None) -> None:
        self._purpose = purpose
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._redis = redis
        self._shared = self._own if redis is None else _shared(redis)

    def hit(self, rate: RateLimitItem, key: str, cost: int = 1) -> bool:
        """Count `cost`, unless that is too many."""
        name = f"{self._purpose}:{key}"
        if not self._own.test(rate, name, cost=cost):
            return False
        if not self._ask(lambda: self._shared.hit(rate, name, cost=cost), otherwise=True):
            return False
        return self._own.hit(rate, name, cost=cost)

    def test(self, rate: RateLimitItem, key: str) -> bool:
        """Whether the next `hit` would count."""
        name = f"{self._purpose}:{key}"
        return self._own.test(rate, name) and self._ask(
            lambda: self._shared.test(rate, name), otherwise=True
        )

    def ends(self, rate: RateLimitItem, key: str) -> float:
        """When the next attempt counts again, in seconds of `time.time()`."""
        name = f"{self._purpose}:{key}"
        own = self._own.get_window_stats(rate, name).reset_time
        return self._ask(
            lambda: max(own, self._shared.get_window_stats(rate, name).reset_time), otherwise=own
        )

    def clear(self, rate: RateLimitItem, key: str) -> None:
        """Start anew for the key."""
        name = f"{self._purpose}:{key}"
        self._own.clear(rate, name)
        self._ask(lambda: self._shared.clear(rate, name), otherwise=None)

    def _ask(self, question: Callable[[], Answer], *, otherwise: Answer) -> Answer:
        """What all processes have counted; `otherwise` when nobody shares it now."""
        if self._redis is None:
            return otherwise
        try:
            return self._redis.call(question)
        except Unavailable:
            return otherwise


def _shared(redis: "RedisServer") -> MovingWindowRateLimiter:
    pool = redis.commands.connection_pool
    return MovingWindowRateLimiter(
        RedisStorage("redis://", connection_pool=pool, key_prefix="parley:limits")
    )
