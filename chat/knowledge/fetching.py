"""Fetches a page of the web to a file, without letting anybody reach inside the network.

Keeps true: the name of a host is looked up once, and only an address that was checked is connected
to, redirects included; redirects stay with the host; size, time and kind are bounded, whatever the
server says of them; nothing of the site goes along (no cookies, no credentials). Imports addresses.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import urljoin

from chat.errors import Invalid, TooLarge, Unavailable
from chat.knowledge.addresses import (
    Address,
    IpAddress,
    Resolve,
    is_public,
    pinned,
    read_address,
    resolve,
)

_REDIRECTS = 5
_MOVED = frozenset([301, 302, 303, 307, 308])
_PIECE = 64 * 1024
_KINDS = {  # what a page may be, and the ending that its file gets
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}
_HEADERS = {
    "User-Agent": "Parley (reads a page that a person asked for)",
    "Accept": ", ".join(_KINDS),
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a page was found in the end, and the ending of a file of its kind."""

    url: str
    suffix: str


class PageFetcher:
    """Fetches pages; `allows`, `ports` and `look_up` are others only in tests."""

    def __init__(
        self,
        *,
        most_bytes: int,
        seconds: float = 20.0,
        ports: Sequence[int] = (80, 443),
        at_once: int = 4,
        allows: Callable[[IpAddress], bool] = is_public,
        look_up: Resolve = resolve,
    ) -> None:
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._ports = ports
        self._allows = allows
        self._look_up = look_up
        self._places = threading.BoundedSemaphore(at_once)

    def fetch(self, text: str, file: BinaryIO) -> Fetched:
        """Write the page at an address into `file`; Invalid, TooLarge or Unavailable with why."""
        address = read_address(text, self._ports)
        if not self._places.acquire(blocking=False):
            raise Unavailable(
                "Other pages are being fetched. Try again in a moment.", retry_after=5
            )
        try:
            ip = pinned(address, self._allows, self._look_up)
            return self._follow(address, ip, time.monotonic() + self._seconds, file)
        finally:
            self._places.release()

    def _follow(self, address: Address, ip: IpAddress, until: float, file: BinaryIO) -> Fetched:
        """Through redirects of the same host, all at the address that was checked."""
        for _ in range(_REDIRECTS + 1):
            with _asked(address, ip, until) as response:
                if response.status not in _MOVED:
                    return self._take(address, response, file)
                place = response.headers.get("Location", "")
            following = read_address(urljoin(address.url, place), self._ports)
            if following.host != address.host:
                raise Invalid(
                    f"The page is at {following.host} now. Other hosts are not followed: give its "
                    "address there."
                )
            if (address.scheme, following.scheme) == ("https", "http"):
                raise Invalid("The page leads from https:// to http://, which is not followed.")
            address = following
        raise Invalid(f"The page leads on more than {_REDIRECTS} times.")

    def _take(
        self, address: Address, response: http.client.HTTPResponse, file: BinaryIO
    ) -> Fetched:
        if response.status != 200:
            raise Invalid(f"{address.host} answers with {response.status}, and not with the page.")
        kind = response.headers.get_content_type() if "Content-Type" in response.headers else ""
        if kind not in _KINDS:
            raise Invalid(
                f"What is there is {kind or 'of no kind that is told'}. Pages, texts and PDF are "
                "read; add another file by itself."
            )
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Invalid(f"{address.host} sends the page compressed though it was asked not to.")
        size = 0
        while piece := response.read1(_PIECE):
            size += len(piece)
            if size > self._most_bytes:
                megabytes = self._most_bytes // (1024 * 1024)
                raise TooLarge(f"The page has more than {megabytes} MB.")
            file.write(piece)
        if response.length:  # what was announced and did not come
            raise Unavailable(f"{address.host} broke off in the middle of the page. Try again.")
        return Fetched(address.url, _KINDS[kind])


@contextmanager
def _asked(address: Address, ip: IpAddress, until: float) -> Iterator[http.client.HTTPResponse]:
    """The response to one request, at this IP; everything within it ends at `until`."""
    line = _Line(until)
    try:
        with closing(_ask(address, line.connect(address, ip))) as response:
            yield response
        line.check()
    except ssl.SSLCertVerificationError as error:
        raise Invalid(f"{address.host} cannot prove who it is: {error.verify_message}.") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        if line.is_late or isinstance(error, TimeoutError):
            raise Unavailable(f"{address.host} does not answer in time. Try again.") from error
        raise Unavailable(f"{address.host} cannot be reached, or broke off. Try again.") from error
    finally:
        line.close()


def _ask(address: Address, connection: socket.socket) -> http.client.HTTPResponse:
    """Send the request; the head of the response."""
    head = "".join(f"{name}: {value}\r\n" for name, value in _HEADERS.items())
    request = f"GET {address.target} HTTP/1.1\r\nHost: {address.origin}\r\n{head}\r\n"
    connection.sendall(request.encode("ascii"))
    response = http.client.HTTPResponse(connection, method="GET")
    response.begin()
    return response


class _Line:
    """A connection that is cut off at `until`, also when its server sends a byte now and then."""

    def __init__(self, until: float) -> None:
        self.is_late = False
        self._until = until
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def connect(self, address: Address, ip: IpAddress) -> socket.socket:
        left = max(0.1, self._until - time.monotonic())
        self._socket = socket.create_connection((str(ip), address.port), timeout=left)
        if address.scheme == "https":
            self._socket = secured = tls_context().wrap_socket(
                self._socket, server_hostname=address.host, do_handshake_on_connect=False
            )
            secured.do_handshake()
        return self._socket

    def check(self) -> None:
        """Raise TimeoutError if what came to an end was cut off."""
        if self.is_late:
            raise TimeoutError

    def close(self) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    def _cut(self) -> None:
        self.is_late = True
        if self._socket is not None:
            with suppress(OSError):  # of TLS, too, the connection below it
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Whom the system trusts."""
    return ssl.create_default_context()
