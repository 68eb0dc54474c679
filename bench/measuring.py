"""One measurement of a relay: a crowd of streams, and what it cost the server meanwhile.

The load runs in a process of its own (bench/relay_load.py); here only /proc is read, once a second.
"""

import json
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, Self

from bench.processes import cpu_seconds, proportional_kib, resident_kib
from bench.relays import Relay
from tests.live import ROOT

_GRACE = 60.0  # seconds after the last token was due: a slow relay may be late
_QUIET = 0.03  # share of a core at which a server counts as idle
_LEAST_WINDOW = 2.0  # seconds with all streams open that are worth a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """So many streams of so many tokens at a rate, their sends spread over `spread` seconds."""

    streams: int
    tokens: int
    rate: int
    spread: float
    seed: int = 1
    tail: int = 0  # tokens that may come with the end of an answer, which repeats its text

    @property
    def at_most(self) -> float:
        return self.spread + self.tokens / self.rate + _GRACE


class Load:
    """The load generator for the time of a `with` block."""

    def __init__(self, relay: Relay, crowd: Crowd) -> None:
        requests = relay.requests(crowd.streams, crowd.tokens, crowd.rate)
        self._plan = {
            "port": relay.port,
            "requests": requests,
            "expected": crowd.tokens,
            "tail": crowd.tail,
            "spread": crowd.spread,
            "seed": crowd.seed,
            "at_most": crowd.at_most,
        }
        self._deadline = 0.0
        self._at_most = crowd.at_most + 30

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.relay_load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(self._plan).encode())
        self._process.stdin.close()
        self._deadline = time.monotonic() + self._at_most
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def news(self, seconds: float) -> dict[str, Any] | None:
        """The next thing that it tells, or None when nothing came for so long."""
        if time.monotonic() > self._deadline:
            raise RuntimeError("the load did not end in time")
        out: IO[bytes] = self._process.stdout  # type: ignore[assignment]
        if not select.select([out], [], [], seconds)[0]:
            return None
        line = out.readline()
        if not line:
            raise RuntimeError("the load ended without its figures")
        told: dict[str, Any] = json.loads(line)
        return told


def measure(relay: Relay, crowd: Crowd, idle: dict[str, int]) -> dict[str, Any]:
    """The load's figures with the server's: CPU seconds, and memory a stream above `idle`."""
    load = Load(relay, crowd)
    wait_until_quiet(relay.pids)
    pids = relay.pids
    before, peak, marks, result = cpu_seconds(pids), dict(idle), [], None
    with load:
        while result is None:
            news = load.news(1.0)
            if news is None or "open" in news:
                peak = {name: max(peak[name], now) for name, now in memory(pids).items()}
            if news and "at" in news:
                marks.append((news["at"], news["tokens"], cpu_seconds(pids)))
            elif news:
                result = news
    wait_until_quiet(pids)  # what is done after the last byte counts too
    used = cpu_seconds(pids) - before
    above = {f"{name}_kib": (peak[name] - idle[name]) / crowd.streams for name in idle}
    return {
        **result,
        "cpu_seconds": round(used, 2),
        "cpu_for_1000": round(1000 * used / max(1, result["tokens"]), 4),
        "all_open_cpu_for_1000": window_cost(marks),
        **{name: round(value, 1) for name, value in above.items()},
    }


def window_cost(marks: Sequence[tuple[float, int, float]]) -> float | None:
    """CPU seconds for 1,000 tokens while all streams were open, where that was long enough."""
    if len(marks) != 2 or marks[1][0] - marks[0][0] < _LEAST_WINDOW:
        return None
    (_, tokens, cpu), (_, tokens_after, cpu_after) = marks
    return round(1000 * (cpu_after - cpu) / max(1, tokens_after - tokens), 4)


def memory(pids: list[int]) -> dict[str, int]:
    return {"resident": resident_kib(pids), "proportional": proportional_kib(pids)}


def wait_until_quiet(pids: list[int]) -> None:
    """Wait until the processes do nothing, or for ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        before = cpu_seconds(pids)
        time.sleep(0.5)
        if cpu_seconds(pids) - before <= 0.5 * _QUIET:
            return
