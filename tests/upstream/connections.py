"""The listening side: one task a connection, ended at once when its client goes away.

Owns the sockets. Asyncio tells a protocol of the peer's end of the stream in the same turn of the
loop that reads it; the task that answers is cancelled there, and the time written down.
"""

import asyncio
import contextlib
import time
from itertools import count

from tests.upstream.exchanges import Exchange, Request, read_request
from tests.upstream.ledger import Ledger, Record
from tests.upstream.routes import answer_control, answer_provider

LIMIT = 1024 * 1024


class Connection(asyncio.StreamReaderProtocol):
    """One client's socket: `control` when a test speaks on it, else a provider's client."""

    numbers = count(1)

    def __init__(self, server: "Server") -> None:
        reader = asyncio.StreamReader(LIMIT)
        super().__init__(reader, self._serve)
        self.control = False
        self.is_open = True
        self._server = server
        self._number = next(self.numbers)
        self._records: list[Record] = []
        self._answering: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._server.connections.add(self)
        super().connection_made(transport)

    def eof_received(self) -> bool | None:
        self._gone()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        self._server.connections.discard(self)
        super().connection_lost(exc)

    def close(self) -> None:
        """Ends it from this side, whatever it is doing and whatever waits to be sent."""
        self.transport.abort()
        self._gone()

    def _gone(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        for record in self._records:
            record.closed, record.closed_at = time.monotonic(), time.time()
        if self._answering is not None:
            self._answering.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._answering = asyncio.current_task()
        with contextlib.suppress(asyncio.CancelledError, OSError, EOFError):
            while self.is_open and (request := await read_request(reader)):
                exchange = Exchange(request, writer)
                await self._answer(exchange, request)
                if not exchange.keep:
                    break
        writer.close()

    async def _answer(self, exchange: Exchange, request: Request) -> None:
        if request.path.startswith("/control/"):
            self.control = True
            await answer_control(exchange, self._server)
            return
        record = self._server.ledger.note(self._number, request)
        record.exchange = exchange
        self._records.append(record)
        await answer_provider(exchange, self._server.ledger, record)
        record.finished = time.monotonic()


class Server:
    """All connections and the ledger they write into."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.connections: set[Connection] = set()

    @property
    def open(self) -> int:
        """How many connections providers' clients hold, busy or not."""
        return sum(1 for one in self.connections if one.is_open and not one.control)

    async def reset(self) -> None:
        """Forgets everything, and ends what is being answered and what waits in pools."""
        for connection in list(self.connections):
            if not connection.control:
                connection.close()
        while any(not one.control for one in self.connections):
            await asyncio.sleep(0)  # a client that asks again has to see that it was closed
        self.ledger.reset()

    async def listen(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), "127.0.0.1", port, backlog=2048)
