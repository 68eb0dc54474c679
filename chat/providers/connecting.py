"""Connections to a provider: opening them, plain and with TLS, and keeping idle ones for later.

Keeps true: bytes are read in large pieces, one system call for all that has arrived, with TLS too
(so its records are decrypted from memory, not by a call for each). `shut` may be called from any
thread at any time and wakes who waits. Written for threads. Imports nothing of Parley.
"""

import os
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from chat.providers.resolving import Address, Place, Resolver

_PIECE = 65536  # bytes a call reads at most
_MOST = 4  # pieces read in a row when more than one has arrived
_KEEP_IDLE = 64
_KEEP_SECONDS = 30.0
_ANSWER_SECONDS = 1.0  # for what TLS itself has to say now and then


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """The rules of all TLS connections: the system's authorities, and HTTP/1.1."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection:
    """A connected socket; `ended` is true once the other side has sent all it will."""

    __slots__ = ("_descriptor", "_sock", "_timeout", "ended", "idle_since")

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._descriptor = sock.fileno()
        self._timeout = -1.0
        self.ended = False
        self.idle_since = 0.0

    def connect(self, place: Place, timeout: float) -> None:
        self._limit(timeout)
        self._sock.connect(place)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def secure(self, host: str, until: float) -> None:
        """Begin TLS where there is to be some."""

    def send(self, data: bytes, timeout: float) -> None:
        self._limit(timeout)
        self._sock.sendall(data)

    def arrived(self) -> bytes | None:
        """What has arrived, as `receive` gives it; None when nothing has. Never waits.

        A read paced as ours are finds something nearly always, at half of what `receive` costs.
        """
        try:
            piece = os.read(self._descriptor, _PIECE)  # it never blocks: the socket has a timeout
        except BlockingIOError:
            return None
        if len(piece) == _PIECE:
            return self._with_more(piece)
        if not piece:
            self.ended = True
        return piece

    def receive(self, timeout: float) -> bytes:
        """What has arrived; waits when there is nothing, but with a `timeout` of 0.

        Empty at the end, and where what has arrived cannot be used yet. Raises OSError.
        """
        self._limit(timeout)
        piece = self._sock.recv(_PIECE)
        if len(piece) < _PIECE:
            self.ended = not piece
            return piece
        return self._with_more(piece)

    def _with_more(self, piece: bytes) -> bytes:
        pieces = [piece]
        time.sleep(0)  # one who sends without end must not hold up the others
        self._limit(0)
        with suppress(BlockingIOError):
            while len(piece) == _PIECE and len(pieces) < _MOST:
                piece = self._sock.recv(_PIECE)
                self.ended = not piece
                pieces.append(piece)
        return b"".join(pieces)

    def shut(self) -> None:
        """End both directions at once: the other side sees it, and so does who waits here."""
        with suppress(OSError):  # not connected, or closed meanwhile
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._descriptor = -1
        self._sock.close()

    def _limit(self, timeout: float) -> None:
        if timeout != self._timeout:
            self._timeout = timeout
            self._sock.settimeout(timeout)


class TlsConnection(Connection):
    """The same, encrypted."""

    __slots__ = ("_incoming", "_outgoing", "_tls")

    def secure(self, host: str, until: float) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = tls_context().wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush(_left(until))
                self._take(super().receive(_left(until)))
            else:
                self._flush(_left(until))
                return

    def send(self, data: bytes, timeout: float) -> None:
        self._tls.write(data)
        self._flush(timeout)

    def arrived(self) -> bytes | None:
        if self.ended:
            return b""
        chunk = super().arrived()
        return None if chunk is None else self._opened(chunk)

    def receive(self, timeout: float) -> bytes:
        return b"" if self.ended else self._opened(super().receive(timeout))

    def _opened(self, chunk: bytes) -> bytes:
        self._take(chunk)
        plain = self._decrypt()
        if self._outgoing.pending:
            self._flush(_ANSWER_SECONDS)
        return plain

    def _take(self, chunk: bytes) -> None:
        if chunk:
            self._incoming.write(chunk)
        if self.ended:
            self._incoming.write_eof()

    def _decrypt(self) -> bytes:
        plain: list[bytes] = []
        while True:
            try:
                piece = self._tls.read(_PIECE)
            except ssl.SSLWantReadError:
                break
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                piece = b""
            if not piece:
                self.ended = True
                break
            plain.append(piece)
        return b"".join(plain)

    def _flush(self, timeout: float) -> None:
        super().send(self._outgoing.read(), timeout)


class Endpoint:
    """Where a provider listens, and how one gets there."""

    def __init__(self, host: str, port: int, *, tls: bool) -> None:
        self._host, self._kind = host, TlsConnection if tls else Connection
        self._resolver = Resolver(host, port)

    def connect(
        self, until: float, check: Callable[[], None], hold: Callable[[Connection], None]
    ) -> Connection:
        """A new connection, held by `hold` from before it is connected.

        Tries every address, each with its share of the time until the monotonic time `until`.
        Raises OSError (TimeoutError when it took too long), and what `check` and `hold` raise.
        """
        failure: OSError = OSError("it has no address")
        addresses = self._resolver.addresses(until, check)
        for position, address in enumerate(addresses):
            share = _left(until) / (len(addresses) - position)
            try:
                return self._connect_to(address, share, until, hold)
            except OSError as error:
                check()
                failure = error
        raise failure

    def _connect_to(
        self, address: Address, share: float, until: float, hold: Callable[[Connection], None]
    ) -> Connection:
        family, place = address
        connection = self._kind(socket.socket(family, socket.SOCK_STREAM))
        try:
            hold(connection)
            connection.connect(place, share)
            connection.secure(self._host, until)
        except BaseException:
            connection.close()
            raise
        self._resolver.prefer(address)
        return connection


class Pool:
    """Idle connections of one endpoint, the newest first; safe from any thread."""

    def __init__(self) -> None:
        self._idle: deque[Connection] = deque()

    def take(self) -> Connection | None:
        self._drop(time.monotonic() - _KEEP_SECONDS, _KEEP_IDLE)
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def put(self, connection: Connection) -> None:
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        self._drop(connection.idle_since - _KEEP_SECONDS, _KEEP_IDLE)

    def close(self) -> None:
        self._drop(float("inf"), 0)

    def _drop(self, idle_before: float, keep: int) -> None:
        """Close those that are idle since before then, and the oldest of more than `keep`."""
        with suppress(IndexError):
            while self._idle and (len(self._idle) > keep or self._idle[0].idle_since < idle_before):
                self._idle.popleft().close()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
