"""Why a file is not read: one closed set of reasons, each with words that say what to do.

Keeps true: a refusal names no path and no part of another document. Imports the plain ground.
"""

from typing import Literal, get_args

from chat.errors import Invalid, ParleyError, TooLarge

Reason = Literal[
    "broken",
    "password",
    "no_text",
    "bomb",
    "too_large",
    "wrong_name",
    "empty",
    "unknown_kind",
    "encoding",
    "over_time",
    "over_memory",
    "crashed",
]
REASONS: tuple[str, ...] = get_args(Reason)
_TOO_MUCH = frozenset(["too_large", "bomb", "over_memory"])
PASSING = frozenset(
    ["over_time", "crashed", "conflict", "unavailable"]
)  # of these another try may end otherwise


class Refused(Exception):
    """A file that is not read, as a reader raises it."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def error_of(reason: str, detail: str) -> ParleyError:
    """A refusal as the error of a request."""
    return TooLarge(detail) if reason in _TOO_MUCH else Invalid(detail)


def broken(what: str) -> Refused:
    """The refusal of a file whose inside is not what its kind says."""
    return Refused(
        "broken",
        f"It is damaged: {what}. Open it in the program that made it, save it anew, and add that.",
    )


def protected(how: str = "") -> Refused:
    """The refusal of a file that opens only with a password."""
    return Refused(
        "password",
        f"It is protected with a password{how}. Save a copy without one, and add that.",
    )
