"""Connections that stay open between two blocks, for whoever needs one next.

To take one from SQLAlchemy's pool and to give it back takes longer than the one query that most
blocks are for. Keeps true: a spare one has no transaction, and went through no exception; the pool
counts it as in use, and gets it back when its engine is disposed of. Imports nothing of Parley.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

_MOST = 3  # at the same moment rarely more are in use, and the pool has some for others


class Spares:
    """The spare connections of one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._spare: list[Connection] = []
        event.listen(engine, "engine_disposed", self._close)

    def __len__(self) -> int:
        return len(self._spare)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One for a block; what it has begun and not committed is rolled back."""
        connection = self._take()
        try:
            yield connection
            if connection.in_transaction():
                connection.rollback()
        except BaseException:  # the pool knows what to do about it
            connection.close()
            raise
        if len(self._spare) < _MOST and not connection.closed and not connection.invalidated:
            self._spare.append(connection)  # the last one is the next: it has read most lately
        else:
            connection.close()

    def _take(self) -> Connection:
        try:
            return self._spare.pop()
        except IndexError:
            return self._engine.connect()

    def _close(self, _engine: Engine) -> None:
        while self._spare:
            connection = self._spare.pop()
            connection.detach()  # the pool that it came from is closed
            connection.close()
