"""The site as it stands when it has grown: two machines, PostgreSQL, Redis, and nginx before them.

Every part is a process on the loopback which may be killed by its own pid and started again; a
model to ask is there as well. Readers come by `nginx`, or by other doors.
"""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text

from tests.faults.instances import Owned
from tests.faults.machines import RemoteSite
from tests.nginx import Nginx
from tests.people import fill_database
from tests.postgresql import PostgresServer
from tests.redis_process import RedisProcess
from tests.upstream.process import Upstream

MODEL = "tokens-150-rate-25"
PACE = {"PARLEY_CHUNK_DELAY_MS": "100", "PARLEY_CHUNK_WORDS": "1"}
_OWNED = text("""
    SELECT message_id, attempt FROM runs
     WHERE state = 'running'
       AND owner_id IN (SELECT id FROM processes WHERE machine = :machine AND pid = :pid)
    """)
_LEFT = text("SELECT (SELECT count(*) FROM runs WHERE state = 'running'),"
             " (SELECT count(*) FROM log_groups)")  # fmt: skip


class Stage:
    """All of it from an empty folder; leave the `with` block to stop it."""

    def __init__(
        self, folder: Path, postgres: PostgresServer, upstream: Upstream, **environ: str
    ) -> None:
        self.folder = folder
        self.postgres = postgres
        self.redis = RedisProcess()
        name = postgres.create(postgres.template)
        shared = {
            "DATABASE_URL": postgres.url(name),
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": "one secret for all machines",
            "PARLEY_TRUSTED_PROXIES": "1",
        }
        environ = PACE | upstream.openai(MODEL) | shared | environ
        self.sites = [RemoteSite(folder / name, None, **environ) for name in ("one", "two")]
        self.nginx = Nginx(folder / "nginx", [site.port for site in self.sites])
        self.engine = create_engine(postgres.sqlalchemy_url(name), pool_pre_ping=True)
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.callback(self.engine.dispose)
            starting.enter_context(self.redis)
            starting.callback(self._stop)
            with ThreadPoolExecutor() as pool:
                list(pool.map(RemoteSite.__enter__, self.sites))
            starting.enter_context(self.nginx)
            self._cleanup = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def _stop(self) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(RemoteSite.__exit__, self.sites))

    def owned_by(self, site: RemoteSite, worker: int) -> list[Owned]:
        """What a site's worker writes at this moment, as the database has it."""
        machine, pid = site.owner_of(worker)
        with self.engine.connect() as connection:
            found = connection.execute(_OWNED, {"machine": machine, "pid": pid})
            return [Owned(*row) for row in found]

    def left(self) -> tuple[int, int]:
        """How many runs and how many groups of their logs there are."""
        with self.engine.connect() as connection:
            runs, groups = connection.execute(_LEFT).one()
        return runs, groups


@contextmanager
def staged(**environ: str) -> Iterator[Stage]:
    """A stage of its own with everything it stands on, for a command."""
    with (
        tempfile.TemporaryDirectory(prefix="parley-stage-") as folder,
        Upstream() as upstream,
        PostgresServer(synchronous_commit="on") as postgres,
    ):
        postgres.template = postgres.create()
        fill_database(postgres.sqlalchemy_url(postgres.template))
        with Stage(Path(folder), postgres, upstream, **environ) as stage:
            yield stage
