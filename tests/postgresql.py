"""A throw-away PostgreSQL server for a run of the tests: made by initdb, gone afterwards.

PostgreSQL refuses to run as root, so as root it is started as the user `postgres` or `nobody`.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psycopg

from tests.live import START_SECONDS, free_port
from tests.programs import require_program

_QUICK = {  # nothing has to outlive the machine
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_connections": "200",
}


class PostgresServer:
    """A server on a free loopback port; leave the `with` block to stop it by its own pid."""

    def __init__(self, **settings: str) -> None:
        self.port = free_port()
        self.template = ""  # the name of the database with the three people
        self._settings = _QUICK | settings
        self._numbers = itertools.count(1)
        self._folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
        self._owner = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases, as an admin writes it."""
        return f"postgresql://parley:secret@127.0.0.1:{self.port}/{name}"

    def sqlalchemy_url(self, name: str) -> str:
        """The same as the settings make it."""
        return self.url(name).replace("postgresql:", "postgresql+psycopg:", 1)

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another one; its name."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    @property
    def pid(self) -> int:
        """The process id of the server's own process, whose end ends all of it."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        if self._owner is not None:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        initdb = [require_program("initdb"), "-D", str(self._data), "-U", "parley", "-A", "trust"]
        initdb += ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(initdb, check=True, capture_output=True, **self._as_owner())
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> Self:
        """Start the server and wait until it takes connections."""
        command = [require_program("postgres"), "-D", str(self._data), "-p", str(self.port)]
        options = self._settings | {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._as_owner(),
            )
        self.wait_until_it_answers()
        return self

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT drops every connection at once, SIGQUIT is as if it had crashed."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(timeout=30)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it take connections and statements in this block, and answer none."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        stopped = [self.pid, *map(int, children)]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def kill_one(self) -> None:
        """Kill one of its processes that serve: it ends all the others and recovers."""
        os.kill(psycopg.connect(self.url()).info.backend_pid, signal.SIGKILL)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement outside of a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _as_owner(self) -> dict[str, object]:
        where: dict[str, object] = {"cwd": self._folder}
        if self._owner is None:
            return where
        return where | {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}

    def wait_until_it_answers(self) -> None:
        """Until it takes connections; it has to be running."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                time.sleep(0.02)  # between two looks at a condition, not for a time to pass
        raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as; None for the one who runs the tests."""
    if os.geteuid() != 0:
        return None
    names = [name for name in ("postgres", "nobody") if _exists(name)]
    return pwd.getpwnam(names[0])


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
