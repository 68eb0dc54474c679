"""HTTP/1.1 to one provider of models: requests out, calls back, connections kept for the next.

Keeps true: its headers (with the key) go to its own address only, and are in no message and no
repr; every failure is a `ProviderError`, but for `Cancelled`. Written for threads. May import the
plain ground and the files beside it.
"""

import math
import re
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from chat.errors import Invalid
from chat.providers.calls import Call, Cancelled
from chat.providers.connecting import Connection, Endpoint, Pool
from chat.providers.failures import Complaints
from chat.providers.leases import Lease
from chat.values import Limits

__all__ = ["Call", "Cancelled", "Upstream"]

_HOST = re.compile(r"[\w.:-]+", re.ASCII)
_SECRET_HEADERS = {"authorization", "x-api-key", "api-key", "x-goog-api-key"}
_HEADERS = {
    "User-Agent": "parley",
    "Accept": "text/event-stream, application/json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
}


class Upstream:
    """One provider's address: its pool of connections, its headers, its limits.

    `complaints` makes errors in its name: for what an event of its stream tells.
    Raises Invalid for an address or a header that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        limits: Limits,
        *,
        name: str,
        secrets: Sequence[str] = (),
    ) -> None:
        self._limits = limits
        self.complaints = Complaints(name, [*secrets, *_secrets_of(headers)])
        self._endpoint, host, self._prefix = _place(base_url, name)
        self._head = _head_of({"Host": host} | _HEADERS | _titled(headers), name)
        self._pool = Pool()

    def post(
        self, path: str, body: bytes, *, deadline: float = math.inf, call: Call | None = None
    ) -> Call:
        """Send a JSON `body` and read the head of the response, which is a success then.

        `path` follows the base URL; `deadline` is of the whole call, in `time.monotonic()`.
        """
        body = self._request("POST", path, b"Content-Length: %d\r\n" % len(body)) + body
        return self._exchange(body, deadline, call or Call())

    def get(self, path: str, *, deadline: float = math.inf) -> bytes:
        """A small JSON body, all of it within the limit for a first byte."""
        deadline = min(deadline, time.monotonic() + self._limits.first_byte_seconds)
        call = self._exchange(self._request("GET", path), deadline, Call())
        try:
            return call.read_whole()
        finally:
            call.close()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._pool.close()

    def _request(self, method: str, path: str, more: bytes = b"") -> bytes:
        target = self._prefix + path
        if not _is_plain(target) or " " in target:
            raise Invalid(f"{self.complaints.name}: its address holds what no address may hold")
        return f"{method} {target} HTTP/1.1\r\n".encode() + self._head + more + b"\r\n"

    def _exchange(self, request: bytes, deadline: float, call: Call) -> Call:
        lease = call.begin(self.complaints, self._limits, self._pool, deadline)
        try:
            pooled = self._pool.take()
            # One that was idle may have been closed by the other side: that is nobody's failure.
            if (pooled is None or not call.ask(pooled, request)) and not call.ask(
                self._connect(lease), request
            ):
                raise self.complaints.unreachable("it closed the connection without an answer")
        except BaseException:
            call.close()
            raise
        return call

    def _connect(self, lease: Lease) -> Connection:
        until = time.monotonic() + self._limits.connect_seconds
        try:
            return self._endpoint.connect(min(until, lease.deadline), lease.check, lease.hold)
        except TimeoutError:
            lease.check()
            code = "run_timeout" if lease.deadline < until else "connect_timeout"
            raise self.complaints.too_slow(code, self._limits.connect_seconds) from None
        except OSError as error:
            lease.check()
            raise self.complaints.unreachable(error) from error


def _place(base_url: str, name: str) -> tuple[Endpoint, str, str]:
    """Where to connect, the Host header, and what the path of each request begins with."""
    wrong = Invalid(
        f"{name}: its address has to be like https://host/v1, without a user, a query or a fragment"
    )
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode()
    except ValueError:
        raise wrong from None
    odd = parts.username or parts.password or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not host or odd or not _HOST.fullmatch(host):
        raise wrong
    tls = parts.scheme == "https"
    shown = f"[{host}]" if ":" in host else host
    if port is not None:
        shown = f"{shown}:{port}"
    endpoint = Endpoint(host, port or (443 if tls else 80), tls=tls)
    return endpoint, shown, parts.path.rstrip("/")


def _titled(headers: Mapping[str, str]) -> dict[str, str]:
    return {title.title(): value for title, value in headers.items()}


def _head_of(headers: Mapping[str, str], name: str) -> bytes:
    for title, value in headers.items():
        if not _is_plain(title) or not _is_plain(value):
            raise Invalid(f"{name}: the header {title!a} holds what no header may hold")
    return "".join(f"{title}: {value}\r\n" for title, value in headers.items()).encode()


def _secrets_of(headers: Mapping[str, str]) -> list[str]:
    values = [value for title, value in headers.items() if title.lower() in _SECRET_HEADERS]
    return [*values, *(value.rpartition(" ")[2] for value in values)]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
