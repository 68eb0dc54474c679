"""Whether the trail is what was written: every seal is computed again.

Finds an entry that was changed, taken out or put in, and, against a head that was noted elsewhere,
also an end that was cut off or a whole trail that was sealed anew. May import the plain ground and
the tables.
"""

from dataclasses import dataclass

from chat.audit.chain import BEGINNING, Head, seal
from chat.audit.reading import stream
from chat.database import Statements


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at` is the number of the first entry that is not right, and `reason` says why."""

    entries: int
    head: Head | None
    broken_at: int | None = None
    reason: str = ""

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


def verify(session: Statements, noted: Head | None = None) -> Verdict:
    """Check all of the trail, and that it still holds the head that was `noted`."""
    last, count = Head(0, BEGINNING), 0
    for entry in stream(session):
        if entry.number != last.number + 1:
            return Verdict(count, _head(last), last.number + 1, "the entry is missing")
        if entry.hash != seal(last.hash, entry):
            reason = "it, or the seal of the one before, is not what was written"
            return Verdict(count, _head(last), entry.number, reason)
        last, count = Head(entry.number, entry.hash), count + 1
        if noted is not None and noted.number == last.number and noted != last:
            return Verdict(count, last, last.number, "its seal is not the one that was noted")
    if noted is not None and noted.number > last.number:
        return Verdict(
            count, _head(last), last.number + 1, "the trail was longer when it was noted"
        )
    return Verdict(count, _head(last))


def _head(last: Head) -> Head | None:
    return last if last.number else None
