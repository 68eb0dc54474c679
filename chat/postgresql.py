"""PostgreSQL in its own way: many writers at once, and a server that may go away and come back.

Keeps true: writers hold each other up only over the rows that both change, which `with_for_update`
names where the domain decides by what it has read; nobody waits for the server or for a row without
end; whatever goes by itself (the server is gone, starts, refuses connections, has chosen one of two
writers) is an `OperationalError`, which everybody above takes for "try again"; a connection that
the server has closed meanwhile is replaced before it is used. Imports nothing of Parley. The driver
cooperates with gevent only if gevent has patched before this file is loaded.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from psycopg import Connection as DriverConnection
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError

_PATIENCE_MS = 10_000  # that a statement waits for another writer's row
_SERVER = {
    "timezone": "UTC",
    "statement_timeout": 30_000,
    "lock_timeout": _PATIENCE_MS,
    "idle_in_transaction_session_timeout": 60_000,
    "client_encoding": "UTF8",
}
_DRIVER = {
    "application_name": "parley",
    "connect_timeout": 5,
    # A server that vanished from the network is noticed within about half a minute.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "options": " ".join(f"-c {name}={value}" for name, value in _SERVER.items()),
}
OPTIONS: Mapping[str, Any] = {
    "pool_size": 10,  # a request holds one for some milliseconds, an open stream none
    "max_overflow": 0,
    "pool_timeout": 10,
    "pool_pre_ping": True,
    "isolation_level": "READ COMMITTED",
    "connect_args": _DRIVER,
}
_ALONE = 0x5061726C6579  # the number of the lock: "Parley"
# Classes of SQLSTATE that pass by themselves beside those that are OperationalErrors already:
# a transaction that was ended from outside (25), so by a failover to a server that only reads.
_PASSING = ("25006", "25P03")


class Postgresql:
    """The writers of one process on a PostgreSQL server."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "handle_error", _name_error, retval=True)

    def turn(self, deadline: float) -> nullcontext[None]:
        """Nobody waits: writers meet at rows."""
        return nullcontext()

    def begin(self, connection: Connection, deadline: float) -> None:
        """Let the statements of this transaction wait for other writers until the deadline."""
        connection.begin()
        left = round((deadline - time.monotonic()) * 1000)
        if left < _PATIENCE_MS * 0.9:
            connection.execute(text(f"SET LOCAL lock_timeout = {max(1, left)}"))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the site's lock on the server, which lets it go when this process dies."""
        with unlimited(self._engine) as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ALONE})
            connection.commit()  # the lock is the connection's, not the transaction's
            yield


@contextmanager
def unlimited(engine: Engine) -> Iterator[Connection]:
    """A connection outside of the pool; what runs on it, such as a migration, takes its time."""
    with engine.connect() as connection:
        connection.detach()
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET {name} = 0"))
        connection.commit()
        yield connection


class _TextDumper(StrDumperUnknown):
    """Text without NUL, which PostgreSQL cannot hold: what has one is found nowhere."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def _prepare(connection: DriverConnection[Any], _record: Any) -> None:
    connection.adapters.register_dumper(str, _TextDumper)


def _name_error(context: ExceptionContext) -> BaseException | None:
    """Make an OperationalError of each error that means that the database is away or busy."""
    error = context.sqlalchemy_exception
    state = getattr(context.original_exception, "sqlstate", None)
    passing = context.is_disconnect or state in _PASSING
    if not passing or not isinstance(error, DBAPIError) or isinstance(error, OperationalError):
        return None
    cause, cut = context.original_exception, context.is_disconnect
    return OperationalError(error.statement, error.params, cause, connection_invalidated=cut)
