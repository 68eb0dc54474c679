"""Whether the trail is what was written: every seal is computed again.

Finds an entry that was changed, taken out or put in, and, against a head that was noted elsewhere,
also an end that was cut off or a whole trail that was sealed anew. Where old entries have gone, it
begins at the checkpoint that is left of them. May import the plain ground and the tables.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from chat.audit.actions import Action
from chat.audit.chain import BEGINNING, Entry, Head, seal
from chat.audit.pruning import Checkpoint, newest_checkpoint
from chat.audit.reading import TABLE, stream
from chat.database import Statements

_CHANGED = "it, or the seal of the one before, is not what was written"
_OTHER_SEAL = "its seal is not the one that was noted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at` is the number of the first entry that is not right, and `reason` says why.

    `pruned` is how many went before by the setting; `is_compared` is false where a head was noted
    in that part, and nothing is known of it any more.
    """

    entries: int
    head: Head | None
    broken_at: int | None = None
    reason: str = ""
    pruned: int = 0
    is_compared: bool = True

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


def verify(session: Statements, noted: Head | None = None) -> Verdict:
    """Check all of the trail, and that it still holds the head that was `noted`."""
    try:
        checkpoint = newest_checkpoint(session)
    except ValueError:
        broken = _first_broken(session)
        return Verdict(0, None, broken.number if broken else 1, _CHANGED)
    if checkpoint is not None and not _follows_its_predecessor(session, checkpoint.entry):
        return Verdict(0, None, checkpoint.entry.number, _CHANGED)
    return _walk(session, checkpoint, noted)


def _walk(session: Statements, checkpoint: Checkpoint | None, noted: Head | None) -> Verdict:
    """Every entry after the checkpoint, or from the first on."""
    last = checkpoint.head if checkpoint else Head(0, BEGINNING)
    pruned, count = checkpoint.pruned if checkpoint else 0, 0
    known = {last.number: last.hash} if checkpoint else {}
    for entry in stream(session, after=last.number):
        if entry.number != last.number + 1:
            missing = last.number + 1
            if count == 0 and (changed := _lost_checkpoint(session, entry.number)):
                return Verdict(0, None, changed, _CHANGED)
            return Verdict(count, _head(last), missing, "the entry is missing", pruned)
        if entry.hash != seal(last.hash, entry):
            return Verdict(count, _head(last), entry.number, _CHANGED, pruned)
        last, count = Head(entry.number, entry.hash), count + 1
        if entry.action == Action.TRAIL_PRUNED:
            known |= Checkpoint.of(entry).heads
        if noted is not None and noted.number == last.number and noted != last:
            return Verdict(count, last, last.number, _OTHER_SEAL, pruned)
    return _compare(Verdict(count, _head(last), pruned=pruned), last, known, noted)


def _compare(verdict: Verdict, last: Head, known: dict[int, str], noted: Head | None) -> Verdict:
    """What a noted head says of the end, and of what has gone."""
    number, head, count = noted.number if noted else 0, verdict.head, verdict.entries
    if noted is not None and number > last.number:
        reason = "the trail was longer when it was noted"
        return Verdict(count, head, last.number + 1, reason, verdict.pruned)
    if noted is None or number > last.number - count:
        return verdict
    if number not in known:
        return Verdict(count, head, pruned=verdict.pruned, is_compared=False)
    if known[number] != noted.hash:
        return Verdict(count, head, number, _OTHER_SEAL, verdict.pruned)
    return verdict


def _follows_its_predecessor(session: Statements, entry: Entry) -> bool:
    before = session.scalar(select(TABLE.c.hash).where(TABLE.c.number == entry.number - 1))
    return before is None or entry.hash == seal(before, entry)


def _lost_checkpoint(session: Statements, first: int) -> int | None:
    """An entry that was the checkpoint before `first` until somebody changed what it is called."""
    broken = _first_broken(session)
    try:
        is_one = broken is not None and Checkpoint.of(broken).head.number == first - 1
    except (ValueError, LookupError, TypeError, msgspec.DecodeError):
        return None
    return broken.number if broken is not None and is_one else None


def _first_broken(session: Statements) -> Entry | None:
    """The first entry that does not follow the one before it, of those that are there."""
    before: str | None = None
    for entry in stream(session):
        if before is not None and entry.hash != seal(before, entry):
            return entry
        before = entry.hash
    return None


def _head(last: Head) -> Head | None:
    return last if last.number else None
