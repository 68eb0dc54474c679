"""Two processes on one database, as several tests need them."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import StartSite
from tests.live import LiveSite

PATIENCE = 20.0
Pair = tuple[LiveSite, LiveSite]
StartPair = Callable[..., Pair]


@pytest.fixture
def start_pair(template_database: Path, tmp_path: Path) -> Iterator[StartPair]:
    """Starts two instances of the server on one SQLite file: start_pair(PARLEY_MAX_RUNS="1")."""
    with ExitStack() as cleanup:

        def start(**settings: str) -> Pair:
            sites = [LiveSite(tmp_path / "site", template_database, **settings) for _ in range(2)]
            return cleanup.enter_context(sites[0]), cleanup.enter_context(sites[1])

        yield start


@pytest.fixture
def start_workers(start_site: StartSite) -> StartSite:
    """Starts a server with two workers, and waits for both: the first one answers alone before."""

    def start(**settings: str) -> LiveSite:
        site = start_site(WEB_CONCURRENCY="2", **settings)
        deadline = time.monotonic() + PATIENCE
        while site.request("GET", "/api/stream/status", as_="alice")[1]["site"]["processes"] < 2:
            assert time.monotonic() < deadline, "only one of two workers is there"
        return site

    return start
