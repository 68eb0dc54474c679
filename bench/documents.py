"""How fast the site answers while it reads files: `python -m bench.documents`.

Sends the twenty files of tests/papers/twenty.py, several times as different files, and asks for
three kinds of answers one after another all the while; the same was asked before, of an idle site.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.live import LiveSite
from tests.papers.sending import send_files
from tests.papers.twenty import Paper, twenty
from tests.people import build_database

_ASKED = ("/healthz", "/api/documents", "/library")
_IDLE = 200  # requests of each kind


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rounds", type=int, default=3, help="how often the files are sent")
    rounds: int = options.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="bench-documents-") as folder:
        template = Path(folder) / "template.db"
        build_database(template)
        with LiveSite(Path(folder) / "site", template) as site:
            idle = {path: [_seconds(site, path) for _ in range(_IDLE)] for path in _ASKED}
            began = time.perf_counter()
            for number in range(rounds):
                send_files(site, [(one.name, one.data) for one in _changed(number)])
            busy = _while_reading(site)
            took = time.perf_counter() - began
            count = len(_uploads(site))
    print(f"{count} files read or refused in {took:.1f} s, of them {rounds} PDFs of 500 pages")
    for path in _ASKED:
        print(f"{path:16} idle {_line(idle[path])}   while reading {_line(busy[path])}")


def _changed(number: int) -> Iterator[Paper]:
    """The files, with a long one that no earlier round has sent."""
    for paper in twenty():
        more = f"% round {number}\n".encode() if paper.name.endswith(".pdf") else b""
        yield Paper(f"{number}-{paper.name}", paper.data + more)


def _while_reading(site: LiveSite) -> dict[str, list[float]]:
    busy: dict[str, list[float]] = {path: [] for path in _ASKED}
    while any(one["state"] in {"waiting", "reading"} for one in _uploads(site)):
        for _ in range(20):
            for path, seconds in busy.items():
                seconds.append(_seconds(site, path))
    return busy


def _uploads(site: LiveSite) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.request("GET", "/api/uploads", as_="alice")[1]["items"]
    return items


def _seconds(site: LiveSite, path: str) -> float:
    began = time.perf_counter()
    status, _ = site.request("GET", path, as_="bob")
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return time.perf_counter() - began


def _line(seconds: Sequence[float]) -> str:
    parts = statistics.quantiles(seconds, n=100)
    p50, p95, p99 = (1000 * parts[at - 1] for at in (50, 95, 99))
    return f"p50 {p50:5.1f} ms, p95 {p95:5.1f} ms, p99 {p99:5.1f} ms (of {len(seconds)})"


if __name__ == "__main__":
    main()
