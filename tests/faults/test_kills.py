"""`kills.py` in short: every answer outlives the process that writes it."""

import random
from pathlib import Path

from tests.faults.crowd import LIBRARY, MODEL, model_at
from tests.faults.instances import Instances
from tests.faults.kills import SLOW, kill_often
from tests.upstream.process import Upstream

LIMIT = 8.0  # seconds from a death to the reader's next event


def test_every_answer_outlives_the_processes_that_write_it(
    template_database: Path, tmp_path: Path, upstream: Upstream
) -> None:
    environ, writers = SLOW | model_at(upstream), [LIBRARY, MODEL]
    seed = random.randrange(1_000_000)
    with Instances(tmp_path / "site", template_database, **environ) as instances:
        report = kill_often(instances, kills=5, running=12, seed=seed, writers=writers)
    print(report)
    assert report.faults == []
    assert report.take_overs
    assert max(report.take_overs) < LIMIT
