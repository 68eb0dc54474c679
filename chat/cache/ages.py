"""How old an answer is, in words. Imports nothing of Parley."""

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def age_in_words(seconds: float) -> str:
    """The age of an answer, rounded down: `less than a minute`, `1 minute`, `3 hours`, `2 days`."""
    for length, unit in _UNITS:
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
