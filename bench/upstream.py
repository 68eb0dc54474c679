"""The loopback upstream: a provider that costs next to nothing, as a process of its own.

    python -m bench.upstream     prints its port, and serves until its standard input ends

Speaks OpenAI's streaming format; the name of the model says how many tokens an answer has and how
many come a second (`tokens-600-rate-20`). The first comes 50 ms after the request. One thread, one
epoll, one wheel of milliseconds: a token costs little more than its `send`. `GET /closes` tells
when the sockets of unfinished answers were closed, by the mark (`mark-17`) of their question.
"""

import json
import re
import resource
import select
import socket
import sys

from bench.tokens import Frames, model_name, read_model, stamp_now
from bench.wheel import Wheel

WAIT_MS = 50  # before the first token
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.I)
_MARK = re.compile(rb"mark-\d+")
_FILES = 20_000


class Connection:
    """One socket; between requests it is idle (`tokens` is 0). `left` is what it did not take."""

    __slots__ = ("due", "frames", "left", "mark", "period", "received", "sent", "sock", "tokens",
                 "with_usage")  # fmt: skip

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.received = self.left = b""
        self.tokens = self.sent = 0


class Upstream:
    """The server; `serve` runs until standard input ends."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._poll.register(sys.stdin, select.EPOLLIN)
        self._connections: dict[int, Connection] = {}
        self._frames: dict[tuple[int, int], Frames] = {}
        self._wheel: Wheel[Connection] = Wheel()
        self.closes: dict[str, int] = {}

    def serve(self) -> None:
        while True:
            for descriptor, event in self._poll.poll(self._wheel.wait()):
                if descriptor == sys.stdin.fileno():
                    return
                if descriptor == self._listener.fileno():
                    self._accept()
                elif (connection := self._connections.get(descriptor)) is not None:
                    if event & select.EPOLLOUT:
                        self._send(connection, b"")
                    if event & ~select.EPOLLOUT:
                        self._receive(connection)
            for connection in self._wheel.due():
                if connection.tokens:  # else it was closed meanwhile
                    self._tick(connection)

    def _accept(self) -> None:
        sock, _ = self._listener.accept()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections[sock.fileno()] = Connection(sock)
        self._poll.register(sock, select.EPOLLIN)

    def _receive(self, connection: Connection) -> None:
        try:
            data = connection.sock.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)
            return
        connection.received += data
        head, found, body = connection.received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if found and len(body) >= (int(length[1]) if length else 0):
            connection.received = b""
            self._answer(connection, head, body)

    def _answer(self, connection: Connection, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /closes "):
            self._send(connection, _json(self.closes))
        elif head.startswith(b"GET "):
            self._send(connection, _json({"object": "list", "data": []}))
        else:
            self._begin(connection, body)

    def _begin(self, connection: Connection, body: bytes) -> None:
        wanted = read_model(body)
        if wanted not in self._frames:
            self._frames[wanted] = Frames(model_name(*wanted))
        tokens, rate = wanted
        marks = _MARK.findall(body)
        connection.mark = marks[-1].decode() if marks else ""
        connection.frames = self._frames[wanted]
        connection.with_usage = b'"include_usage"' in body
        connection.period = 1000 / rate
        connection.tokens, connection.sent = tokens, 0
        self._send(connection, _HEAD + connection.frames.role)
        connection.due = self._wheel.add_after(WAIT_MS, connection)

    def _tick(self, connection: Connection) -> None:
        """Send the next token, and the end after the last one."""
        connection.sent += 1
        data = connection.frames.token(connection.sent)
        if connection.sent < connection.tokens:
            connection.due += connection.period
            self._wheel.add(connection.due, connection)
        else:
            data += connection.frames.end(connection.sent, with_usage=connection.with_usage)
            connection.tokens = 0
        self._send(connection, data)

    def _send(self, connection: Connection, data: bytes) -> None:
        """Send, and keep what the socket does not take now."""
        waited = bool(connection.left)
        data = connection.left + data if waited else data
        try:
            count = connection.sock.send(data)
        except BlockingIOError:
            count = 0
        except OSError:
            self._close(connection)
            return
        connection.left = data[count:] if count < len(data) else b""
        if waited != bool(connection.left):
            more = select.EPOLLOUT if connection.left else 0
            self._poll.modify(connection.sock, select.EPOLLIN | more)

    def _close(self, connection: Connection) -> None:
        if connection.tokens and connection.mark:
            self.closes[connection.mark] = stamp_now()
        connection.tokens = 0
        if self._connections.pop(connection.sock.fileno(), None) is not None:
            connection.sock.close()


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    upstream = Upstream()
    print(upstream.port, flush=True)
    upstream.serve()


if __name__ == "__main__":
    main()
