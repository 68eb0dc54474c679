"""Restart one instance after the other under running answers: `python -m tests.faults.restarts`.

Prints the seed, then how long readers were without new text, and every fault in one line; its exit
code is 1 when there was one.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.crowd import LIBRARY, Crowd
from tests.faults.instances import Instances
from tests.faults.stage import Stage, staged
from tests.people import build_database
from tests.service.resuming import Door

SLOW = {"PARLEY_CHUNK_DELAY_MS": "200", "PARLEY_CHUNK_WORDS": "1"}


@dataclass
class Report:
    """What a rolling restart came to; pauses in seconds, one for each reader."""

    seed: int
    pauses: list[float] = field(default_factory=list)
    attempts: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        times = sorted(self.pauses)
        p50, p99 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.99))
        told = (
            f"seed {self.seed}: {len(times)} answers in {self.attempts} attempts; longest pause of "
            f"each: p50 {p50:.2f} s, p99 {p99:.2f} s, longest {times[-1]:.2f} s; "
            f"{len(self.faults)} faults"
        )
        return "\n".join([told, *self.faults])


def restart_all(
    instances: Instances | Stage,
    *,
    running: int,
    seed: int,
    writers: Sequence[Mapping[str, str]] = (LIBRARY,),
    doors: Sequence[Door] = (),
) -> Report:
    """Restart each instance in turn under so many answers, all of which have begun."""
    crowd = Crowd(instances.sites, running, random.Random(seed), writers, doors=doors)
    crowd.fill()
    for reader in crowd.reading:
        reader.wait_for_text()
    for site in instances.sites:
        code = site.stop()
        assert code == 0, f"left with {code}:\n{site.output}"
        site.start()
    crowd.finish()
    pauses = [reader.longest_pause for reader in crowd.done]
    attempts = sum(len(reader.attempts) for reader in crowd.done)
    return Report(seed, pauses, attempts, crowd.faults())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--running", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--grown", action="store_true", help="on two machines, behind nginx")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    if given.grown:
        with staged(**SLOW) as stage:
            report = restart_all(stage, running=given.running, seed=given.seed, doors=[stage.nginx])
    else:
        report = restart_pair(given.running, given.seed)
    print(report)
    sys.exit(1 if report.faults else 0)


def restart_pair(running: int, seed: int) -> Report:
    """Two processes on one machine, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        build_database(template)
        with Instances(Path(folder) / "site", template, **SLOW) as instances:
            return restart_all(instances, running=running, seed=seed)


if __name__ == "__main__":
    main()
