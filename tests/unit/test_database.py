"""Transactions: no update is lost between threads or processes, and nothing is left half done."""

import fcntl
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text

from chat.database import Database
from chat.errors import Unavailable
from tests.live import ROOT

COUNT = """
import sys
from sqlalchemy import create_engine, event, text
from chat.database import Database
database = Database(create_engine("sqlite:///" + sys.argv[1]))
for _ in range(100):
    with database.writing() as session:
        number = session.scalar(text("SELECT number FROM counter"))
        session.execute(text("UPDATE counter SET number = :n"), {"n": number + 1})
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def counter(path: Path) -> Database:
    database = Database(create_engine(f"sqlite:///{path}"))
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (number INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    return database


def test_no_update_is_lost_between_threads(counter: Database) -> None:
    def count() -> None:
        for _ in range(50):
            with counter.writing() as session:
                number = session.scalar(text("SELECT number FROM counter"))
                session.execute(text("UPDATE counter SET number = :n"), {"n": number + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _number(counter) == 200


def test_no_update_is_lost_between_processes(counter: Database, path: Path) -> None:
    command = [sys.executable, "-c", COUNT, str(path)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    assert _number(counter) == 300
    with counter.reading() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_an_exception_undoes_everything_and_lets_the_next_one_write(counter: Database) -> None:
    def fail() -> None:
        with counter.writing() as session:
            session.execute(text("UPDATE counter SET number = 7"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _number(counter) == 0
    with counter.writing() as session:
        session.execute(text("UPDATE counter SET number = 1"))
    assert _number(counter) == 1


def test_a_reader_does_not_wait_for_a_writer(counter: Database) -> None:
    with counter.writing() as session:
        session.execute(text("UPDATE counter SET number = 7"))
        assert _number(counter) == 0
    assert _number(counter) == 7


def test_who_does_not_want_to_wait_for_another_writer_is_told_at_once(counter: Database) -> None:
    with counter.writing(), pytest.raises(Unavailable), counter.writing(patience=0.0):
        pytest.fail("there is one writer at a time")
    with counter.writing(patience=0.0) as session:
        session.execute(text("UPDATE counter SET number = 1"))
    assert _number(counter) == 1


def test_nobody_waits_longer_because_another_one_waits(counter: Database, path: Path) -> None:
    written = threading.Event()

    def write() -> None:
        with counter.writing() as session:
            session.execute(text("UPDATE counter SET number = 1"))
        written.set()

    with held_elsewhere(path):
        first = threading.Thread(target=write)
        first.start()
        with pytest.raises(Unavailable), counter.writing(patience=0.05):
            pytest.fail("another process holds the lock")
        assert not written.is_set()
    first.join()
    assert written.is_set()


def test_what_commits_by_itself_waits_for_its_turn_too(counter: Database, path: Path) -> None:
    """A migration beside the former version: SQLite's WAL-reset bug needs two that commit."""
    with held_elsewhere(path), pytest.raises(Unavailable), counter.turn(patience=0.05):
        pytest.fail("another process holds the lock")
    with counter.turn(), pytest.raises(Unavailable), counter.writing(patience=0.05):
        pytest.fail("it is another's turn")


def test_a_program_that_holds_the_file_without_our_lock_is_waited_for_too(
    counter: Database, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable), counter.writing(patience=0.05):
            pytest.fail("another program writes")
        other.rollback()
    with counter.writing(patience=0.0) as session:
        session.execute(text("UPDATE counter SET number = 1"))


def test_a_lock_that_cannot_be_opened_makes_the_database_unavailable(path: Path) -> None:
    Path(f"{path}-lock").mkdir()
    database = Database(create_engine(f"sqlite:///{path}"))
    with pytest.raises(Unavailable), database.writing():
        pytest.fail("nothing holds the others off")


def test_connecting_lets_others_go_on_while_it_waits(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's busy handler would stop the whole event loop for seconds."""
    database = Database(create_engine(f"sqlite:///{path}"))
    timeouts: list[Any] = []
    event.listen(
        database.engine, "do_connect", lambda *given: timeouts.append(given[-1].get("timeout"))
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(time, "sleep", lambda _seconds: other.rollback())
        with database.reading() as session:
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    assert timeouts == [0]


def test_references_are_held(counter: Database) -> None:
    with counter.reading() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


@contextmanager
def held_elsewhere(path: Path) -> Iterator[None]:
    """The writers' lock of this database, held as another process would hold it."""
    with Path(f"{path}-lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _number(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT number FROM counter")) or 0)
