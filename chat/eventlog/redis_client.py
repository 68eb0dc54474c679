"""How Redis is reached, and whether it answers.

Keeps true: a Redis that is away costs nothing: who needs it is refused at once, and one thread of
its own looks for it until it is back; no command is repeated behind anybody's back. redis-py's own
defaults (ten repetitions, five seconds of patience, a hundred connections, RESP3 with its
notifications) are all set otherwise. Imported only where REDIS_URL is set. May import the plain
ground.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.connection import BlockingConnectionPool
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from chat.errors import Unavailable

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
BLOCK_SECONDS = 0.5  # that a read waits in Redis; its socket waits longer than that
_PATIENCE = 0.5  # seconds to connect, and to wait for an answer
_COMMANDS = 8  # connections for everything but reading
_FIRST_LOOK, _LAST_LOOK = 0.1, 1.0  # seconds between two looks for a Redis that is away


class RedisServer:
    """One Redis: `commands` for what is answered at once, `reader` for the one blocking read."""

    def __init__(self, url: str) -> None:
        self.commands = _client(url, connections=_COMMANDS, patience=_PATIENCE)
        self.reader = _client(url, connections=1, patience=BLOCK_SECONDS + 2 * _PATIENCE)
        self._probe = _client(url, connections=1, patience=_PATIENCE)
        self._lock = threading.Lock()
        self._away = False
        self._closing = threading.Event()
        self.returns = 0  # how often it came back, perhaps empty

    @property
    def is_away(self) -> bool:
        return self._away

    def call(self, work: Callable[[], Result]) -> Result:
        """The result of `work`; Unavailable when Redis is away, which is found out only once."""
        if self._away:
            raise Unavailable("Redis is away.")
        try:
            return work()
        except (RedisError, OSError) as error:
            self.lost(error)
            raise Unavailable("Redis is away.") from error

    def lost(self, error: Exception) -> None:
        """Redis did not do what it should: leave it alone until it answers again."""
        with self._lock:
            if self._away or self._closing.is_set():
                return
            self._away = True
        logger.warning("Redis is away, the database serves meanwhile: %s", _one_line(error))
        threading.Thread(target=self._look_for_it, name="redis", daemon=True).start()

    def _look_for_it(self) -> None:
        pause = _FIRST_LOOK
        while not self._closing.wait(pause):
            pause = min(2 * pause, _LAST_LOOK)
            if self._takes():
                self._probe.close()
                self.returns += 1
                self._away = False
                logger.warning("Redis is back")
                return

    def answers(self) -> bool:
        """Whether Redis answers now; known at once when it is away."""
        try:
            return bool(self.call(self.commands.ping))
        except Unavailable:
            return False

    def _takes(self) -> bool:
        """Whether Redis would take what is written: one that is loading or full answers too."""
        try:
            self._probe.set("parley:probe", b"", ex=1)
        except (RedisError, OSError):
            return False
        return True

    def close(self) -> None:
        self._closing.set()
        for client in (self.commands, self.reader, self._probe):
            client.close()


def _client(url: str, *, connections: int, patience: float) -> Any:
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=patience,  # to wait for a connection that is free
        socket_connect_timeout=_PATIENCE,
        socket_timeout=patience,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        client_name="parley",
        driver_info=None,
    )
    return redis.Redis.from_pool(pool)


def _one_line(error: Exception) -> str:
    """What happened; an answer of Redis may quote the command, and with it what people wrote."""
    if isinstance(error, ResponseError):
        return type(error).__name__
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
