"""A call's hold on a connection: its time limits, and its end from outside.

Keeps true: no wait is longer than its limit allows; `cancel` may come from any thread, at any time
and repeatedly, and never hits the call that has the connection next. May import the plain ground
and the files beside it.
"""

import math
import threading
import time

from chat.providers.connecting import Connection
from chat.providers.failures import Complaints
from chat.values import Limits

# Between "this call's connection" and "nobody's". It may be entered again: a generator that is
# collected closes its call, and the collector may run right here.
_handover = threading.RLock()


class Cancelled(Exception):
    """Somebody has called `cancel`."""


class Lease:
    """Holds at most one connection; only `cancel` is for other threads than the call's own."""

    __slots__ = (
        "_cancelled",
        "_connection",
        "complaints",
        "deadline",
        "first_until",
        "limits",
    )
    complaints: Complaints
    limits: Limits

    def __init__(self) -> None:
        self._cancelled = False
        self._connection: Connection | None = None
        self.deadline = math.inf
        self.first_until = math.inf  # when the body has to begin; 0 once it has

    @property
    def held(self) -> bool:
        return self._connection is not None

    @property
    def ended(self) -> bool:
        """Whether the other side has sent all it will."""
        return self._connection is None or self._connection.ended

    def check(self) -> None:
        """Raise Cancelled if it was."""
        if self._cancelled:
            raise Cancelled

    def hold(self, connection: Connection) -> None:
        with _handover:
            self._connection = connection
        self.check()  # after it can be reached: either this sees the flag, or `cancel` the socket

    def release(self) -> tuple[Connection | None, bool]:
        """What was held, now nobody's, and whether it was left in peace."""
        with _handover:
            connection, self._connection = self._connection, None
            return connection, not self._cancelled

    def cancel(self) -> None:
        with _handover:
            self._cancelled = True
            if self._connection is not None:
                self._connection.shut()

    def send(self, data: bytes) -> None:
        """Send it all; raises OSError when the connection is broken."""
        assert self._connection is not None
        allowed, code = self._allowed()
        try:
            self._connection.send(data, allowed)
        except TimeoutError:
            raise self._too_slow(code) from None
        finally:
            self.check()

    def receive(self) -> bytes:
        """What has arrived, waiting for it; empty at the end, or when it is not usable yet.

        The time limits are of waits: who sends text without end is held by limits of what is read.
        """
        connection = self._connection
        if connection is None:
            return b""
        try:
            chunk = connection.arrived()
            if chunk is None:
                chunk = self._wait(connection)
        except OSError:
            self.check()
            raise
        if self._cancelled:
            raise Cancelled
        if not chunk and not connection.ended:
            self.check_time()  # of what is not usable nothing is counted
        return chunk

    def check_time(self) -> None:
        """Raise ProviderError when a limit has passed, though nothing is waited for."""
        self._allowed()

    def _wait(self, connection: Connection) -> bytes:
        allowed, code = self._allowed()
        try:
            return connection.receive(allowed)
        except TimeoutError:
            self.check()
            raise self._too_slow(code) from None

    def receive_soon(self, seconds: float) -> bytes:
        """What arrives within so many seconds, 0 for no wait; raises OSError for nothing."""
        return self._connection.receive(seconds) if self._connection is not None else b""

    def _allowed(self) -> tuple[float, str]:
        """How long a wait may take, and the code for one that takes longer."""
        now = time.monotonic()
        allowed, code = self.limits.silence_seconds, "silence_timeout"
        if self.first_until:
            allowed, code = self.first_until - now, "first_byte_timeout"
        if self.deadline - now < allowed:
            allowed, code = self.deadline - now, "run_timeout"
        if allowed <= 0:
            raise self._too_slow(code)
        return allowed, code

    def _too_slow(self, code: str) -> Exception:
        limits = self.limits
        first = code == "first_byte_timeout"
        seconds = limits.first_byte_seconds if first else limits.silence_seconds
        return self.complaints.too_slow(code, seconds)
