"""SQLite in its own way: one writer at a time, and no waiting that stops the event loop.

Keeps true: writes go one after the other, those of this process through a lock and those of all
processes on a file through a lock on a file beside it, so that SQLite never loses an update, never
waits in its own busy handler (which would stop the event loop), and never meets its WAL-reset bug
(commits and checkpoints of two connections at once, sqlite.org/wal.html#walresetbug). May import
errors and spares.
"""

import fcntl
import logging
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from chat.errors import Unavailable
from chat.spares import Spares

logger = logging.getLogger(__name__)
_PATIENCE = 10.0  # seconds that a connection waits for a file that is being recovered
_LOCK_MODE = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_PRAGMAS = (
    "busy_timeout=0",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-256",
    "wal_autocheckpoint=8000",  # pages: where `checkpointing.py` has not come to it
)


class Sqlite:
    """The writers of one process on a SQLite file."""

    def __init__(self, engine: Engine) -> None:
        self.reader = engine
        self._path = engine.url.database
        self._is_file = self._path not in {None, "", ":memory:"}
        self._spares = Spares(engine)
        self._writer = threading.Lock()
        self._begins: Connection | None = None  # that of the writer, while it begins
        self._lock_file: int | None = None
        _prepare(engine)
        event.listen(engine, "begin", self._on_begin)

    @property
    def spare(self) -> int:
        """How many of the connections that the pool counts as in use are not."""
        return len(self._spares)

    def connection(self, *, writes: bool) -> AbstractContextManager[Connection]:
        """One for either: who reads after a write finds what was written in its cache."""
        return self._spares.connection() if self._is_file else self.reader.connect()

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Be the only writer: of this process, and of all processes on the same file."""
        if not self._writer.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise _busy()
        try:
            file = self._open_lock_file()
            if file is None:
                yield
                return
            _until(deadline, lambda: _lock(file))
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._writer.release()

    def begin(self, connection: Connection, deadline: float) -> None:
        """Take SQLite's own write lock; a program that knows nothing of ours may hold it."""
        self._begins = connection
        try:
            _until(deadline, lambda: _begin(connection))
        finally:
            self._begins = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold a file of its own: what writes inside of the block takes the writers' lock.

        Waits inside flock: for processes that serve nobody.
        """
        if not self._is_file:
            yield
            return
        file = os.open(f"{self._path}-prepare", _LOCK_MODE, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _open_lock_file(self) -> int | None:
        """The file whose lock all writers take; None where there is nothing to share."""
        if not self._is_file:
            return None
        if self._lock_file is None:
            try:
                self._lock_file = os.open(f"{self._path}-lock", _LOCK_MODE, 0o600)
            except OSError as error:
                logger.error("the lock of the database: %s", error)
                raise _busy() from error
        return self._lock_file

    def _on_begin(self, connection: Connection) -> None:
        _tell(connection, "BEGIN IMMEDIATE" if connection is self._begins else "BEGIN")


def _until(deadline: float, attempt: Callable[[], bool]) -> None:
    """Try again and again: waiting inside flock or SQLite would stop the event loop."""
    while not attempt():
        if time.monotonic() >= deadline:
            raise _busy()
        _pause()


def _pause() -> None:
    time.sleep(random.uniform(0.001, 0.01))


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        logger.error("the lock of the database: %s", error)
        raise _busy() from error
    return True


def _begin(connection: Connection) -> bool:
    try:
        connection.begin()
    except OperationalError as error:
        if not _is_busy(error.orig):
            raise
        return False
    return True


def _busy() -> Unavailable:
    return Unavailable("The database is busy. Try again.", retry_after=2)


def _is_busy(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def _prepare(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def on_do_connect(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> None:
        given["timeout"] = 0  # no busy handler, from the first statement on

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours (SQLAlchemy's SQLite page)
        deadline = time.monotonic() + _PATIENCE
        for pragma in _PRAGMAS:
            _set(connection, pragma, deadline)


def _tell(connection: Connection, command: str) -> None:
    """To the driver itself: each transaction has this, and SQLAlchemy's way takes ten times it."""
    try:
        connection.connection.driver_connection.execute(command)  # type: ignore[union-attr]
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            command, None, error, sqlite3.Error, dialect=connection.dialect
        ) from error


def _set(connection: sqlite3.Connection, pragma: str, deadline: float) -> None:
    """Set a pragma; a file that is recovered or switched to WAL right now is locked for it."""
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}").close()
            return
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() >= deadline:
                raise
        _pause()
