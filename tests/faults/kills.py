"""Kill the process that writes, again and again, under readers: `python -m tests.faults.kills`.

Prints the seed that repeats the run, then counts, and every fault in one line; its exit code is 1
when there was one. Times are measured at the readers, from the kill to their next event.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.crowd import LIBRARY, MODEL, Crowd, model_at
from tests.faults.instances import Instances, Owned, kill_all, kill_worker, worker_of
from tests.live import START_SECONDS, LiveSite
from tests.people import build_database
from tests.upstream.process import Upstream

SLOW = {"PARLEY_CHUNK_DELAY_MS": "100", "PARLEY_CHUNK_WORDS": "1"}


@dataclass
class Report:
    """What a run of kills came to."""

    seed: int
    kills: int = 0
    answers: int = 0
    connections: int = 0
    take_overs: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        times = sorted(self.take_overs)
        tell = "none"
        if times:
            at = (times[int(share * (len(times) - 1))] for share in (0.5, 0.99, 1))
            tell = "p50 {:.2f} s, p99 {:.2f} s, longest {:.2f} s".format(*at)
        lines = [
            f"seed {self.seed}: {self.kills} kills, {self.answers} answers, "
            f"{self.connections} connections, {len(times)} take-overs ({tell}), "
            f"{len(self.faults)} faults",
            *self.faults,
        ]
        return "\n".join(lines)


def kill_often(
    instances: Instances,
    *,
    kills: int,
    running: int,
    seed: int,
    writers: Sequence[Mapping[str, str]] = (LIBRARY,),
) -> Report:
    """Kill one instance or its worker so often, at random moments, under so many readers."""
    chance, report = random.Random(seed), Report(seed)
    crowd = Crowd(instances.sites, running, random.Random(chance.random()), writers)
    killed: list[tuple[float, Owned]] = []
    while report.kills < kills:
        crowd.fill()
        time.sleep(chance.uniform(0.0, 2.0))
        site = chance.choice(instances.sites)
        worker = _wait_until_all_serve(instances.sites)[site.port]
        owned = instances.owned_by(worker)
        if not owned:
            continue  # it writes nothing: the other one does
        at = time.monotonic()
        kill = chance.choice([kill_worker, kill_all])
        threading.Thread(target=kill, args=(site, worker), daemon=True).start()
        killed += [(at, one) for one in owned]
        report.kills += 1
    _wait_until_all_serve(instances.sites)
    crowd.finish()
    report.answers = len(crowd.done)
    report.connections = sum(reader.connections for reader in crowd.done)
    report.take_overs = crowd.latencies(killed)
    report.faults = crowd.faults()
    return report


def _wait_until_all_serve(sites: Sequence[LiveSite]) -> dict[int, int]:
    """The workers by the ports of their instances, as soon as all of them serve."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        workers = {site.port: worker_of(site) for site in sites}
        found = {port: worker for port, worker in workers.items() if worker is not None}
        if len(found) == len(sites):
            return found
        time.sleep(0.02)  # between two looks at a condition, not for a time to pass
    raise RuntimeError(f"an instance does not come back:\n{sites[0].output}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--running", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, Upstream() as upstream:
        template = Path(folder) / "template.db"
        build_database(template)
        environ = SLOW | model_at(upstream)
        writers = [LIBRARY, MODEL]
        with Instances(Path(folder) / "site", template, **environ) as instances:
            report = kill_often(
                instances,
                kills=given.kills,
                running=given.running,
                seed=given.seed,
                writers=writers,
            )
    print(report)
    sys.exit(1 if report.faults else 0)


if __name__ == "__main__":
    main()
