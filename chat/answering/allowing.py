"""What each person may ask: as the site's settings say, or as an admin has set it for them.

May import every floor below answering.
"""

from functools import lru_cache

from chat.conversations import Allowance
from chat.rates import parse_rates
from chat.values import OwnLimits, Viewer


class Allowing:
    """`rates` as the settings have them; `runs` at once for one person."""

    def __init__(self, rates: str = "", *, runs: int = 0) -> None:
        self._rates = rates
        self._runs = runs
        self._of = lru_cache(maxsize=1000)(self._read)

    def of(self, viewer: Viewer) -> Allowance:
        """What `viewer` may ask."""
        return self._of(viewer.limits)

    def _read(self, own: OwnLimits) -> Allowance:
        return Allowance(
            rates=parse_rates(self._rates if own.messages is None else own.messages),
            runs=self._runs if own.runs is None else own.runs,
        )
