"""Two processes of one site, with the PostgreSQL, the Redis and the upstream that they share."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import family
from bench.relays import Upstream
from bench.requests import message_request
from tests.live import LiveSite
from tests.people import fill_database
from tests.postgresql import PostgresServer
from tests.redis_process import RedisProcess


@dataclass(eq=False)
class Side:
    """One process, and what is followed there: the answers of the other one."""

    site: LiveSite
    answers: list[str] = field(default_factory=list)  # that it writes
    name = "parley"

    @property
    def port(self) -> int:
        return self.site.port

    @property
    def pids(self) -> list[int]:
        return family(self.site.pid)

    def requests(self, count: int, tokens: int, rate: int) -> list[str]:
        """For bench.measuring.Load: follow the other side's answers, one after another."""
        return [message_request(self.answers[n % len(self.answers)]) for n in range(count)]


@contextmanager
def two_sides(model: str) -> Iterator[tuple[list[Side], RedisProcess]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        upstream, redis = stack.enter_context(Upstream()), stack.enter_context(RedisProcess())
        postgres = stack.enter_context(PostgresServer(fsync="on", synchronous_commit="on"))
        database = postgres.create()
        fill_database(postgres.sqlalchemy_url(database))
        environ = {
            "DATABASE_URL": postgres.url(database),
            "REDIS_URL": redis.url,
            "SECRET_KEY": "only for the bench, " * 3,
            "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream.port}/v1",
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_MODEL": model,
        }
        sites = [LiveSite(folder / name, None, **environ) for name in ("here", "there")]
        yield [Side(stack.enter_context(site)) for site in sites], redis
