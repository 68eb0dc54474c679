"""A text that a query has found. Imports nothing of Parley."""

from dataclasses import dataclass
from datetime import datetime

LOOKED_AT = 300  # of the texts that suit, the newest are weighed


@dataclass(frozen=True, slots=True)
class Hit:
    """A title (`text_id` None) or a message of the conversation `place_id`, or a passage of the
    document `place_id`. `score` is from 0 on; those of one query can be compared."""

    place_id: str
    text_id: str | None
    at: datetime | None
    score: float
