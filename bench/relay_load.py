"""The load generator, a process of its own: many streams in one thread, as cheap as can be.

    python -m bench.relay_load < plan.json

The plan: `{port, requests, expected, tail, spread, seed, at_most}`, with the requests as strings,
the tokens that each has to bring, how many of them may come only with the end, the seconds over
which the sends are spread and those after which it gives up. Prints a line when all are open and
one when the first of them ends, `{open, at, tokens}`, and a line with the figures at the end.
"""

import gc
import heapq
import json
import math
import random
import resource
import select
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.arrivals import Arrival, Tally

_FILES = 20_000


class Load:
    """The streams of one measurement, opened at their times and read to their ends."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._port, self._expected = plan["port"], plan["expected"]
        self._requests = [request.encode() for request in plan["requests"]]
        self._tail = plan["tail"]
        self.times = moments(len(self._requests), plan["spread"], plan["seed"])
        self._at_most = plan["at_most"]
        self._poll = select.epoll()
        self._open: dict[int, Arrival] = {}
        self.tally = Tally()
        self.most_open = 0
        self._whole: list[int] = []  # how many gaps there were when all were open, and no longer

    def run(self) -> None:
        """Open and read everything; what has not ended in time is an error."""
        started = time.monotonic()
        all_open = False
        ahead = list(zip(self.times, self._requests, strict=True))
        while (ahead or self._open) and time.monotonic() < started + self._at_most:
            now = time.monotonic() - started
            if ahead and ahead[0][0] <= now:
                self._add(ahead.pop(0)[1])
                if not ahead:
                    all_open = len(self._open) == len(self._requests)
                    self._tell()
            was_open = len(self._open)
            self._read(ahead[0][0] - now if ahead else 0.5)
            if all_open and len(self._open) < was_open:
                all_open = False
                self._tell()
        for arrival in self._open.values():
            arrival.finish("not ended in time")

    @property
    def gaps_all_open(self) -> Sequence[float]:
        """Those from the last arrival to the first end."""
        begin, end = (self._whole + 2 * [len(self.tally.gaps)])[:2]
        return self.tally.gaps[begin:end]

    def _tell(self) -> None:
        self._whole.append(len(self.tally.gaps))
        at = {"open": len(self._open), "at": time.monotonic(), "tokens": self.tally.tokens}
        print(json.dumps(at), flush=True)

    def _add(self, request: bytes) -> None:
        try:
            arrival = Arrival(self._port, request, self._expected, self._tail, self.tally)
        except OSError as error:
            self.tally.errors.append(f"not accepted: {error}")
            return
        self._open[arrival.sock.fileno()] = arrival
        self._poll.register(arrival.sock, select.EPOLLIN)
        self.most_open = max(self.most_open, len(self._open))

    def _read(self, seconds: float) -> None:
        for descriptor, _ in self._poll.poll(max(0.0, seconds)):
            arrival = self._open[descriptor]
            arrival.receive()
            if arrival.done:
                del self._open[descriptor]


def moments(count: int, spread: float, seed: int) -> list[float]:
    """When to send: evenly, each moved by chance within its share, the same for each relay."""
    chance = random.Random(seed)
    return [(number + chance.random()) * spread / count for number in range(count)]


def figures(values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and maximum."""
    if not values:
        return dict.fromkeys(("p50", "p99", "max"), math.nan)
    top = heapq.nlargest(len(values) // 100 + 1, values)
    middle = sorted(values)[len(values) // 2]
    return {"p50": round(middle, 2), "p99": round(top[-1], 2), "max": round(top[0], 2)}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    load = Load(json.load(sys.stdin))
    gc.disable()
    started, cpu = time.monotonic(), time.process_time()
    load.run()
    seconds, cpu, tally = time.monotonic() - started, time.process_time() - cpu, load.tally
    result = {
        "streams": len(load.times),
        "most_open": load.most_open,
        "tokens": tally.tokens,
        "reads": tally.reads,
        "snapshots": tally.snapshots,
        "failed": len(tally.errors),
        "errors": sorted(set(tally.errors))[:3],
        "first_chunk_ms": figures(tally.first_chunks),
        "delay_ms": figures(tally.delays),
        "gap_ms": figures(tally.gaps),
        "gap_all_open_ms": figures(load.gaps_all_open),
        "seconds": round(seconds, 2),
        "load_cpu_seconds": round(cpu, 2),
    }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
