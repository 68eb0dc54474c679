"""Finds the addresses of a provider's host, and remembers them for a while.

A look-up blocks in C and cannot be interrupted, so it has a thread of its own (a greenlet in the
worker), which all who wait for it share; they can leave at any time. Imports nothing of Parley.
"""

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

Place = tuple[Any, ...]  # what a socket of the family connects to
Address = tuple[socket.AddressFamily, Place]
_FRESH_SECONDS = 60.0
_LOOK_SECONDS = 0.02  # how often one who waits looks whether it is still wanted


class Resolver:
    """The addresses of one host and port."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._known: list[Address] = _literal(host, port)
        self._fresh_until = float("inf") if self._known else 0.0
        self._lookup: _Lookup | None = None
        self._lock = threading.Lock()

    def addresses(self, until: float, check: Callable[[], None]) -> list[Address]:
        """All addresses, best first; raises OSError, TimeoutError, or what `check` raises."""
        if time.monotonic() < self._fresh_until:
            return list(self._known)
        with self._lock:
            if self._lookup is None:
                self._lookup = _Lookup(self._host, self._port)
                threading.Thread(target=self._lookup.run, daemon=True).start()
            lookup = self._lookup
        while not lookup.done.wait(_LOOK_SECONDS):
            check()
            if time.monotonic() >= until:
                raise TimeoutError("the name of the host could not be resolved in time")
        self._remember(lookup)
        if lookup.error is not None:
            raise OSError(getattr(lookup.error, "strerror", None) or str(lookup.error))
        return list(lookup.found)

    def prefer(self, address: Address) -> None:
        """Try `address` first from now on: it took a connection."""
        if self._known and self._known[0] != address and address in self._known:
            self._known = [address, *(other for other in self._known if other != address)]

    def _remember(self, lookup: "_Lookup") -> None:
        with self._lock:
            if self._lookup is lookup:
                self._lookup = None
                if lookup.found:
                    self._known = lookup.found
                    self._fresh_until = time.monotonic() + _FRESH_SECONDS


class _Lookup:
    """One question to the system's resolver."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.done = threading.Event()
        self.found: list[Address] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            told = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            self.found = list(dict.fromkeys((family, place) for family, _, _, _, place in told))
        except (OSError, UnicodeError) as error:
            self.error = error
        finally:
            self.done.set()


def _literal(host: str, port: int) -> list[Address]:
    """The address that `host` is written as, or nothing where it is a name."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return [(family, (host, port) if family == socket.AF_INET else (host, port, 0, 0))]
    return []
