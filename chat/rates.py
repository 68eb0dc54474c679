"""How often something may happen: `20/minute`, or several such with commas, which all count.

Imports nothing of Parley.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` in a `period`, wherever that begins."""

    amount: int
    period: str

    @property
    def seconds(self) -> int:
        return _PERIODS[self.period]

    @property
    def a_period(self) -> str:
        return f"{'an' if self.period == 'hour' else 'a'} {self.period}"

    def __str__(self) -> str:
        return f"{self.amount}/{self.period}"


@lru_cache(maxsize=256)
def parse_rates(text: str) -> tuple[Rate, ...]:
    """The rates of a text, the shortest period first; none for "" and "0". Else ValueError."""
    parts = [part.strip() for part in text.split(",")] if text not in ("", "0") else []
    found = [_RATE.fullmatch(part) for part in parts]
    rates = [Rate(int(one[1]), one[2]) for one in found if one is not None]
    if len(rates) != len(parts) or len({rate.period for rate in rates}) != len(rates):
        raise ValueError(f"{text!r} is not a rate such as 20/minute, several with commas, or 0")
    return tuple(sorted(rates, key=lambda rate: rate.seconds))


def counted(amount: int, noun: str) -> str:
    """`1 question`, `20 questions`, `1,000 questions`."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def time_in_words(seconds: int) -> str:
    """`24 seconds`, `5 minutes`, `3 hours 10 minutes`: never less than it is."""
    if seconds < 120:
        return counted(seconds, "second")
    minutes = -(-seconds // 60)
    hours, minutes = divmod(minutes, 60)
    words = [counted(hours, "hour")] if hours else []
    return " ".join(words + ([counted(minutes, "minute")] if minutes else []))
