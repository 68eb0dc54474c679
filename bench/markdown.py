#!/usr/bin/env python3
"""What a growing answer costs the page: its longest task, and the main thread's time for a token.

    python bench/markdown.py [--rate 200] [--gap 50] [--length 20000] [kind ...]

Streams texts of several kinds into Chromium at a steady rate, four characters a token, in pieces
every `gap` milliseconds, as the server paces them and the page smooths them. Prints for each the
longest task and the main thread's time for a token (scripts, style, layout, paint) in the thousand
characters before 5,000, 10,000 and the end. A cost that grows with the answer shows as a last
figure above the first.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DEBIAN = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WINDOW = 1000


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Address of the checkout on a free port of this machine."""
    handler = functools.partial(QuietHandler, directory=str(ROOT))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def busy_seconds(page: Page) -> float:
    """How long the main thread has worked so far."""
    metrics = page.session.send("Performance.getMetrics")["metrics"]  # type: ignore[attr-defined]
    return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def cost_of_window(page: Page, end: int) -> float:
    """Milliseconds of main thread a token, over the characters before `end`."""
    page.wait_for_function(f"bench.run.sent >= {end - WINDOW}", timeout=0, polling=20)
    before, sent = busy_seconds(page), page.evaluate("bench.run.sent")
    page.wait_for_function(f"bench.run.sent >= {end}", timeout=0, polling=20)
    tokens = (page.evaluate("bench.run.sent") - sent) / page.evaluate("bench.TOKEN_CHARACTERS")
    return (busy_seconds(page) - before) * 1000 / max(tokens, 1)


def measure(page: Page, kind: str, length: int, rate: int, gap: int) -> str:
    page.evaluate(
        "([kind, length, rate, gap]) => bench.stream(bench.TEXTS[kind](length), rate, gap)",
        [kind, length, rate, gap],
    )
    ends = [end for end in (5000, 10_000) if end < length] + [length]
    costs = [f"{cost_of_window(page, end):7.2f}" for end in ends]
    page.wait_for_function("bench.run.done", timeout=0)
    longest, tasks = page.evaluate("[bench.run.longest, bench.run.tasks]")
    whole = page.evaluate(
        "([kind, length]) => bench.whole(bench.TEXTS[kind](length))", [kind, length]
    )
    return f"{kind:12} {longest:6.0f} {tasks:5d}   {' '.join(costs)}   {whole:6.0f}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("kinds", nargs="*")
    arguments.add_argument("--rate", type=int, default=200, help="tokens a second")
    arguments.add_argument("--gap", type=int, default=50, help="milliseconds between pieces")
    arguments.add_argument("--length", type=int, default=20_000, help="characters")
    given = arguments.parse_args()
    with served() as address, sync_playwright() as playwright:
        path = str(DEBIAN) if DEBIAN.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        page.session = page.context.new_cdp_session(page)  # type: ignore[attr-defined]
        page.session.send("Performance.enable", {"timeDomain": "threadTicks"})  # type: ignore[attr-defined]
        page.goto(f"{address}/bench/markdown.html")
        page.wait_for_selector("html[data-ready]", state="attached")
        print(f"{given.length} characters, {given.rate} tokens a second")
        print("kind         longest >50ms   ms/token at 5k, 10k, end   whole, ms")
        for kind in given.kinds or page.evaluate("Object.keys(bench.TEXTS)"):
            print(measure(page, kind, given.length, given.rate, given.gap), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
