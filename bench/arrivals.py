"""One stream as its reader sees it, at the cost of a byte search for each read.

Understands what both kinds of server send: OpenAI's chunks, and Parley's events. What it looks for
is the stamps of bench/tokens.py and the ends.
"""

import socket
import time
from array import array

from bench.tokens import STAMP, stamp_now

_COMPLETE = b"event: complete\n"
_ENDS = (b"data: [DONE]", _COMPLETE, b"event: error\n")
_SNAPSHOT = b"event: snapshot\n"


class Tally:
    """What all streams of a crowd have in common; times in milliseconds."""

    def __init__(self) -> None:
        self.delays = array("f")  # of a token, from the upstream's send to here
        self.gaps = array("f")  # between two reads that brought text
        self.first_chunks = array("f")  # from the request to the first text
        self.tokens = self.reads = self.snapshots = 0
        self.errors: list[str] = []


class Arrival:
    """One open stream; it is `done` after its end, or after an error.

    An answer's end repeats its text, so up to `tail` of the `expected` tokens may come only there.
    """

    __slots__ = (
        "_expected",
        "_last",
        "_rest",
        "_sent_at",
        "_tail",
        "_tally",
        "_tokens",
        "done",
        "sock",
    )

    def __init__(self, port: int, request: bytes, expected: int, tail: int, tally: Tally) -> None:
        self._expected, self._tail, self._tally = expected, tail, tally
        self._tokens, self._last, self._rest, self.done = 0, 0.0, b"", False
        self._sent_at = time.monotonic()
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(request)
        self.sock.setblocking(False)

    def receive(self) -> None:
        """Read what has arrived, once."""
        try:
            data = self.sock.recv(262_144)
        except BlockingIOError:
            return
        except OSError as error:
            self.finish(str(error))
            return
        if not data:
            self.finish("the stream ended too early")
            return
        data = self._rest + data if self._rest else data
        cut = data.rfind(b"\n") + 1
        self._rest = data[cut:]
        self._read_lines(data[:cut] if self._rest else data)

    def _read_lines(self, data: bytes) -> None:
        now = time.monotonic()
        if not self._last and data.startswith(b"HTTP/1.1 ") and data[9:12] != b"200":
            self.finish(data[:400].decode(errors="replace"))
            return
        if _SNAPSHOT in data:  # replaces what there was
            self._tally.snapshots += 1
            self._tokens, data = 0, data.partition(_SNAPSHOT)[2]
        text, complete, _ = data.partition(_COMPLETE)  # which repeats the text
        if stamps := STAMP.findall(text):
            self._count(stamps, now)
        if complete or any(end in data for end in _ENDS):
            missing = not self._expected - self._tail <= self._tokens <= self._expected
            tail = data[-400:].decode(errors="replace")
            self.finish(f"{self._tokens} of {self._expected} tokens: {tail}" if missing else "")

    def _count(self, stamps: list[bytes], now: float) -> None:
        tally, clock = self._tally, stamp_now()
        self._tokens += len(stamps)
        tally.tokens += len(stamps)
        tally.reads += 1
        for stamp in stamps:
            tally.delays.append((clock - int(stamp)) / 1000)
        since = self._last or self._sent_at
        (tally.gaps if self._last else tally.first_chunks).append((now - since) * 1000)
        self._last = now

    def finish(self, error: str) -> None:
        self.done = True
        self.sock.close()
        if error:
            self._tally.errors.append(error)
