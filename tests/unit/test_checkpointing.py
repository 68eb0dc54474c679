"""The write-ahead log is folded beside the event loop, in turn with those who write."""

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from chat import checkpointing
from chat.checkpointing import Checkpointing
from chat.database import Database, open_database

ENOUGH = 3  # commits


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "parley.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{path}")
    with database.changing() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))
    yield database
    database.engine.dispose()


@pytest.fixture
def folding(database: Database) -> Iterator[Checkpointing]:
    checkpointing = Checkpointing(database, every=0.01, commits=ENOUGH)
    checkpointing.start()
    yield checkpointing
    checkpointing.stop()


def say(database: Database, times: int) -> None:
    for _ in range(times):
        with database.changing() as connection:
            connection.execute(text("INSERT INTO said VALUES ('hello')"))


def folded(path: Path) -> int:
    """Rows in the file without its log; copied elsewhere, as closing it here drops SQLite's locks.

    A file into which the log is folded in part is none without that.
    """
    copy = path.with_name("copy.db")
    subprocess.run(["cp", path, copy], check=True)
    with sqlite3.connect(copy) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM said").fetchone()[0])
        except sqlite3.DatabaseError:  # not even the table, or not all of it
            return 0
        finally:
            copy.unlink()


def wait_until_folded(path: Path, rows: int) -> bool:
    deadline = time.monotonic() + 20
    while folded(path) < rows and time.monotonic() < deadline:
        time.sleep(0.02)
    return folded(path) == rows


def test_what_was_committed_gets_into_the_file(
    path: Path, database: Database, folding: Checkpointing
) -> None:
    say(database, 5)
    assert wait_until_folded(path, 5)
    say(database, 5)  # and again, from where it was
    assert wait_until_folded(path, 10)


def test_a_few_commits_stay_in_the_log(
    path: Path, database: Database, folding: Checkpointing
) -> None:
    say(database, ENOUGH - 1)
    time.sleep(0.2)
    assert folded(path) == 0


def test_nothing_is_folded_while_somebody_writes(
    path: Path, database: Database, folding: Checkpointing
) -> None:
    say(database, ENOUGH - 1)  # what could be folded, if it were not for who writes
    with database.changing() as connection:
        folding._count(connection)  # as if another had committed
        connection.execute(text("INSERT INTO said VALUES ('hello')"))
        time.sleep(0.2)
        assert folded(path) == 0
    assert wait_until_folded(path, ENOUGH)


def test_who_reads_keeps_its_moment(path: Path, database: Database, folding: Checkpointing) -> None:
    say(database, 1)
    with database.querying() as reading:
        assert reading.execute(text("SELECT count(*) FROM said")).scalar() == 1
        say(database, 5)
        time.sleep(0.2)  # it is folded up to there
        assert reading.execute(text("SELECT count(*) FROM said")).scalar() == 1
    say(database, ENOUGH)
    assert wait_until_folded(path, 6 + ENOUGH)


def test_a_disk_that_fails_is_told_once_and_tried_again(
    path: Path,
    database: Database,
    folding: Checkpointing,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried = []

    def fail(log: str) -> None:
        tried.append(log)
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(checkpointing, "_sync", fail)
        deadline = time.monotonic() + 20
        while len(tried) < 2 and time.monotonic() < deadline:
            say(database, 1)
            time.sleep(0.02)
    assert len(tried) >= 2
    say(database, ENOUGH)
    with database.querying() as reading:
        rows = reading.execute(text("SELECT count(*) FROM said")).scalar()
    assert rows is not None
    assert wait_until_folded(path, rows)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["the write-ahead log is not folded: OSError"]


def test_a_database_in_memory_has_nothing_to_fold() -> None:
    checkpointing = Checkpointing(open_database("sqlite://"))
    checkpointing.start()
    assert not checkpointing._thread.is_alive()
