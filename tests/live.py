"""A real server in a process of its own, as `make run` serves it, on a free loopback port."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Self

from tests.people import api_token

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0  # a machine that is busy with other things is slow, not broken
QUIET = {
    "PARLEY_RATE_MESSAGES": "0",
    "PARLEY_RATE_SIGN_IN": "0",
    "PARLEY_RATE_UPLOADS": "0",
    "PARLEY_RATE_API": "0",
    "PARLEY_MAX_RUNS": "0",
    "PARLEY_CACHE_ANSWERS": "0",
    "PARLEY_SLOTS": "0",
    "PARLEY_GRACEFUL_SECONDS": "3",
    "PYTHONUNBUFFERED": "1",
}


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LiveSite:
    """The server, its data and its address; leave the `with` block to end it by its own pid.

    It begins with a copy of the database `template`, most often prepared: a start of every day.
    """

    def __init__(self, folder: Path, template: Path | None, **environ: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, "-m", "chat.commands.serve"]
        self.cwd = ROOT
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if template is not None and not (folder / "parley.db").exists():
            has_handbook = "PARLEY_HANDBOOK" not in environ
            source = _prepared(template) if has_handbook else template
            shutil.copyfile(source, folder / "parley.db")
            (folder / "uploads").mkdir(mode=0o700, exist_ok=True)

    @property
    def output(self) -> str:
        """What the server has printed so far."""
        return (self.folder / "output").read_text()

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master."""
        assert self._process is not None
        return self._process.pid

    @property
    def worker_pid(self) -> int:
        """The process id of gunicorn's one worker."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        (worker,) = map(int, children)
        return worker

    @property
    def environ(self) -> dict[str, str]:
        """What the server is started with; commands beside it need the same."""
        kept = {name: value for name, value in os.environ.items() if not _is_setting(name)}
        own = {"PORT": str(self.port), "PARLEY_DATA_DIR": str(self.folder)}
        return kept | QUIET | own | self._environ

    def start(self) -> Self:
        """Start the server and wait until it answers."""
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_it_answers()
        return self

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                if self.request("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)  # between two looks at a condition, not for a time to pass
        raise RuntimeError(f"the site did not start:\n{self.output}")

    def stop(self) -> int:
        """End the server as an admin would; its exit code."""
        return self._end(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for the server to end by itself; its exit code."""
        return self._end(None)

    def kill(self) -> None:
        """End the server and its worker as a crash would."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # its own session, made in `start`
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals | None) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if how is not None and process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait(timeout=10)

    def connect(self, *, timeout: float = 30) -> http.client.HTTPConnection:
        """A new connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def request(
        self, method: str, path: str, body: Any = None, *, as_: str | None = None
    ) -> tuple[int, Any]:
        """Status and body of one request, as alice, bob or charlie by their API token."""
        headers = {"Accept": "application/json"}
        if as_ is not None:
            headers["Authorization"] = f"Bearer {api_token(as_)}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        with closing(self.connect()) as connection:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            raw = response.read()
            is_json = "json" in (response.headers.get_content_type() or "")
            return response.status, json.loads(raw) if is_json else raw.decode()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()  # a graceful end takes a second, and what is graceful has tests of its own


@cache
def _prepared(template: Path) -> Path:
    """A copy that a site has prepared: with the handbook in it."""
    folder = template.with_name(f"{template.stem}-prepared")
    folder.mkdir(mode=0o700)
    shutil.copyfile(template, folder / "parley.db")
    command = [sys.executable, "-m", "flask", "--app", "app", "prepare"]
    kept = {name: value for name, value in os.environ.items() if not _is_setting(name)}
    own = {"PARLEY_DATA_DIR": str(folder)}
    subprocess.run(command, cwd=ROOT, env=kept | own, check=True, stdout=subprocess.DEVNULL)
    return folder / "parley.db"


def _is_setting(name: str) -> bool:
    return name.startswith(("PARLEY_", "OPENAI_", "ANTHROPIC_")) or name in {
        "HOST", "PORT", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "WEB_CONCURRENCY",
    }  # fmt: skip
