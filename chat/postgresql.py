"""PostgreSQL in its own way: many writers at once, and a server that may go away and come back.

Keeps true: writers hold each other up only over the rows that both change, which `with_for_update`
names where the domain decides by what it has read; nobody waits for a row without end: who would,
or meets another one in a circle, gets `Unavailable`; a server that is away, starts or only reads is
an `OperationalError`, which everybody above takes for "try again"; a connection that the server has
closed meanwhile is replaced before it is used. May import errors. The driver cooperates with gevent
only if gevent has patched before this file is loaded.
"""

import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import OperationalError as DriverOperationalError
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError

from chat.errors import Unavailable

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
    "isolation_level": "READ COMMITTED",
    "connect_args": _DRIVER,
}
_ALONE = 0x5061726C6579  # the number of the lock: "Parley"
_BUSY = {"55P03", "40P01", "40001"}  # waited too long, deadlock, two who change the same
_AWAY = {
    "25006",
    "25P03",
}  # a server that only reads, a rest that was too long


class Postgresql:
    """The writers of one process on a PostgreSQL server."""

    spare = 0  # each connection is looked at before it is used, which the pool does

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Without a transaction around them queries cost two round trips less; each sees what is
        # committed when it begins, as in a transaction here, which is READ COMMITTED.
        self.reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "checkout", _check)
        event.listen(engine, "handle_error", _name_error, retval=True)

    def connection(self, *, writes: bool) -> Connection:
        """One of the pool, without a transaction around its queries unless it writes."""
        return (self._engine if writes else self.reader).connect()

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


def _check(connection: DriverConnection[Any], _record: Any, _proxy: Any) -> None:
    """Replace a connection that the server has closed, and all that are as old.

    A server tells that it goes, so there is something to read where nothing was asked: seeing that
    costs no round trip, as a ping would.
    """
    told = select.poll()
    try:
        told.register(connection.fileno(), select.POLLIN)
        is_open = not told.poll(0)
    except DriverOperationalError:
        is_open = False
    if not is_open:
        raise InvalidatePoolError("the server has closed the connection")


def _name_error(context: ExceptionContext) -> BaseException | None:
    """What an error means that passes by itself; None for all others."""
    error = context.sqlalchemy_exception
    state = getattr(context.original_exception, "sqlstate", None)
    if state in _BUSY:
        return Unavailable("The database is busy. Try again.", retry_after=2)
    is_away = context.is_disconnect or state in _AWAY
    if not is_away or not isinstance(error, DBAPIError) or isinstance(error, OperationalError):
        return None
    cause, cut = context.original_exception, context.is_disconnect
    return OperationalError(error.statement, error.params, cause, connection_invalidated=cut)
