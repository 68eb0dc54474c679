"""PostgreSQL's transactions: writers meet only at rows, and nobody waits without end."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chat.database import Database, open_database
from chat.errors import Unavailable
from tests.live import ROOT
from tests.postgresql import PostgresServer


@pytest.fixture(scope="module")
def url(postgres: PostgresServer) -> str:
    return postgres.sqlalchemy_url(postgres.create())


@pytest.fixture
def counters(url: str) -> Iterator[Database]:
    """A database with a table of two counters, "a" and "b"."""
    database = open_database(url)
    with database.writing() as session:
        session.execute(text("DROP TABLE IF EXISTS counters"))
        session.execute(text("CREATE TABLE counters (name text PRIMARY KEY, number int)"))
        session.execute(text("INSERT INTO counters VALUES ('a', 0), ('b', 0)"))
    yield database
    database.engine.dispose()


def add(database: Database, name: str, patience: float = 10.0) -> None:
    with database.writing(patience) as session:
        session.execute(
            text("UPDATE counters SET number = number + 1 WHERE name = :n"), {"n": name}
        )


def number(database: Database, name: str) -> int:
    with database.reading() as session:
        query = text("SELECT number FROM counters WHERE name = :n")
        return int(session.scalar(query, {"n": name}) or 0)


def test_no_update_of_a_row_is_lost(counters: Database) -> None:
    def count() -> None:
        for _ in range(25):
            add(counters, "a")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number(counters, "a") == 200


def test_writers_of_different_rows_do_not_wait_for_each_other(counters: Database) -> None:
    with counters.writing() as session:
        session.execute(text("UPDATE counters SET number = 7 WHERE name = 'a'"))
        add(counters, "b", patience=0.0)
        assert number(counters, "a") == 0  # nor do readers
    assert (number(counters, "a"), number(counters, "b")) == (7, 1)


def test_who_does_not_want_to_wait_for_a_row_is_told_at_once(counters: Database) -> None:
    with counters.writing() as session:
        session.execute(text("UPDATE counters SET number = 7 WHERE name = 'a'"))
        with pytest.raises(Unavailable) as told:
            add(counters, "a", patience=0.0)
    assert told.value.retry_after == 2
    add(counters, "a", patience=0.0)
    assert number(counters, "a") == 8


def test_of_two_who_wait_for_each_other_one_is_asked_to_try_again(counters: Database) -> None:
    both = threading.Barrier(2)
    told: list[Unavailable] = []

    def write(first: str, then: str) -> None:
        try:
            with counters.writing() as session:
                for name in (first, then):
                    session.execute(
                        text("UPDATE counters SET number = number + 1 WHERE name = :n"), {"n": name}
                    )
                    if name == first:
                        both.wait(timeout=10)
        except Unavailable as error:
            told.append(error)

    threads = [threading.Thread(target=write, args=names) for names in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert (number(counters, "a"), number(counters, "b")) == (1, 1)


def test_an_exception_undoes_everything(counters: Database) -> None:
    def fail() -> None:
        with counters.writing() as session:
            session.execute(text("UPDATE counters SET number = 7"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert number(counters, "a") == 0


def test_a_transaction_that_the_server_ends_is_to_be_tried_again(
    counters: Database, postgres: PostgresServer
) -> None:
    def lose() -> None:
        with counters.writing() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            postgres.execute(f"SELECT pg_terminate_backend({pid})")
            session.execute(text("UPDATE counters SET number = 7"))

    with pytest.raises(OperationalError):
        lose()
    add(counters, "a")
    assert number(counters, "a") == 1


def test_a_server_that_only_reads_is_to_be_tried_again(counters: Database) -> None:
    def write() -> None:
        with counters.writing() as session:
            session.execute(text("SET TRANSACTION READ ONLY"))
            session.execute(text("UPDATE counters SET number = 7"))

    with pytest.raises(OperationalError):
        write()


def test_text_with_nul_is_found_nowhere_and_kept_without_it(counters: Database) -> None:
    with counters.writing() as session:
        assert session.scalar(text("SELECT 1 FROM counters WHERE name = :n"), {"n": "a\0"}) is None
        session.execute(text("INSERT INTO counters VALUES (:n, 1)"), {"n": "c\0d"})
        assert session.scalar(text("SELECT name FROM counters WHERE number = 1")) == "c\ufffdd"


def test_times_are_in_utc_whatever_the_server_thinks(counters: Database) -> None:
    with counters.reading() as session:
        assert session.scalar(text("SHOW timezone")) == "UTC"


def test_what_is_done_alone_is_done_by_one_process_at_a_time(
    counters: Database, url: str, postgres: PostgresServer
) -> None:
    other = open_database(url)
    done: list[str] = []

    def act() -> None:
        with other.alone():
            done.append("other")

    with counters.alone(), suppress(psycopg.Error):
        thread = threading.Thread(target=act)
        thread.start()
        with psycopg.connect(postgres.url(counters.engine.url.database or "")) as watching:
            waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while watching.execute(waits).fetchone() is None:
                assert thread.is_alive()
        done.append("first")
    thread.join()
    assert done == ["first", "other"]
    other.engine.dispose()


def test_a_site_on_sqlite_loads_nothing_for_postgresql() -> None:
    """The driver alone costs 12 MB and a tenth of a second."""
    code = (
        "import sys; from app import create_app; app = create_app();"
        "found = {'psycopg', 'chat.postgresql', 'chat.knowledge.tsvector',"
        " 'sqlalchemy.dialects.postgresql'} & set(sys.modules); assert not found, found"
    )
    command = [sys.executable, "-c", code]
    environ = {"SECRET_KEY": "only for tests, " * 2, "PATH": "/usr/bin", "PARLEY_DATA_DIR": "/tmp"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
