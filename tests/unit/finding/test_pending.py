"""What was said is in SQLite's index of words soon, whole, and before whoever searches looks."""

import logging
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text, update

from chat import finding
from chat.conversations import delete_conversation
from chat.database import Database, open_database
from chat.finding import Indexing
from chat.models import Conversation, Message, SearchEntry
from tests.contract.finding import check_entries, check_index, say, talk
from tests.databases import writers_wait
from tests.live import ROOT
from tests.people import Person

pytestmark = pytest.mark.sqlite_only  # PostgreSQL's index is told at once
LONGEST = 40_000  # bytes of one step
OTHER = """
import sys
from chat import finding
from chat.database import open_database
database = open_database(sys.argv[1])
print("ready", flush=True)
while sys.argv[2] not in sys.stdin.readline():
    finding.catch_up(database)
"""
CRASH = """
import os, sys
from chat import finding
from chat.database import open_database
with open_database(sys.argv[1]).changing() as connection:
    assert finding.index_pending(connection)
    os._exit(1)
"""


def found(database: Database, word: str) -> int:
    """In how many texts the index has this word."""
    query = text("SELECT count(*) FROM search_index WHERE search_index MATCH :word")
    with database.querying() as connection:
        return int(connection.execute(query, {"word": word}).scalar_one())


def numbers(database: Database) -> tuple[int, int]:
    """Up to which number the index has come, and the highest that there is."""
    query = "SELECT (SELECT up_to FROM search_progress), max(number) FROM search_entries"
    with database.querying() as connection:
        up_to, highest = connection.execute(text(query)).one()
    return up_to, highest


def check(database: Database) -> None:
    with database.writing() as session:
        check_entries(session)


def begin(script: str, *given: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *given]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


@pytest.fixture
def place(database: Database, alice: Person) -> str:
    """A conversation about okapis, which is pending."""
    with database.writing() as session:
        place = talk(session, alice, "Of okapis", "An okapi is shy.", "Two okapis are two.")
    assert found(database, "okapi") == 0
    return place


def test_what_is_said_is_pending_until_somebody_searches(database: Database, place: str) -> None:
    finding.catch_up(database)
    assert (found(database, "okapi"), found(database, "okapis")) == (1, 2)
    up_to, highest = numbers(database)
    assert up_to == highest
    check(database)


def test_where_nothing_is_pending_nothing_is_written(database: Database, place: str) -> None:
    finding.catch_up(database)
    with closing(sqlite3.connect(str(database.engine.url.database))) as other:
        version = other.execute("PRAGMA data_version").fetchone()
        finding.catch_up(database)
        assert other.execute("PRAGMA data_version").fetchone() == version
        with database.writing() as session:
            say(session, place, "More.")
        assert other.execute("PRAGMA data_version").fetchone() != version, "it tells of a write"


@pytest.mark.parametrize("is_indexed", [False, True])
def test_a_title_that_changes_is_found_as_it_is(
    database: Database, place: str, is_indexed: bool
) -> None:
    if is_indexed:
        finding.catch_up(database)
    with database.writing() as session:
        renamed = update(Conversation).where(Conversation.id == place)
        session.execute(renamed.values(title="Of tapirs"))
        check_index(session)
    finding.catch_up(database)
    assert (found(database, "tapirs"), found(database, "okapis")) == (1, 1)
    check(database)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_numbers_of_what_is_deleted_are_given_again(
    database: Database, alice: Person, place: str, is_indexed: bool
) -> None:
    finding.catch_up(database)
    before, _ = numbers(database)
    with database.writing() as session:
        newest = talk(session, alice, "Of tapirs", "A tapir swims.")
    if is_indexed:
        finding.catch_up(database)
    with database.writing() as session:
        delete_conversation(session, alice.viewer, newest)
        check_index(session)
    assert numbers(database) == (before, before)
    with database.writing() as session:
        talk(session, alice, "Of cranes", "A crane flies.")
    assert found(database, "crane") == 0, "it has the numbers of the tapirs, and is pending"
    finding.catch_up(database)
    assert (found(database, "crane"), found(database, "tapir OR tapirs")) == (1, 0)
    check(database)


