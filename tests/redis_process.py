"""A real Redis on a free loopback port, which a test may end, freeze and start again, empty."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import redis

from tests.live import free_port
from tests.programs import require_program

PATIENCE = 60.0  # a machine that is busy with other things is slow, not broken


class RedisProcess:
    """Leave the `with` block to end it by its own pid."""

    def __init__(self, password: str = "") -> None:
        self._program = require_program("redis-server")
        self._password = password
        self.port = free_port()
        self.url = f"redis://:{password}@127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port, password=password or None, protocol=2)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="parley-redis-"))
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> Self:
        """Start it, empty, on the port it had before; it answers when this returns."""
        command = [self._program, "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self._folder)]
        if self._password:
            command += ["--requirepass", self._password]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._accepts():
            assert self._process.poll() is None, "redis-server did not start"
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.01)  # between two looks at a condition
        return self

    def _accepts(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """End it as a crash would: what it held is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(PATIENCE)

    def freeze(self) -> None:
        """Let it hold its connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def clients(self, command: str = "") -> list[dict[str, Any]]:
        """The connections of Parley, or those whose last command it is."""
        found: list[dict[str, Any]] = self.client.client_list()
        ours = [client for client in found if client["name"] == "parley"]
        return [client for client in ours if not command or client["cmd"] == command]
