"""How often somebody may try, and what the one too many is told.

Keeps true: keys are short whatever somebody types, so that memory is bounded by the windows. May
import every floor below.
"""

import hashlib
import ipaddress
import time
from typing import TYPE_CHECKING

from flask import current_app
from limits import RateLimitItem, parse

from chat.errors import RateLimited
from chat.web.site import site
from chat.web.windows import Windows

if TYPE_CHECKING:  # redis-py is loaded only where there is a Redis
    from chat.eventlog.redis_client import RedisServer


class Throttle:
    """At most so many in a time for each key; `rate` as in "20/minute", "" for no limit."""

    def __init__(
        self,
        rate: str,
        *,
        purpose: str,
        detail: str = "That was too fast.",
        redis: "RedisServer | None" = None,
    ) -> None:
        self._rate = parse(rate) if rate else None
        self._detail = detail
        self._windows = Windows(purpose, redis)

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
        seconds = max(1, int(self._windows.ends(rate, _short(key)) - time.time()) + 1)
        unit = "second" if seconds == 1 else "seconds"
        return RateLimited(f"{self._detail} Try again in {seconds} {unit}.", retry_after=seconds)


def throttle_of(purpose: str, detail: str) -> Throttle:
    """The app's own throttle of one purpose, at the rate of signing in."""
    kept: dict[str, Throttle] = current_app.extensions.setdefault("parley_throttles", {})
    if purpose not in kept:
        parts = site()
        rate = parts.settings.rate_sign_in
        kept[purpose] = Throttle(rate, purpose=purpose, detail=detail, redis=parts.redis)
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
