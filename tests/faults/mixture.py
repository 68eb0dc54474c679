"""Break a stage in many ways, one after the other, under readers: `python -m tests.faults.mixture`.

Prints the seed that repeats the run, then counts, and every defect in one line; its exit code is 1
when there was one. Times are measured at the readers, from a death to the first word afterwards.
"""

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from tests.faults.breaking import FAULTS, Breaking, wait_until_serves
from tests.faults.crowd import LIBRARY, Crowd, faults_of
from tests.faults.cutting import CuttingDoor
from tests.faults.slow import NarrowDoor, SlowReader
from tests.faults.stage import MODEL, Stage, staged
from tests.service.resuming import ResumingReader

WRITERS = (LIBRARY, {"provider": "openai", "model": MODEL})
Order = Callable[[random.Random], Iterable[str]]
_SLOW_SECONDS = 400.0  # for 100 bytes a second, after all that broke
_CLEAN_SECONDS = 20.0  # until nothing is left in the log of runs that have ended


@dataclass
class Report:
    """What a run came to."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    resumes: int = 0
    cuts: int = 0
    attempts: int = 0
    take_overs: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    defects: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        broken = ", ".join(f"{count} {name}" for name, count in sorted(self.faults.items()))
        lines = [
            f"seed {self.seed}: {self.faults.total()} faults ({broken})",
            f"{self.cuts} connections cut",
            f"{self.runs} runs, {self.resumes} resumes, {self.attempts} further attempts; "
            f"{self.lost} characters lost, {self.doubled} doubled; {len(self.defects)} defects",
            f"take-overs after a death: {told(self.take_overs)}",
            f"longest pause of each reader: {told(self.pauses)}",
            *self.defects,
        ]
        return "\n".join(lines)


def told(seconds: Iterable[float]) -> str:
    """Some durations in short."""
    times = sorted(seconds)
    if not times:
        return "none"
    p50, p99 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.99))
    return f"{len(times)}, p50 {p50:.2f} s, p99 {p99:.2f} s, longest {times[-1]:.2f} s"


def break_often(
    stage: Stage,
    order: Order,
    *,
    seed: int,
    running: int,
    rest: float = 2.0,
    longest: float = 2.0,
    followers: int = 100,
    cutting: bool = True,
    slow: int = 0,
    slow_rest: float = 1.0,
) -> Report:
    """Break what `order` says, at random moments, `rest` seconds apart at most.

    With `cutting`, a third of the readers lose their connections again and again. So many `slow`
    ones read one answer each, 100 bytes every `slow_rest` seconds.
    """
    chance, report = random.Random(seed), Report(seed)
    with CuttingDoor(stage.nginx, random.Random(chance.random())) as cutting_door:
        doors = [stage.nginx, stage.nginx, cutting_door] if cutting else [stage.nginx]
        crowd = Crowd(stage.sites, running, random.Random(chance.random()), WRITERS, doors=doors)
        it = Breaking(stage, chance, longest, followers, lambda: being_read(crowd))
        slow_ones = [slow_reader(stage, chance, slow_rest).start() for _ in range(slow)]
        for name in order(chance):
            crowd.fill()
            time.sleep(chance.uniform(0.2, rest))
            began = time.monotonic()
            FAULTS[name](it)
            report.faults[name] += 1
            print(f"{name}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        for site in stage.sites:
            wait_until_serves(site)
        crowd.finish()
        for reader in slow_ones:
            reader.wait_for_end(_SLOW_SECONDS)
        report.cuts = cutting_door.cuts
    count(report, crowd, it)
    count_slow(report, slow_ones, stage)
    if (left := _left(stage)) != (0, 0):
        report.defects.append("left: {} running, {} groups of logs".format(*left))
    return report


def being_read(crowd: Crowd) -> list[str]:
    """Alice's answers that somebody reads now."""
    return [r.message_id for r in crowd.reading if r.as_ == "alice" and r.message_id]


def count(report: Report, crowd: Crowd, it: Breaking) -> None:
    """What the readers went through, and what was wrong with it."""
    report.runs = len(crowd.done)
    report.resumes = sum(reader.connections - 1 for reader in crowd.done)
    report.attempts = sum(len(reader.attempts) - 1 for reader in crowd.done if reader.attempts)
    report.take_overs = crowd.latencies(it.killed)
    report.pauses = [reader.longest_pause for reader in crowd.done]
    report.defects = crowd.faults()
    for reader in crowd.done:
        lost, doubled = differences(reader, it.stage)
        report.lost += lost
        report.doubled += doubled


def slow_reader(stage: Stage, chance: random.Random, rest: float) -> SlowReader:
    """One with an answer of its own."""
    body = {"content": "Which keys can I use?", **LIBRARY}
    own = random.Random(chance.random())
    return SlowReader([NarrowDoor(stage.nginx)], body=body, chance=own, rest=rest)


def count_slow(report: Report, readers: Iterable[SlowReader], stage: Stage) -> None:
    """Theirs beside the others'; their pauses are their own doing."""
    for reader in readers:
        report.runs += 1
        report.resumes += reader.connections - 1
        report.attempts += max(0, len(reader.attempts) - 1)
        report.defects += faults_of(reader, stage.sites[0])
        lost, doubled = differences(reader, stage)
        report.lost += lost
        report.doubled += doubled


def differences(reader: ResumingReader, stage: Stage) -> tuple[int, int]:
    """How many characters of what is stored were not shown, and how many shown are not stored."""
    path = f"/api/messages/{reader.message_id}"
    status, stored = stage.sites[0].request("GET", path, as_=reader.as_)
    content = stored["content"] if status == 200 else ""
    if content == reader.text:
        return 0, 0
    blocks = SequenceMatcher(None, content, reader.text, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return len(content) - same, len(reader.text) - same


def _left(stage: Stage) -> tuple[int, int]:
    """What is left of the runs, once it has had the time to go."""
    deadline = time.monotonic() + _CLEAN_SECONDS
    while (left := stage.left()) != (0, 0) and time.monotonic() < deadline:
        time.sleep(0.1)  # between two looks at a condition, not for a time to pass
    return left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", nargs="+", choices=sorted(FAULTS), default=sorted(FAULTS))
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--running", type=int, default=50)
    parser.add_argument("--longest", type=float, default=20, help="seconds that Redis is away")
    parser.add_argument("--followers", type=int, default=1000, help="who leave at once")
    parser.add_argument("--no-cutting", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends as well
    print(f"seed {given.seed}", flush=True)
    with staged() as stage:
        report = break_often(
            stage,
            lambda chance: (chance.choice(given.faults) for _ in range(given.count)),
            seed=given.seed,
            running=given.running,
            longest=given.longest,
            followers=given.followers,
            cutting=not given.no_cutting,
        )
    print(report)
    sys.exit(1 if report.defects else 0)


if __name__ == "__main__":
    main()
