"""What joins the logs of several processes: groups of frames, and announcements.

Keeps true, whatever carries it: the groups of one attempt arrive in order, without gap and without
duplicate; what belongs to an attempt that is no longer the run's is refused by the store; nothing
that was appended depends on the process that appended it. May import the plain ground.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from chat.events import EventId


class Group(NamedTuple):
    """The frames `first_seq` to `last_seq` of one attempt, as they go to readers."""

    message_id: str
    attempt: int
    first_seq: int
    last_seq: int
    frames: bytes


@dataclass(frozen=True, slots=True)
class Announcement:
    """Word to every other process; `data` is JSON."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class News:
    """What other processes have written since the last look."""

    groups: Sequence[Group] = ()
    announcements: Sequence[Announcement] = field(default=())


def after(place: EventId, group: Group) -> Group | None:
    """What of a group comes after `place`; None when nothing does.

    A writer that could not learn whether its groups arrived sends them again, perhaps as one.
    """
    if group.attempt != place.attempt:
        return group if group.attempt > place.attempt else None
    known = place.seq - group.first_seq + 1
    if known <= 0:
        return group
    if place.seq >= group.last_seq:
        return None
    rest = group.frames.split(b"\n\n", known)[known]  # a frame ends with the only blank line in it
    return group._replace(first_seq=place.seq + 1, frames=rest)


class Backplane(Protocol):
    """Carries groups and announcements between processes. Every method may raise Unavailable."""

    def append(self, groups: Sequence[Group]) -> set[str]:
        """Make the groups durable; the messages whose groups were refused: another owns them."""
        ...

    def settle(self) -> bool:
        """Put a part of what was appended in its place; whether there may be more to put.

        To be called now and then after an `append`, by the same thread, until there is no more.
        """
        ...

    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Tell every other process, once; those that are away at the moment may miss it."""
        ...

    def read(self, places: Mapping[str, EventId], timeout: float) -> News:
        """What there is after `places` (message id → last id read), within `timeout` seconds.

        Every announcement that came since the last call is told once. One reader a process.
        """
        ...

    def wake(self) -> None:
        """Let a `read` that waits return: what it is asked for has changed."""
        ...

    def forget(self, message_id: str) -> None:
        """The run has ended: what is kept of its log may go."""
        ...

    def close(self) -> None:
        """Give back connections and threads."""
        ...
