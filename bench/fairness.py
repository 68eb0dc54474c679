"""Whether one person with many questions makes others wait.

    .venv/bin/python -m bench.fairness [--questions 200] [--people 10] [--rounds 3] [--slots 500]

Asks as the loopback upstream answers (40 tokens, 20 a second): ten people one question each, at
once; the same while one more person asks 200 in that very moment; the same when those 200 wait
already. Each scene has a fresh site, one process with SQLite as `make run` starts it. Prints how
long each person waited for the first text and for the whole answer.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.relays import Parley, Upstream
from bench.requests import send_request, start_conversations
from bench.tokens import model_name
from tests.people import add_person, build_database

TOKENS, RATE = 40, 20
GREEDY = "greedy"
_QUESTION = "How do I add a document to the library, and who may read it?"
_SETTINGS = {"PARLEY_MAX_RUNS": "3", "PARLEY_MAX_WAITING": "10000"}


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from a send to its first text, and to its end."""

    first: float
    whole: float


@dataclass(frozen=True, slots=True)
class Scene:
    """`greedy` questions of one person: before the others' (`waits`), or in the same moment."""

    name: str
    greedy: int = 0
    waits: bool = False


async def ask(port: int, request: bytes, begun: asyncio.Event | None = None) -> Waited:
    """Send one question and read its answer to the end; `begun` is set once it is accepted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent, first, seen = time.monotonic(), 0.0, b""
    writer.write(request)
    try:
        while b"event: complete\n" not in seen:
            data = await reader.read(65_536)
            if not data:
                raise RuntimeError(f"no answer: {seen[-500:].decode(errors='replace')}")
            seen += data
            if begun is not None and b"event: start\n" in seen:
                begun.set()
            if not first and b"event: chunk\n" in seen:
                first = time.monotonic()
        return Waited(first - sent, time.monotonic() - sent)
    finally:
        writer.close()


async def play(
    scene: Scene, port: int, people: Sequence[bytes], greedy: Sequence[bytes]
) -> list[Waited]:
    """What the people waited for."""
    accepted = [asyncio.Event() for _ in greedy]
    crowd = [
        asyncio.create_task(ask(port, one, begun))
        for one, begun in zip(greedy, accepted, strict=True)
    ]
    if scene.waits:
        await asyncio.gather(*(one.wait() for one in accepted))
    waited = await asyncio.gather(*(ask(port, one) for one in people))
    for one in crowd:
        one.cancel()
    outcomes = await asyncio.gather(*crowd, return_exceptions=True)
    failed = [one for one in outcomes if isinstance(one, RuntimeError)]
    if failed:
        raise failed[0]
    return waited


def measure(scene: Scene, upstream: int, people: Sequence[str], slots: int) -> list[Waited]:
    """One scene on a site of its own."""
    model = model_name(TOKENS, RATE)
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        build_database(template)
        for name in (*people, GREEDY):
            add_person(f"sqlite:///{template}", name)
        settings = _SETTINGS | {"PARLEY_SLOTS": str(slots)}
        site = Path(folder) / "site"
        with Parley(site, template, upstream, [model], **settings) as parley:

            def requests(name: str, count: int) -> list[bytes]:
                made = start_conversations(parley.port, count, by=name)
                how = {"provider": "openai", "model": model, "cache": False}
                return [send_request(one, _QUESTION, name, **how) for one in made]

            sends = [requests(name, 1)[0] for name in people]
            greedy = requests(GREEDY, scene.greedy)
            return asyncio.run(play(scene, parley.port, sends, greedy))


def summary(waited: Sequence[Waited]) -> dict[str, float]:
    """Median and worst, in seconds."""
    told = {}
    for name in ("first", "whole"):
        values = [getattr(one, name) for one in waited]
        told[f"{name}_median"] = round(statistics.median(values), 2)
        told[f"{name}_worst"] = round(max(values), 2)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slots", type=int, default=500)
    options = parser.parse_args()
    people = [f"person{number}" for number in range(options.people)]
    count = options.questions
    scenes = [
        Scene("alone"),
        Scene(f"beside {count} in the same moment", count),
        Scene(f"beside {count} that wait", count, waits=True),
    ]
    print("| scene | first text, median | worst | whole answer, median | worst |")
    print("|---|---|---|---|---|")
    with Upstream() as upstream:
        for _ in range(options.rounds):
            for scene in scenes:
                told = summary(measure(scene, upstream.port, people, options.slots))
                print(
                    "| " + " | ".join([scene.name, *(f"{v:.2f} s" for v in told.values())]) + " |"
                )


if __name__ == "__main__":
    main()
