"""One measurement of a crowd: streams arrive one after another, then all are read to their end.

Two phases are told apart: while they arrive, each costs its start; while all are open, a server
only has to keep going. The second lasts from the last arrival to the first end.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.followers import Crowd, follow
from bench.processes import cpu_seconds, proportional_kib

Request = bytes | Callable[[Crowd], bytes]
ARRIVALS_A_SECOND = 20
_AT_MOST_SECONDS = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a crowd cost the server, and how it was served; times in milliseconds."""

    chunks: int
    errors: list[str]
    most_open: int
    kib_a_stream: float
    cpu_ms_a_start: float
    cpu_seconds_for_1000_chunks: float
    first_chunks: list[float]
    healthz_arriving: list[float]
    healthz_all_open: list[float]


def measure_crowd(port: int, pids: list[int], requests: list[Request]) -> Measured:
    """Follow one stream for each request until all have ended, or for four minutes.

    A request may be made only when it is sent, from the streams that are open by then.
    """
    probe = subprocess.Popen(
        [sys.executable, "-m", "bench.probe", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    idle, crowd, started = proportional_kib(pids), Crowd(), cpu_seconds(pids)
    for request in requests:
        crowd.add(follow(port, request if isinstance(request, bytes) else request(crowd)))
        crowd.read(1 / ARRIVALS_A_SECOND)
    here, cpu_here, chunks_here = time.time(), cpu_seconds(pids), crowd.chunks
    most_open, highest, deadline = crowd.open, idle, time.monotonic() + _AT_MOST_SECONDS
    while crowd.open == most_open and time.monotonic() < deadline:
        crowd.read(0.5)
        highest = max(highest, proportional_kib(pids))
    there, cpu_there, chunks_there = time.time(), cpu_seconds(pids), crowd.chunks
    crowd.read(deadline - time.monotonic())
    answers = json.loads(probe.communicate(b"end\n", timeout=60)[0])
    chunk_cost = (cpu_there - cpu_here) / max(1, chunks_there - chunks_here)
    return Measured(
        chunks=crowd.chunks,
        errors=crowd.errors,
        most_open=most_open,
        kib_a_stream=(highest - idle) / len(requests),
        cpu_ms_a_start=1000 * (cpu_here - started - chunk_cost * chunks_here) / len(requests),
        cpu_seconds_for_1000_chunks=1000 * chunk_cost,
        first_chunks=[1000 * f.first_chunk for f in crowd.followers if f.first_chunk],
        healthz_arriving=[taken for at, taken in answers if at <= here],
        healthz_all_open=[taken for at, taken in answers if here < at <= there],
    )
