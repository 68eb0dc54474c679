"""How often somebody may try: moving windows in the memory of this process.

Keeps true: an attempt that is refused does not count, so a window always ends; the memory is
bounded by the windows, since keys are short and expire with them. May import every floor below.
"""

import hashlib
import ipaddress
import time

from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from chat.errors import RateLimited
from chat.web.site import site


class Throttle:
    """At most so many in a time for each key; `rate` as in "20/minute", "" for no limit."""

    def __init__(self, rate: str, *, detail: str = "That was too fast.") -> None:
        self._rate = parse(rate) if rate else None
        self._detail = detail
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, key: str) -> None:
        """Count one for the key; RateLimited says how many seconds to wait when it is too many."""
        if self._rate is not None and not self._windows.hit(self._rate, _short(key)):
            raise self._refusal(self._rate, key)

    def check(self, key: str) -> None:
        """RateLimited if the next `hit` would be one too many; counts nothing."""
        if self._rate is not None and not self._windows.test(self._rate, _short(key)):
            raise self._refusal(self._rate, key)

    def forget(self, key: str) -> None:
        """Start anew for the key."""
        if self._rate is not None:
            self._windows.clear(self._rate, _short(key))

    def _refusal(self, rate: RateLimitItem, key: str) -> RateLimited:
        ends = self._windows.get_window_stats(rate, _short(key)).reset_time
        seconds = max(1, int(ends - time.time()) + 1)
        unit = "second" if seconds == 1 else "seconds"
        return RateLimited(f"{self._detail} Try again in {seconds} {unit}.", retry_after=seconds)


def throttle_of(purpose: str, detail: str) -> Throttle:
    """The app's own throttle of one purpose, at the rate of signing in."""
    kept: dict[str, Throttle] = current_app.extensions.setdefault("parley_throttles", {})
    if purpose not in kept:
        kept[purpose] = Throttle(site().settings.rate_sign_in, detail=detail)
    return kept[purpose]


def network_of(address: str | None) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _short(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
