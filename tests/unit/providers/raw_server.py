"""A server of bytes: each connection is played a script, which waits on conditions alone."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

PATIENCE = 5.0  # seconds after which a condition that did not come fails a test


class Peer:
    """The server's side of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._read = b""
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self) -> bytes:
        """The next request, head and body; empty when the other side has closed."""
        while b"\r\n\r\n" not in self._read:
            if not self._more():
                return b""
        head = self._read.partition(b"\r\n\r\n")[0]
        length = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
        size = len(head) + 4 + (int(length[0].split()[1]) if length else 0)
        while len(self._read) < size and self._more():
            pass
        request, self._read = self._read[:size], self._read[size:]
        return request

    def send(self, data: bytes) -> bool:
        """Send all of it; whether the other side still took it."""
        try:
            self._sock.sendall(data)
        except OSError:
            return False
        return True

    def wait_until_closed(self) -> None:
        """Wait until the other side has ended the connection."""
        with suppress(ConnectionError):
            while self._sock.recv(65536):
                pass

    def reset(self) -> None:
        """End it with a reset instead of a close."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def _more(self) -> bool:
        try:
            chunk = self._sock.recv(65536)
        except ConnectionError:
            return False
        self._read += chunk
        return bool(chunk)

    def close(self) -> None:
        self._sock.close()


Script = Callable[[Peer], None]


class RawServer:
    """Plays `scripts` to its connections, the last of them to all later ones too."""

    def __init__(self, scripts: tuple[Script, ...], tls: ssl.SSLContext | None) -> None:
        self._scripts, self._tls = scripts, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v1"
        self.connections = 0
        self.failures: list[BaseException] = []
        self._threads: list[threading.Thread] = []
        self._begin(self._listen)

    def _begin(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                script = self._scripts[min(self.connections, len(self._scripts) - 1)]
                self.connections += 1
                self._begin(self._play, sock, script)

    def _play(self, sock: socket.socket, script: Script) -> None:
        with sock:
            try:
                if self._tls is not None:
                    sock = self._tls.wrap_socket(sock, server_side=True)
                with sock:
                    script(Peer(sock))
            except BaseException as failure:
                self.failures.append(failure)

    def end(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a script waits for what did not come"


@contextmanager
def serving(*scripts: Script, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    server = RawServer(scripts, tls)
    try:
        yield server
    finally:
        server.end()
    assert [f for f in server.failures if not isinstance(f, ssl.SSLError)] == []


def answering(*answers: bytes, close: bool = True) -> Script:
    """A script: each of `answers` to one request, then a close at once or with the other side."""

    def play(peer: Peer) -> None:
        for answer in answers:
            if not peer.request():
                return
            peer.send(answer)
        if not close:
            peer.wait_until_closed()

    return play


def head(*lines: str, status: str = "200 OK", kind: str = "text/event-stream") -> bytes:
    """The head of a response, with its blank line."""
    kinds = [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([f"HTTP/1.1 {status}", *kinds, *lines, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def chunked(*parts: bytes, kind: str = "text/event-stream") -> bytes:
    """A whole response, each part in a chunk of its own."""
    body = b"".join(chunk(part) for part in parts)
    return head("Transfer-Encoding: chunked", kind=kind) + body + b"0\r\n\r\n"


def sized(
    body: bytes, *lines: str, status: str = "200 OK", kind: str = "text/event-stream"
) -> bytes:
    """A whole response with its length."""
    return head(f"Content-Length: {len(body)}", *lines, status=status, kind=kind) + body


def until_close(body: bytes) -> bytes:
    """A response that ends with its connection."""
    return head("Connection: close") + body
