"""The upstream as a process of its own, for a test: where it listens, and what it saw."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 15.0
KEY = "sk-loopback-0123456789abcdef"
Told = str | Mapping[str, Any]


class Upstream:
    """A provider on a free loopback port; leave the `with` block to stop it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.upstream", "--port", "0"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=PATIENCE)  # closes its stdin, which ends it

    @property
    def pid(self) -> int:
        return self._process.pid

    def script(self, *told: Told, then: Told | None = None, models: Told = "write") -> None:
        """What the next answers do, in order, whatever their models' names say; `then` what all
        later ones do; `models` what `GET /v1/models` does."""
        self._control("POST", "script", {"behaviours": told, "then": then, "models": models})

    def reset(self) -> None:
        """Forget what came and what was scripted, and end every connection."""
        self._control("POST", "reset", {})

    def seen(self) -> list[dict[str, Any]]:
        """The requests since the reset, with the fields of `ledger.Record`."""
        found: list[dict[str, Any]] = self._control("GET", "seen")["requests"]
        return found

    def open_connections(self) -> int:
        found: int = self._control("GET", "seen")["open"]
        return found

    def wait_for(self, holds: Callable[[list[dict[str, Any]]], Any]) -> list[dict[str, Any]]:
        """What came, as soon as the condition holds for it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if holds(seen := self.seen()):
                return seen
            time.sleep(0.005)  # between two looks at a condition, not for a time to pass
        raise TimeoutError(f"not seen within {PATIENCE} s: {self.seen()}")

    def openai(self, model: str = "write") -> dict[str, str]:
        """The environment that makes a site ask this server as OpenAI."""
        return {
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "OPENAI_API_KEY": KEY,
            "OPENAI_MODEL": model,
        }

    def anthropic(self, model: str = "write") -> dict[str, str]:
        """The same as Anthropic, whose SDK puts `/v1` into the paths."""
        return {
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_MODEL": model,
        }

    def _control(self, method: str, what: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            data = None if body is None else json.dumps(body)
            connection.request(method, f"/control/{what}", data)
            return json.loads(connection.getresponse().read())
