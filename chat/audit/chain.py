"""The seal of an entry: SHA-256 over the seal before it and everything in the entry.

Keeps true: the same entry has the same bytes on every database and machine; no two entries have the
same. Pure; imports nothing of Parley.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

BEGINNING = "0" * 64  # what the first entry follows


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail; `details` is the JSON text as it is stored."""

    number: int
    at: datetime
    actor_id: str | None
    action: str
    subject: str
    details: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the trail ends at a moment: to be noted elsewhere, and checked against later."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """ValueError when it is not `NUMBER:HASH`."""
        number, _, seal = text.strip().partition(":")
        if not (number.isascii() and number.isdigit()) or len(seal) != 64:
            raise ValueError("a head is NUMBER:HASH, as `audit head` prints it")
        return cls(int(number), seal)


def seal(before: str, entry: Entry) -> str:
    """The hash of an entry that follows the one sealed with `before`."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [before, entry.number, at, entry.actor_id, entry.action, entry.subject, entry.details]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()
