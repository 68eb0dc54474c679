"""Connections and transactions: who may read, who may write, and for how long.

Keeps true: a session lives for one `with` block and gives its connection back at the end of it; a
write is committed whole or not at all, and who waits for another writer waits for a bounded time,
then gets `Unavailable`. What differs between databases is in `sqlite.py` and `postgresql.py`; the
latter, and its driver, are loaded only where a URL asks for them. May import the plain ground.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session

from chat.sqlite import Sqlite

_PATIENCE = 10.0  # seconds that a write waits for those before it
Statements = Session | Connection  # what executes statements; a session also holds objects


class Kind(Protocol):
    """What one kind of database does in its own way."""

    @property
    def reader(self) -> Engine:
        """The engine for sessions that only read."""
        ...

    @property
    def spare(self) -> int:
        """How many of the connections that its pool counts as in use are not."""
        ...

    def connection(self, *, writes: bool) -> AbstractContextManager[Connection]:
        """One for a block, without a transaction before it and after it."""
        ...

    def turn(self, deadline: float) -> AbstractContextManager[None]:
        """Wait until this write may begin; Unavailable at the deadline."""
        ...

    def begin(self, connection: Connection, deadline: float) -> None:
        """Begin the write's transaction; Unavailable at the deadline."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Wait, however long, until no other process is in such a block."""
        ...


class Database:
    """The database of one process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kind = _kind(engine)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A short session for queries; nothing in it is written."""
        with Session(self._kind.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @property
    def spare(self) -> int:
        """How many connections lie ready, though the pool counts them as in use."""
        return self._kind.spare

    def querying(self) -> AbstractContextManager[Connection]:
        """The same for queries without objects, at half the work: what each request does."""
        return self._kind.connection(writes=False)

    @contextmanager
    def writing(self, patience: float = _PATIENCE) -> Iterator[Session]:
        """A session in one write transaction: committed at the end, rolled back by an exception.

        Unavailable when its turn does not come within `patience` seconds; 0 tries once.
        """
        with self.changing(patience) as connection, objects_on(connection) as session:
            yield session

    @contextmanager
    def changing(self, patience: float = _PATIENCE) -> Iterator[Connection]:
        """The same for statements without objects."""
        deadline = time.monotonic() + patience
        with self._kind.turn(deadline), self._kind.connection(writes=True) as connection:
            self._kind.begin(connection, deadline)
            yield connection
            connection.commit()

    def turn(self, patience: float = _PATIENCE) -> AbstractContextManager[None]:
        """What commits by itself in this block, such as a migration, waits as a write does."""
        return self._kind.turn(time.monotonic() + patience)

    def alone(self) -> AbstractContextManager[None]:
        """What is done in this block, such as a migration, no other process does meanwhile."""
        return self._kind.alone()


@contextmanager
def objects_on(connection: Connection) -> Iterator[Session]:
    """A session in the transaction of `changing`, for the part of a write that needs objects."""
    with Session(connection, expire_on_commit=False) as session:
        yield session
        session.flush()


def open_database(url: str) -> Database:
    """The database at an address that the settings have checked."""
    return Database(create_engine(url, **engine_options(url)))


def engine_options(url: str) -> dict[str, Any]:
    """What an engine for this address is to be made with."""
    if not url.startswith("postgresql"):
        return {}
    from chat.postgresql import OPTIONS

    return dict(OPTIONS)


def has_many_writers(session: Statements) -> bool:
    """Whether others may write at the same time; with SQLite a session that writes is alone."""
    return dialect_of(session) != "sqlite"


def dialect_of(statements: Statements) -> str:
    """The name of the kind of database."""
    return engine_of(statements).dialect.name


def engine_of(statements: Statements) -> Engine:
    """The engine whose connection the statements go to."""
    bound = statements if isinstance(statements, Connection) else statements.get_bind()
    return bound.engine


def _kind(engine: Engine) -> Kind:
    if engine.dialect.name != "postgresql":
        return Sqlite(engine)
    from chat.postgresql import Postgresql

    return Postgresql(engine)
