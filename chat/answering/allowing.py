"""What each person may ask: as the site's settings say, or as an admin has set it for them.

May import every floor below answering.
"""

from functools import lru_cache
from typing import Self

from chat.config import Settings
from chat.conversations import Allowance
from chat.rates import parse_rates
from chat.values import OwnLimits, Viewer


class Allowing:
    """`rates` as the settings have them; `runs` and `waiting` for one person."""

    def __init__(self, rates: str = "", *, runs: int = 0, waiting: int = 0) -> None:
        self._rates = rates
        self._runs = runs
        self._waiting = waiting
        self._of = lru_cache(maxsize=1000)(self._read)

    @classmethod
    def by(cls, settings: Settings) -> Self:
        return cls(settings.rate_messages, runs=settings.max_runs, waiting=settings.max_waiting)

    def of(self, viewer: Viewer) -> Allowance:
        """What `viewer` may ask."""
        return self._of(viewer.limits)

    def _read(self, own: OwnLimits) -> Allowance:
        return Allowance(
            rates=parse_rates(self._rates if own.messages is None else own.messages),
            runs=self._runs if own.runs is None else own.runs,
            waiting=self._waiting if own.waiting is None else own.waiting,
        )
