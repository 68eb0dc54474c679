"""Readers of many streams in one thread: raw sockets and a selector, as cheap as can be."""

import re
import selectors
import socket
import time
from dataclasses import dataclass, field

_MESSAGE = re.compile(rb'"message_id":"(\w+)"')
_END = (b"event: complete\n", b"event: error\n")


@dataclass(slots=True, eq=False)
class Follower:
    """One open stream; times are seconds since its request was sent."""

    connection: socket.socket
    sent_at: float
    first_byte: float | None = None
    first_chunk: float | None = None
    chunks: int = 0
    message_id: str = ""  # of the answer, once the stream has named it
    error: str = ""
    done: bool = False
    _rest: bytes = field(default=b"")

    def receive(self) -> None:
        """Read what has arrived."""
        try:
            data = self.connection.recv(65_536)
        except OSError as error:
            self._finish(str(error))
            return
        now = time.monotonic() - self.sent_at
        if self.first_byte is None:
            self.first_byte = now
            if not data.startswith(b"HTTP/1.1 200"):
                self._finish(data[:60].decode(errors="replace"))
                return
        if not data:
            self._finish("the stream ended too early")
            return
        self._count(self._rest + data, now)

    def _count(self, data: bytes, now: float) -> None:
        whole, _, self._rest = data.rpartition(b"\n\n")
        if not self.message_id and (named := _MESSAGE.search(whole)):
            self.message_id = named[1].decode()
        self.chunks += whole.count(b"event: chunk\n")
        if self.first_chunk is None and self.chunks:
            self.first_chunk = now
        if any(end in whole for end in _END):
            self._finish("" if _END[0] in whole else "the run failed")

    def _finish(self, error: str) -> None:
        self.error, self.done = error, True
        self.connection.close()


def follow(port: int, request: bytes) -> Follower:
    """Connect, send a request, and become its follower."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sent_at = time.monotonic()
    connection.sendall(request)
    connection.setblocking(False)
    return Follower(connection, sent_at)


class Crowd:
    """All followers, read as their bytes arrive."""

    def __init__(self) -> None:
        self.followers: list[Follower] = []
        self._selector = selectors.DefaultSelector()

    def add(self, follower: Follower) -> None:
        self.followers.append(follower)
        self._selector.register(follower.connection, selectors.EVENT_READ, follower)

    def read(self, seconds: float) -> None:
        """Read for so long, or until every stream has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.all_done:
            for key, _ in self._selector.select(0.05):
                follower: Follower = key.data
                descriptor = follower.connection.fileno()
                follower.receive()
                if follower.done:
                    self._selector.unregister(descriptor)

    @property
    def all_done(self) -> bool:
        return all(follower.done for follower in self.followers)

    @property
    def open(self) -> int:
        """Streams that are being read now."""
        return sum(not follower.done for follower in self.followers)

    @property
    def errors(self) -> list[str]:
        """What went wrong; a stream that has not ended is an error at the end."""
        return [f.error or "not ended" for f in self.followers if f.error or not f.done]

    @property
    def chunks(self) -> int:
        return sum(follower.chunks for follower in self.followers)
