"""A stream's socket, for frames that go out at once.

A token's way ends here: the run that has written it also sends it, without waking the response that
waits for it. That would be a change of greenlets and five calls for each token and reader. What the
runs of one round write is sent in a row at its end: whoever reads on this machine, such as nginx,
is woken once instead of for each frame, and to wake it is half of what sending costs. Where the
worker lets go of connections, a response that has only to wait ends, and its outlet keeps the
socket: then nobody waits, and what `offer` cannot send is sent on a stack that lasts as long as
that takes. Keeps true: `offer` never waits; what goes out is framed as the server frames it (RFC
9112, 7.1). May import every floor below web.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from chat.offload import at_round_end, begin
from chat.web.watch import Ticket


class Outlet:
    """Of one open response; `close` it before its socket is."""

    __slots__ = (
        "_descriptor", "_go_on", "_is_due", "_rest", "_socket", "_ticket", "_timeout", "is_gate",
    )  # fmt: skip

    def __init__(self, socket: Any, ticket: Ticket, *, is_gate: bool = False) -> None:
        self._socket = socket
        self._descriptor: int = socket.fileno()
        self._ticket = ticket
        self._rest = b""
        self._is_due = False  # the rest goes out at the end of the round
        self._go_on: Callable[[Outlet], None] | None = None
        self._timeout: float | None = None
        self.is_gate = is_gate

    @property
    def is_detached(self) -> bool:
        """Whether the response has ended, and the socket is kept here."""
        return self._socket is None

    def offer(self, frame: bytes) -> bool | None:
        """True when all of it is on its way, None when `flush` has to send the rest, else False."""
        if self._ticket.ended:
            return False
        data = b"%x\r\n%b\r\n" % (len(frame), frame)  # as `_chunk`, for each token and reader
        if self._rest:
            self._rest += data
            return True if self._is_due else None
        if self._descriptor >= 0 and (_due or at_round_end(_send_due)):
            self._rest, self._is_due = data, True
            _due.append(self)
        else:
            try:
                sent = os.write(self._descriptor, data)  # the socket's own `send` would wait
            except OSError:  # full, or broken: the response finds out which
                return False
            self._rest = data[sent:]
        self._ticket.sent_at = time.monotonic()
        return True if self._is_due or not self._rest else None

    def send_due(self) -> None:
        """The round is over."""
        data, self._is_due = self._rest, False
        try:
            sent = os.write(self._descriptor, data) if data else 0
        except OSError:  # as above
            sent = 0
        self._rest = data[sent:]
        if self._rest:
            begin(self._ticket.wake)  # it is asked to `flush` then

    def flush(self) -> None:
        """Send what an `offer` has left; raises OSError like any write of the response."""
        if self._rest:
            rest, self._rest = self._rest, b""
            self._send(rest)

    def detach(self, go_on: Callable[["Outlet"], None]) -> None:
        """Keep the socket, which the server may close now; `go_on` is called when released."""
        self._timeout = self._socket.gettimeout()
        self._descriptor = os.dup(self._descriptor)
        self._socket, self._go_on = None, go_on

    def release(self) -> None:
        """There is something that `offer` was not given, or has not taken; never waits."""
        begin(self._serve)

    def _serve(self) -> None:
        if self._go_on is not None:
            self._go_on(self)

    def send(self, frame: bytes) -> None:
        """Send a frame of a detached response; waits, and raises OSError."""
        self._send(_chunk(frame))

    def end(self) -> None:
        """Say that a detached response has ended."""
        self._send(b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        if self._socket is not None:
            self._socket.sendall(data)
            return
        with suppress(BlockingIOError):  # it is full
            data = data[os.write(self._descriptor, data) :]
        if data:
            self._wait_and_send(data)

    def _wait_and_send(self, data: bytes) -> None:
        borrowed = socket.socket(fileno=self._descriptor)
        try:
            borrowed.settimeout(self._timeout)
            borrowed.sendall(data)
        finally:
            borrowed.detach()

    def close(self) -> None:
        """Nothing more goes out; another socket may have the descriptor next."""
        descriptor, self._descriptor, self._rest = self._descriptor, -1, b""
        if self._socket is None and descriptor >= 0:
            os.close(descriptor)
        self._go_on = None


_due: list[Outlet] = []  # of the round that is under way


def _send_due() -> None:
    due = _due.copy()
    _due.clear()
    for outlet in due:
        outlet.send_due()


def _chunk(frame: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(frame), frame)


def outlet_of(
    environ: Mapping[str, Any], ticket: Ticket, *, is_gate: bool = False
) -> Outlet | None:
    """The outlet of this request's response; None where only the server can write to its socket.

    It is gunicorn's, in the clear, never blocks, and speaks HTTP/1.1, where a response without a
    length is sent in chunks. `is_gate` where the worker lets go of the connection.
    """
    socket = environ.get("gunicorn.socket")
    if socket is None or hasattr(socket, "selected_alpn_protocol"):
        return None
    if environ.get("SERVER_PROTOCOL") != "HTTP/1.1" or os.get_blocking(socket.fileno()):
        return None
    return Outlet(socket, ticket, is_gate=is_gate)
