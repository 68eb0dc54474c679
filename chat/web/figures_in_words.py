"""Figures as people read them: no more digits than were measured. Imports nothing of Parley."""

import math

_NOTHING = "–"


def two_digits(value: float | None) -> str:
    """`0.41`, `4.1`, `41`, `410`: a quantile is within 5 %, so more digits would say nothing."""
    if value is None:
        return _NOTHING
    if value <= 0:
        return "0"
    places = 1 - math.floor(math.log10(value))
    rounded = round(value, places)
    return f"{rounded:,.{max(0, places)}f}" if rounded < 10 else f"{rounded:,.0f}"


def pair_of_times(first: float | None, second: float | None) -> list[tuple[str, str]]:
    """Two times in milliseconds: `52 / 180 ms`, `57 ms / 2.3 s`, `1.1 / 2.3 s`."""
    (one, unit), (other, last) = _in_unit(first), _in_unit(second)
    return [(one, "/" if unit == last else f"{unit} /"), (other, last)]


def _in_unit(time: float | None) -> tuple[str, str]:
    is_long = time is not None and time >= 995
    return two_digits(time / 1000 if time and is_long else time), "s" if is_long else "ms"


def share(value: float | None) -> str:
    """A share from 0 to 1 in percent: `0.4`, `37`."""
    if value is None:
        return _NOTHING
    percent = value * 100
    return f"{percent:.1f}" if 0 < percent < 10 else f"{percent:.0f}"


def many(count: int, one: str, more: str = "") -> str:
    """`1 answer`, `1,284 answers`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
