"""A web server on loopback that says what a test tells it to, byte by byte; in this process."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

Answer = Callable[[socket.socket, bytes], None]


class WebServer:
    """Answers every request with `answer(connection, head of the request)`; one at a time.

    `requests` are the heads that came, `closed` is set when a client has gone.
    """

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self._tls = tls
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "WebServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                if self._tls is not None:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                head = b""
                while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
                    head += piece
                self.requests.append(head)
                self.answer(connection, head)


def page(body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> Answer:
    """A whole page."""
    return said(
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def moved(place: str, status: str = "302 Found") -> bytes:
    """The head of a redirect."""
    return f"HTTP/1.1 {status}\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()


def said(data: bytes) -> Answer:
    """These bytes, and the end."""
    return lambda connection, _head: connection.sendall(data)
