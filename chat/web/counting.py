"""What people do, counted against the limits of the site or their own.

Keeps true: what is refused has changed nothing. May import every floor below web.
"""

from typing import TYPE_CHECKING

from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from chat.config import Settings
from chat.conversations import Asked
from chat.rates import parse_rates
from chat.values import Viewer
from chat.web.site import site
from chat.web.throttle import Throttle, item_of, kept_throttle, network_of, refusal

if TYPE_CHECKING:  # redis-py is loaded only where there is a Redis
    from chat.eventlog.redis_client import RedisServer

_FILES = "You have added as many files as you may: {amount} in {a_period}."
_REQUESTS = "Your tokens have sent {amount} in the past {period}."
_NOBODY = "Too many requests with API tokens that are not valid."
_ASKED = "You have asked {amount} in the past {period}."
_IN_SPACE = "In this space {amount} were asked in the past {period}."


def count_files(viewer: Viewer, files: int) -> None:
    """Count files that somebody adds; RateLimited when that are too many."""
    throttle = kept_throttle("uploads", site().settings.rate_uploads, _FILES, "file")
    throttle.hit(viewer.id, own=viewer.limits.uploads, cost=files)


def count_request(viewer: Viewer) -> None:
    """Count a request that an API token has signed."""
    throttle = kept_throttle("api", site().settings.rate_api, _REQUESTS, "request")
    throttle.hit(viewer.id, own=viewer.limits.api)


def count_stranger(address: str | None) -> None:
    """Count a request with a token of nobody's; RateLimited from the one too many on."""
    throttle = kept_throttle("token", site().settings.rate_sign_in, _NOBODY, "attempt")
    throttle.hit(f"address {network_of(address)}")


class Admission:
    """Counts questions where the database does not: those of a space, and, for each person, those
    whose conversations were deleted since.

    The latter are counted by this process alone, in windows that do not move: they refuse nothing
    that the database's moving ones would let pass.
    """

    def __init__(self, settings: Settings, redis: "RedisServer | None") -> None:
        self._rates = settings.rate_messages
        self._sent = FixedWindowRateLimiter(MemoryStorage())
        self._in_space = Throttle(
            settings.rate_space, purpose="space", detail=_IN_SPACE, noun="question", redis=redis
        )
        self._counts_spaces = bool(settings.rate_space)

    def admit(self, viewer: Viewer, asked: Asked) -> None:
        """Count one; RateLimited when that is one too many."""
        own = viewer.limits.messages
        rates = parse_rates(self._rates if own is None else own)
        for rate in rates:
            if not self._sent.test(item_of(rate), viewer.id):
                ends = self._sent.get_window_stats(item_of(rate), viewer.id).reset_time
                raise refusal(_ASKED, rate, "question", ends)
        if self._counts_spaces and asked.space_id is not None:
            self._in_space.hit(asked.space_id)
        for rate in rates:  # what is refused does not count
            self._sent.hit(item_of(rate), viewer.id)
