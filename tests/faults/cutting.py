"""A door that loses connections: bytes pass until their connection is cut, at a random moment.

Keeps true: what passes is unchanged and in order, as TCP has it; a cut comes as a reset, without an
end, or as silence before it.
"""

import asyncio
import contextlib
import http.client
import random
import threading
from typing import Any, Self

from tests.nginx import Nginx


class CuttingDoor:
    """Before nginx; leave the `with` block to close it. About `mean` bytes pass before a cut."""

    def __init__(self, nginx: Nginx, chance: random.Random, mean: int = 4000) -> None:
        self.cuts = 0
        self._nginx = nginx
        self._chance = chance
        self._mean = mean
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def connect(self, *, timeout: float = 20) -> http.client.HTTPConnection:
        """A connection through it to nginx, with TLS from end to end."""
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, context=self._nginx.context
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._pass, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, both ways, until one side ends it or its bytes are used up."""
        there, back = await asyncio.open_connection("127.0.0.1", self._nginx.port)
        left = self._chance.expovariate(1 / self._mean)
        ways = [
            asyncio.ensure_future(_copy(reader, back, None)),
            asyncio.ensure_future(_copy(there, writer, 3000 + left)),
        ]
        done, waiting = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        if ways[1] in done and ways[1].exception() is None and ways[1].result():
            self.cuts += 1
            await asyncio.sleep(self._chance.choice([0, 0, 0.5]))  # the last packets are lost
        for way in waiting:
            way.cancel()
        for end in (writer, back):
            end.transport.abort()


async def _copy(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, most: float | None
) -> bool:
    """Pass on what comes; whether that was as much as may pass."""
    with contextlib.suppress(OSError):
        while data := await source.read(4096):
            if most is not None and (most := most - len(data)) < 0:
                return True
            target.write(data)
            await target.drain()
    return False
