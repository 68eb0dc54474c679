"""Spare connections: each block has one to itself, and finds nothing of the block before."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from chat.database import Database

ADD = text("INSERT INTO counted VALUES (1)")
COUNT = text("SELECT count(*) FROM counted")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(create_engine(f"sqlite:///{path}"))
    with database.changing() as connection:
        connection.execute(text("CREATE TABLE counted (number INTEGER)"))
    yield database
    database.engine.dispose()


def driver(connection: Connection) -> object:
    return connection.connection.driver_connection


def test_the_next_block_goes_on_with_the_same_connection(database: Database) -> None:
    with database.changing() as writing:
        writing.execute(ADD)
    with database.querying() as reading:
        assert reading is writing
        assert reading.scalar(COUNT) == 1
    assert database.spare == 1


def test_blocks_at_the_same_time_have_connections_of_their_own(database: Database) -> None:
    with ExitStack() as stack:
        open_ones = [stack.enter_context(database.querying()) for _ in range(5)]
        assert len({id(driver(one)) for one in open_ones}) == 5
        assert database.spare == 0
    assert database.spare == 3
    with ExitStack() as stack:
        again = [stack.enter_context(database.querying()) for _ in range(5)]
        assert len({id(driver(one)) for one in again}) == 5


def test_what_a_block_has_begun_ends_with_it(database: Database) -> None:
    with database.querying() as connection:
        connection.execute(ADD)  # nobody commits it
    with database.querying() as connection:
        assert not connection.in_transaction()
        assert connection.scalar(COUNT) == 0


def test_a_connection_that_went_through_an_exception_is_not_kept(database: Database) -> None:
    def fail() -> None:
        with database.changing() as connection:
            connection.execute(ADD)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert database.spare == 0
    with database.changing(patience=0.0) as connection:
        assert connection.scalar(COUNT) == 0


def test_a_connection_that_is_not_usable_any_more_is_not_kept(database: Database) -> None:
    with database.querying() as connection:
        connection.invalidate()
    assert database.spare == 0
    with database.querying() as connection:
        connection.close()
    assert database.spare == 0
    with database.querying() as connection:
        assert connection.scalar(COUNT) == 0


def test_who_only_reads_does_not_take_the_writers_lock(database: Database) -> None:
    with database.changing() as writing:
        writing.execute(ADD)
        with database.querying() as reading:
            assert reading.scalar(COUNT) == 0  # a BEGIN IMMEDIATE would raise


def test_nothing_stays_open_when_the_engine_is_disposed_of(database: Database, path: Path) -> None:
    with database.changing() as connection:
        connection.execute(ADD)
    assert Path(f"{path}-wal").exists()
    database.engine.dispose()
    assert database.spare == 0
    assert not Path(f"{path}-wal").exists()  # which the last connection folds into the file
