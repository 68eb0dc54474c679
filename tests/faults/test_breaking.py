"""`mixture.py` in short: whatever breaks, every answer ends once, as its readers were shown it."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.breaking import FAULTS
from tests.faults.mixture import break_often
from tests.faults.stage import Stage
from tests.people import fill_database
from tests.postgresql import PostgresServer
from tests.upstream.process import Upstream


@pytest.fixture(scope="module")
def stage(upstream_process: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """On a PostgreSQL of its own, which is to be broken and keeps what it has acknowledged."""
    with PostgresServer(synchronous_commit="on") as postgres:
        postgres.template = postgres.create()
        fill_database(postgres.sqlalchemy_url(postgres.template))
        folder = tmp_path_factory.mktemp("stage")
        with Stage(folder, postgres, upstream_process) as stage:
            yield stage


def test_every_answer_outlives_whatever_breaks(stage: Stage) -> None:
    """Each fault once, in any order, under readers some of whom lose their connections."""
    seed = random.randrange(1_000_000)
    report = break_often(stage, each_once, seed=seed, running=8, rest=1.0, longest=1.0)
    print(report)
    assert report.faults.keys() == FAULTS.keys()
    assert report.defects == []
    assert (report.lost, report.doubled) == (0, 0)
    assert report.attempts, "nothing that was broken wrote an answer"
    assert report.cuts, "no connection was lost"


def each_once(chance: random.Random) -> list[str]:
    return chance.sample(sorted(FAULTS), len(FAULTS))