def test_of_a_conversation_half_of_which_is_indexed_nothing_is_left(
    database: Database, alice: Person, place: str
) -> None:
    finding.catch_up(database)
    with database.writing() as session:
        say(session, place, "A late okapi.")
    with database.writing() as session:
        delete_conversation(session, alice.viewer, place)
        check_index(session)
    check(database)
    assert found(database, "okapi OR okapis") == 0


def test_a_pending_text_that_changes_is_indexed_as_it_is(database: Database, place: str) -> None:
    with database.writing() as session:
        answer = say(session, place, "")
    finding.catch_up(database)
    for content in ("It eats leaves.", "It eats buds.", "", "It eats fungi."):
        with database.writing() as session:
            session.execute(update(Message).where(Message.id == answer).values(content=content))
    finding.catch_up(database)
    words = ("leaves", "buds", "fungi")
    assert [found(database, word) for word in words] == [0, 0, 1]
    check(database)


def test_a_step_is_bounded_and_a_long_text_is_one_of_its_own(
    database: Database, alice: Person
) -> None:
    finding.catch_up(database)
    long = "crane " * (LONGEST // 5)
    with database.writing() as session:
        talk(session, alice, "Many", *["A crane."] * 250, long, long, "The end.")
    steps = []
    with database.writing() as session:
        query = text("SELECT count(*) FROM search_entries WHERE number > 0 AND number <= "
                     "(SELECT up_to FROM search_progress)")  # fmt: skip
        before = session.scalar(query)
        while finding.index_pending(session):
            steps.append(session.scalar(query) - before - sum(steps))
    assert steps == [100, 100, 51, 1, 1, 1]
    check(database)


def test_a_search_goes_on_while_the_database_is_busy(database: Database, place: str) -> None:
    with writers_wait(database):
        finding.catch_up(database, patience=0.05)
    assert found(database, "okapi") == 0
    finding.catch_up(database)
    assert found(database, "okapi") == 1


def test_what_a_crash_leaves_is_indexed_by_the_next_process(
    database: Database, database_url: str, place: str
) -> None:
    with begin(CRASH, database_url) as crashing:
        assert crashing.wait(timeout=30) == 1
    assert found(database, "okapi") == 0
    next_one = open_database(database_url)
    finding.catch_up(next_one)
    next_one.engine.dispose()
    assert found(database, "okapi") == 1
    check(database)


def test_several_processes_index_what_comes_and_goes(
    database: Database, database_url: str, alice: Person
) -> None:
    others = [begin(OTHER, database_url, "end") for _ in range(2)]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    for count in range(40):
        with database.writing() as session:
            talk(session, alice, f"Talk {count}", f"A crane {count}.")
        for other in others:
            assert other.stdin is not None
            other.stdin.write("now\n")
            other.stdin.flush()
        if count % 3 == 0:
            with database.writing() as session:
                newest = session.query(SearchEntry).order_by(SearchEntry.number.desc()).first()
                delete_conversation(session, alice.viewer, newest.place_id)
    for other in others:
        other.communicate("end\n", timeout=30)
        assert other.returncode == 0
    finding.catch_up(database)
    assert found(database, "crane") == 40 - 14
    check(database)


@pytest.fixture
def indexing(database: Database) -> Iterator[Indexing]:
    indexing = Indexing(database, every=0.01)
    indexing.start()
    yield indexing
    indexing.stop()


def test_a_thread_indexes_it_where_nobody_searches(
    database: Database, alice: Person, indexing: Indexing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with database.writing() as session:
        talk(session, alice, "Of okapis", "An okapi is shy.")
    deadline = time.monotonic() + 10
    while found(database, "okapi") == 0:
        assert time.monotonic() < deadline
        time.sleep(0.01)  # between two looks at a condition
    assert caplog.records == []


def test_an_entry_whose_text_is_gone_stops_no_search(database: Database, place: str) -> None:
    entry = text("INSERT INTO search_entries (place_id, text_id) VALUES (:place, 'nobody')")
    with database.changing() as connection:  # as no route leaves one, but a damaged file may
        connection.execute(entry, {"place": place})
    finding.catch_up(database)
    assert found(database, "okapi") == 1
    assert numbers(database)[0] == numbers(database)[1]
