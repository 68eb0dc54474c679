"""`mixture.py` in short: whatever breaks, every answer ends once, as its readers were shown it."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.faults.breaking import FAULTS, wait_until_serves
from tests.faults.mixture import break_often
from tests.faults.stage import Stage
from tests.people import fill_database
from tests.postgresql import PostgresServer
from tests.service.reader import Reader, ask
from tests.upstream.process import Upstream

MOVED_LIMIT = 1.0


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
    report = break_often(
        stage, each_once, seed=seed, running=8, rest=1.0, longest=1.0, slow=1, slow_rest=0.1
    )
    print(report)
    assert report.faults.keys() == FAULTS.keys()
    assert report.defects == []
    assert (report.lost, report.doubled) == (0, 0)
    assert report.attempts, "nothing that was broken wrote an answer"
    assert report.cuts, "no connection was lost"


def test_a_page_moved_to_the_other_machine_continues_within_a_second(stage: Stage) -> None:
    for owner, other in (stage.sites, stage.sites[::-1]) * 3:
        wait_until_serves(other)
        page = ask(owner, "Which keys can I use?")
        page.read(until="chunk")
        page.close()
        path = f"/api/messages/{page.data('start')['message_id']}"
        moved_at = time.monotonic()
        moved = Reader(other, "GET", f"{path}/stream", last_id=page.last_id)
        moved.text = page.text
        while moved.text == page.text:
            moved.read(until="chunk")
        assert time.monotonic() - moved_at < MOVED_LIMIT
        assert moved.read() == "complete"
        assert moved.text == other.request("GET", path, as_="alice")[1]["content"]


def each_once(chance: random.Random) -> list[str]:
    return chance.sample(sorted(FAULTS), len(FAULTS))
