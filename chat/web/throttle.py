"""How often somebody may try, and what the one too many is told.

Keeps true: keys are short whatever somebody types, so that memory is bounded by the windows. May
import every floor below.
"""

import hashlib
import ipaddress
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app
from limits import RateLimitItem, parse

from chat.errors import RateLimited
from chat.rates import Rate, counted, parse_rates, time_in_words
from chat.web.site import site
from chat.web.windows import Windows

if TYPE_CHECKING:  # redis-py is loaded only where there is a Redis
    from chat.eventlog.redis_client import RedisServer


class Throttle:
    """At most so many in a time for each key; `rates` as in "20/minute,1000/day", "" for no limit.

    `detail` is what somebody is told, with `{amount}`, `{period}` and `{a_period}` of the rate.
    """

    def __init__(
        self,
        rates: str,
        *,
        purpose: str,
        detail: str = "That was too fast.",
        noun: str = "request",
        redis: "RedisServer | None" = None,
    ) -> None:
        self._rates = rates
        self._detail = detail
        self._noun = noun
        self._windows = Windows(purpose, redis)

    def hit(self, key: str, *, own: str | None = None, cost: int = 1) -> None:
        """Count `cost` for the key; RateLimited says how long to wait when that is too many.

        `own` are rates that count for this key instead. Where a longer time refuses, the shorter
        ones have counted, which matters to nobody who has to wait for the longer one.
        """
        for rate in self._read(own):
            if not self._windows.hit(item_of(rate), _short(key), cost):
                raise self._refusal(rate, key)

    def check(self, key: str) -> None:
        """RateLimited if the next `hit` would be one too many; counts nothing."""
        for rate in self._read(None):
            if not self._windows.test(item_of(rate), _short(key)):
                raise self._refusal(rate, key)

    def forget(self, key: str) -> None:
        """Start anew for the key."""
        for rate in self._read(None):
            self._windows.clear(item_of(rate), _short(key))

    def _read(self, own: str | None) -> tuple[Rate, ...]:
        return parse_rates(self._rates if own is None else own)

    def _refusal(self, rate: Rate, key: str) -> RateLimited:
        ends = self._windows.ends(item_of(rate), _short(key))
        return refusal(self._detail, rate, self._noun, ends)


def refusal(detail: str, rate: Rate, noun: str, ends: float) -> RateLimited:
    """What the one too many is told; `ends` is when the next counts again, of `time.time()`."""
    seconds = max(1, int(ends - time.time()) + 1)
    times = {"period": rate.period, "a_period": rate.a_period}
    said = detail.format(amount=counted(rate.amount, noun), **times)
    return RateLimited(f"{said} Try again in {time_in_words(seconds)}.", retry_after=seconds)


def throttle_of(purpose: str, detail: str) -> Throttle:
    """The app's own throttle of one purpose, at the rate of signing in."""
    return kept_throttle(purpose, site().settings.rate_sign_in, detail, "attempt")


def kept_throttle(purpose: str, rates: str, detail: str, noun: str) -> Throttle:
    """The app's own throttle of one purpose, made when it is first asked for."""
    kept: dict[str, Throttle] = current_app.extensions.setdefault("parley_throttles", {})
    if purpose in kept:
        return kept[purpose]
    made = Throttle(rates, purpose=purpose, detail=detail, noun=noun, redis=site().redis)
    return kept.setdefault(purpose, made)  # two requests may make one at the same time


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


@lru_cache(maxsize=256)
def item_of(rate: Rate) -> RateLimitItem:
    """A rate as the library `limits` takes it."""
    return parse(str(rate))


def _short(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
