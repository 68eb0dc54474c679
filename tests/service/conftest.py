"""Two processes on one database, as several tests need them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live import LiveSite

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
