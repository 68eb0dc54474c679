"""Whether groups follow each other, and how two sources of them are joined.

May import the plain ground and backplane.
"""

from collections.abc import Iterable, Sequence

from chat.eventlog.backplane import Group, after
from chat.events import EventId


def by_message(groups: Iterable[Group]) -> dict[str, Sequence[Group]]:
    """The groups of each message, in their order."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.message_id, []).append(group)
    return dict(found)


def has_gap(place: EventId, groups: Iterable[Group]) -> bool:
    """Whether something may be missing between `place` and the last of the groups."""
    for group in groups:
        if not _follows(place, group):
            return True
        place = _end(group)
    return False


def joined(place: EventId, stored: Iterable[Group], told: Iterable[Group]) -> list[Group]:
    """What is stored after `place`, without gap, and what was told right after that."""
    groups = list(stored)
    for group in told:
        last = _end(groups[-1]) if groups else place
        rest = after(last, group)
        if rest is not None and _follows(last, rest):
            groups.append(rest)
    return groups


def _follows(place: EventId, group: Group) -> bool:
    """Whether nothing is missing between them.

    A new attempt begins with a snapshot or a reset, so nothing of the one before is needed for it.
    """
    return group.first_seq == (place.seq + 1 if group.attempt == place.attempt else 1)


def _end(group: Group) -> EventId:
    return EventId(group.attempt, group.last_seq)
