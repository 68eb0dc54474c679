"""Several instances of the site on the same data, as processes that may be killed and started.

Another combination (another database, a Redis) is another set of variables; what stands in front
of the instances is for the readers to know: they are given addresses.
"""

import os
import signal
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text

from tests.live import LiveSite

_OWNED = text("""
    SELECT message_id, attempt FROM runs
     WHERE state = 'running' AND owner_id IN (SELECT id FROM processes WHERE pid = :pid)
    """)


@dataclass(frozen=True, slots=True)
class Owned:
    """A running answer, and the attempt that a process makes of it."""

    message_id: str
    attempt: int


class Instances:
    """Some instances; leave the `with` block to stop them."""

    def __init__(self, folder: Path, template: Path | None, count: int = 2, **environ: str) -> None:
        self.sites = [LiveSite(folder, template, **environ) for _ in range(count)]
        url = environ.get("DATABASE_URL", f"sqlite:///{folder / 'parley.db'}")
        self.engine = create_engine(url)
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            starting.callback(self.engine.dispose)
            for site in self.sites:
                starting.enter_context(site)
            self._cleanup = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def owned_by(self, worker: int) -> list[Owned]:
        """What a worker writes at this moment, as the database has it."""
        with self.engine.connect() as connection:
            return [Owned(*row) for row in connection.execute(_OWNED, {"pid": worker})]


def worker_of(site: LiveSite) -> int | None:
    """The worker's process id once it serves; None while there is none that does."""
    try:
        worker = site.worker_pid
        serves = site.request("GET", "/healthz")[0] == 200
    except (OSError, ValueError, AssertionError):
        return None
    return worker if serves else None


def kill_worker(site: LiveSite, worker: int) -> None:
    """As a crash of the worker: gunicorn's master makes another one."""
    os.kill(worker, signal.SIGKILL)


def kill_all(site: LiveSite, worker: int) -> None:
    """As a loss of the whole instance, which is started again."""
    site.kill()
    site.start()
