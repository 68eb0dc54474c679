"""Break everything at random for some minutes: `make soak MINUTES=10`.

Stays on the loopback and ends by itself, with everything that it started. Prints the seed first,
then each fault as it is mended, and at the end what `mixture.Report` says; its exit code is 1 when
there was a defect.
"""

import argparse
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

from tests.faults.breaking import FAULTS
from tests.faults.mixture import Order, break_often
from tests.faults.stage import staged

_TOO_LATE = 600  # seconds after its time at which a soak that hangs is ended


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--running", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()
    for late in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(late, lambda *_: sys.exit("ended before its time was over"))
    signal.alarm(int(given.minutes * 60) + _TOO_LATE)
    print(f"seed {given.seed}", flush=True)
    with suppress(KeyboardInterrupt), staged() as stage:
        report = break_often(
            stage,
            until(time.monotonic() + given.minutes * 60),
            seed=given.seed,
            running=given.running,
            rest=5.0,
            longest=20.0,
            followers=1000,
            slow=2,
        )
        print(report)
        sys.exit(1 if report.defects else 0)


def until(deadline: float) -> Order:
    """Any fault after any other, while there is time."""

    def order(chance: random.Random) -> Iterator[str]:
        while time.monotonic() < deadline:
            yield chance.choice(sorted(FAULTS))

    return order


if __name__ == "__main__":
    main()
