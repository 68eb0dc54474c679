"""A wire between browser and server that can be cut in the middle of a stream and mended.

Chromium's own offline mode leaves open connections alone.
"""

import socket
import threading
from contextlib import suppress
from typing import Self


class Wire:
    """Passes bytes between a port of its own and the server's, until it is cut."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def cut(self) -> None:
        """End every connection at once, and every new one as soon as it comes."""
        self._is_cut = True
        for end in list(self._open):
            self._close(end)

    def mend(self) -> None:
        self._is_cut = False

    def lead_to(self, port: int) -> None:
        """From now on to another server, as a load balancer decides: what is open ends."""
        self._target = ("127.0.0.1", port)
        for end in list(self._open):
            self._close(end)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._open |= {near, far}
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._close(source)
        self._close(sink)

    def _close(self, end: socket.socket) -> None:
        self._open.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
