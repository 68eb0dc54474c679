"""What tells a reader that others have written, on PostgreSQL: LISTEN and NOTIFY.

Keeps true: a notification that came between two waits is not lost, nor is what was written while
the connection was away: the first wait of each connection says so. The connection is the reader's
own, outside of the pool. Imported only where the database is PostgreSQL. Imports nothing of Parley.
"""

import select
import socket
import time
from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import OperationalError
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_CHANNEL = "parley"
_NUMBERING = 0x5061726C6F67  # the number of the lock: "Parlog"
_SIGNAL = text(f"SELECT pg_notify('{_CHANNEL}', '')")
_NUMBER_IN_ORDER = text("SELECT pg_advisory_xact_lock(:key)")


class ListenedChanges:
    """Of one reader."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: DriverConnection[Any] | None = None
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)

    def wait(self, timeout: float) -> bool:
        """Also true for a new connection: what came before it, nobody has told."""
        if self._connection is None:
            self._connection = _listen(self._engine)
            return True
        try:
            return self._wait(self._connection, timeout)
        except OperationalError as error:
            self._disconnect()
            raise ConnectionError("the database is away") from error

    def _wait(self, connection: DriverConnection[Any], timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        poll = select.poll()
        for readable in (connection.fileno(), self._woken.fileno()):
            poll.register(readable, select.POLLIN)
        while not _was_notified(connection):
            left = deadline - time.monotonic()
            if left <= 0 or self._was_woken():
                return False
            poll.poll(left * 1000)
        return True

    def _was_woken(self) -> bool:
        try:
            return bool(self._woken.recv(4096))
        except BlockingIOError:
            return False

    def wake(self) -> None:
        try:
            self._waker.send(b"!")
        except OSError:  # full: it is awake; or closed
            return

    def signal(self, session: Session) -> None:
        session.execute(_SIGNAL)

    def number_in_order(self, session: Session) -> None:
        """One writer at a time, from its numbers to its commit."""
        session.execute(_NUMBER_IN_ORDER, {"key": _NUMBERING})

    def close(self) -> None:
        self._disconnect()
        self._woken.close()
        self._waker.close()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _listen(engine: Engine) -> DriverConnection[Any]:
    fairy = engine.raw_connection()
    fairy.detach()
    connection = fairy.dbapi_connection
    assert isinstance(connection, DriverConnection)
    connection.rollback()
    connection.autocommit = True
    connection.execute(f"LISTEN {_CHANNEL}")
    return connection


def _was_notified(connection: DriverConnection[Any]) -> bool:
    """Whether notifications have come; all that have are taken."""
    connection.pgconn.consume_input()
    count = 0
    while connection.pgconn.notifies() is not None:
        count += 1
    return count > 0
