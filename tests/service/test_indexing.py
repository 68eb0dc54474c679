"""A running site indexes what was said, though nobody searches; what a crash left, too."""

import sqlite3
import time
from contextlib import closing

from tests.conftest import StartSite
from tests.live import LiveSite
from tests.service.reader import ask

_PENDING = "SELECT max(number) - (SELECT up_to FROM search_progress) FROM search_entries"
_FOUND = "SELECT count(*) FROM search_index WHERE search_index MATCH ?"


def test_what_is_said_is_indexed_beside_the_sends_and_after_a_crash(start_site: StartSite) -> None:
    site = start_site()
    ask(site, "Who feeds the okapi?").read()
    site.kill()
    with closing(sqlite3.connect(site.folder / "parley.db")) as database:
        database.execute("UPDATE conversations SET title = 'Of tapirs'").close()
        database.commit()
        assert _one(database, _PENDING) > 0
        site.start()
        _wait_until_indexed(site, database)
        assert (_one(database, _FOUND, "tapirs"), _one(database, _FOUND, "okapi")) == (1, 1)


def _one(database: sqlite3.Connection, query: str, *given: str) -> int:
    (value,) = database.execute(query, given).fetchone()
    return int(value)


def _wait_until_indexed(site: LiveSite, database: sqlite3.Connection) -> None:
    deadline = time.monotonic() + 20
    while _one(database, _PENDING) > 0:
        assert time.monotonic() < deadline, site.output
        time.sleep(0.05)  # between two looks at a condition
