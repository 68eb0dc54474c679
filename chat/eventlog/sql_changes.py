"""What tells a reader of the database that others have written.

Keeps true: between two looks nothing is asked but whether anything has changed at all, and no
transaction stays open; a `wake` that comes between two waits is not lost. Imports nothing of
Parley.
"""

import sqlite3
import threading
import time
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

POLL_SECONDS = 0.05


class Changes(Protocol):
    """Of one reader."""

    def wait(self, timeout: float) -> bool:
        """Wait for at most `timeout` seconds until others have written; whether they have.

        False at once when `wake` was called.
        """
        ...

    def wake(self) -> None:
        """Let a `wait`, this one or else the next, return."""
        ...

    def signal(self, session: Session) -> None:
        """Let those who wait elsewhere know as soon as this transaction is committed."""
        ...

    def number_in_order(self, session: Session) -> None:
        """Let the rows that this transaction numbers be committed in the order of their numbers."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class PolledChanges:
    """Asks an SQLite file for its version, which another connection's commit changes.

    That is https://www.sqlite.org/pragma.html#pragma_data_version, on a connection that is kept
    for it: versions of two connections cannot be compared.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self._woken = threading.Event()

    def wait(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while not self._has_changed():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._woken.wait(min(POLL_SECONDS, left)):
                self._woken.clear()
                return False
        return True

    def wake(self) -> None:
        self._woken.set()

    def signal(self, session: Session) -> None:
        """A commit is enough."""

    def number_in_order(self, session: Session) -> None:
        """They are: SQLite has one writer."""

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _has_changed(self) -> bool:
        if self._connection is None:
            self._connection, self._version = _connect(self._engine), -1
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        before, self._version = self._version, version
        return bool(version != before)


def _connect(engine: Engine) -> sqlite3.Connection:
    """A connection as the pool makes them, which is not the pool's any more."""
    fairy = engine.raw_connection()
    fairy.detach()
    connection = fairy.dbapi_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
