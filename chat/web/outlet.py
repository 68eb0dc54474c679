"""A stream's socket, for frames that go out at once.

A token's way ends here: the run that has written it also sends it, without waking the response that
waits for it. That would be a change of greenlets and five calls for each token and reader. Keeps
true: `offer` never waits; what goes out is framed as the server frames it (RFC 9112, 7.1). May
import every floor below web.
"""

import os
import time
from collections.abc import Mapping
from typing import Any

from chat.web.watch import Ticket


class Outlet:
    """Of one open response; `close` it before its socket is."""

    __slots__ = ("_descriptor", "_rest", "_socket", "_ticket")

    def __init__(self, socket: Any, ticket: Ticket) -> None:
        self._socket = socket
        self._descriptor: int = socket.fileno()
        self._ticket = ticket
        self._rest = b""

    def offer(self, frame: bytes) -> bool | None:
        """True when all of it is on its way, None when `flush` has to send the rest, else False."""
        if self._ticket.ended:
            return False
        data = b"%x\r\n%b\r\n" % (len(frame), frame)
        try:
            sent = os.write(self._descriptor, data)  # the socket's own `send` would wait
        except OSError:  # full, or broken: the response finds out which
            return False
        self._ticket.sent_at = time.monotonic()
        if sent == len(data):
            return True
        self._rest = data[sent:]
        return None

    def flush(self) -> None:
        """Send what an `offer` has left; raises OSError like any write of the response."""
        if self._rest:
            rest, self._rest = self._rest, b""
            self._socket.sendall(rest)

    def close(self) -> None:
        """Nothing more goes out; another socket may have the descriptor next."""
        self._descriptor = -1


def outlet_of(environ: Mapping[str, Any], ticket: Ticket) -> Outlet | None:
    """The outlet of this request's response; None where only the server can write to its socket.

    It is gunicorn's, in the clear, never blocks, and speaks HTTP/1.1, where a response without a
    length is sent in chunks.
    """
    socket = environ.get("gunicorn.socket")
    if socket is None or hasattr(socket, "selected_alpn_protocol"):
        return None
    if environ.get("SERVER_PROTOCOL") != "HTTP/1.1" or os.get_blocking(socket.fileno()):
        return None
    return Outlet(socket, ticket)
