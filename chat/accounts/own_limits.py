"""The limits that an admin has set for one person; a column of their row, read with the viewer.

Keeps true: what is stored can be read as a rate; where nothing is set, the site's limits count.
May import the plain ground and the tables.
"""

from dataclasses import asdict

import msgspec
from sqlalchemy import update
from sqlalchemy.orm import Session

from chat.accounts.fields import FieldInvalid
from chat.errors import NotFound
from chat.models import User
from chat.rates import parse_rates
from chat.values import NO_OWN_LIMITS, OwnLimits

_MOST = 10_000  # answers of one person, at once or waiting
_decoder = msgspec.json.Decoder(OwnLimits)


def limits_from(stored: str | None) -> OwnLimits:
    """What a row holds."""
    return _decoder.decode(stored) if stored else NO_OWN_LIMITS


def own_limits(session: Session, person_id: str) -> OwnLimits:
    """Those of a person; NotFound when there is none."""
    user = session.get(User, person_id)
    if user is None:
        raise NotFound("There is no such person.")
    return limits_from(user.limits)


def set_limits(session: Session, person_id: str, limits: OwnLimits) -> None:
    """Set those of a person; NotFound when there is none."""
    kept = {name: value for name, value in asdict(limits).items() if value is not None}
    stored = msgspec.json.encode(kept).decode() if kept else None
    changed = update(User).where(User.id == person_id).values(limits=stored).returning(User.id)
    if session.scalar(changed) is None:
        raise NotFound("There is no such person.")


def clean_rates(field: str, text: str) -> str | None:
    """Rates as they are stored; None for an empty field, FieldInvalid for what is none."""
    text = text.strip()
    if not text:
        return None
    try:
        return ",".join(map(str, parse_rates(text))) or "0"
    except ValueError as error:
        raise FieldInvalid(field, "Write it as 20/minute, or 20/minute,1000/day.") from error


def clean_count(field: str, text: str) -> int | None:
    """A number of answers; None for an empty field, FieldInvalid for what is none."""
    text = text.strip()
    if not text:
        return None
    is_short = len(text) <= len(str(_MOST))  # `int` itself refuses thousands of digits
    if not (is_short and text.isascii() and text.isdigit() and int(text) <= _MOST):
        raise FieldInvalid(field, f"Write a number from 0 to {_MOST:,}.")
    return int(text)
