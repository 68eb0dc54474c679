"""How soon an answer that is given again begins: `python -m bench.caching`.

Starts a site with the handbook, on SQLite and on a PostgreSQL of its own that waits for its disk,
and asks the same question again and again, each time in a new conversation: once with the cache and
once without, by turns. Server time is from the call of the application until the first text is
written to the socket (bench/timed_site.py); beside it is what a client on the loopback sees, from
the last byte of its request. The built-in provider writes without its pauses.
"""

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.record import keep
from bench.requests import send_request, start_conversations
from tests.live import ROOT, LiveSite
from tests.people import fill_database
from tests.postgresql import PostgresServer

QUESTION = "How do I add a document?"
_TEXT, _CACHED = b"event: chunk", b'"cached":true'
_LIMIT_MS = 5.0


class TimedSite(LiveSite):
    """The site, prepared, with its clock; `times` are those of its sends so far."""

    def __init__(self, folder: Path, url: str) -> None:
        self._times = folder / "times"
        super().__init__(
            folder,
            None,
            DATABASE_URL=url,
            PARLEY_CACHE_ANSWERS="100",
            PARLEY_CHUNK_DELAY_MS="0",
            BENCH_TIMES=str(self._times),
            PYTHONPATH=str(ROOT),
        )
        prepare = [sys.executable, "-m", "flask", "--app", "app", "prepare"]
        subprocess.run(prepare, cwd=ROOT, env=self.environ, check=True, stdout=subprocess.DEVNULL)
        self.command = [sys.executable, "-m", "gunicorn", "bench.timed_site:app"]

    @property
    def times(self) -> list[float]:
        return [float(line) for line in self._times.read_text().split()]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--keep", action="store_true", help="write them to bench/results.json")
    asked = options.parse_args()
    results = {}
    for name, run in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
        results[name] = run(lambda site: measure(site, asked.count))
        print(name)
        for kind, row in results[name].items():
            print(f"  {kind:12} " + "   ".join(f"{key} {value:6.2f}" for key, value in row.items()))
    if asked.keep:
        keep("caching", results)
    if any(rows["cached"]["server p50"] > _LIMIT_MS for rows in results.values()):
        sys.exit(f"first text later than {_LIMIT_MS:.0f} ms")


Rows = dict[str, dict[str, float]]
Measure = Callable[[TimedSite], Rows]


def on_sqlite(measured: Measure) -> Rows:
    with tempfile.TemporaryDirectory(prefix="bench-caching-") as folder:
        url = f"sqlite:///{folder}/parley.db"
        fill_database(url)
        with TimedSite(Path(folder), url) as site:
            return measured(site)


def on_postgresql(measured: Measure) -> Rows:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-caching-")))
        server = stack.enter_context(PostgresServer(fsync="on", synchronous_commit="on"))
        database = server.create()
        fill_database(server.sqlalchemy_url(database))
        site = stack.enter_context(TimedSite(folder, server.url(database)))
        return measured(site)


def measure(site: TimedSite, count: int) -> Rows:
    """The times of `count` answers with the cache, and of as many without, in milliseconds."""
    places = iter(start_conversations(site.port, 2 * count + 40))
    while not ask(site, next(places), cache=True)[1]:
        time.sleep(0.1)  # it is kept in the background
    server: dict[bool, list[float]] = {True: [], False: []}
    client: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * count):
        wanted = number % 2 == 0
        before = len(site.times)
        seen, cached = ask(site, next(places), cache=wanted)
        if cached is not wanted:
            raise RuntimeError("an answer came from where it should not")
        (took,) = site.times[before:]
        server[wanted].append(took)
        client[wanted].append(seen)
    return {
        name: {f"server {k}": v for k, v in figures(server[wanted]).items()}
        | {f"client {k}": v for k, v in figures(client[wanted]).items()}
        for name, wanted in (("cached", True), ("written", False))
    }


def ask(site: LiveSite, conversation_id: str, *, cache: bool) -> tuple[float, bool]:
    """Milliseconds until the first text has come, and whether the answer was given again."""
    request = send_request(conversation_id, QUESTION, cache=cache)
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        began, seen, read = time.perf_counter(), None, b""
        connection.sendall(request)
        while piece := connection.recv(65_536):
            read += piece
            if seen is None and _TEXT in read:
                seen = time.perf_counter() - began
    if seen is None:
        raise RuntimeError(json.dumps(read.decode(errors="replace")))
    return seen * 1000, _CACHED in read


def figures(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered), 2),
        "p95": round(ordered[int(len(ordered) * 0.95)], 2),
    }


if __name__ == "__main__":
    main()
