"""What an event log is: what a run wrote, in order, for any number of followers.

Keeps true: one writer a run; ids only grow; `LiveLog.follow` has no gap and no duplicate and ends
at the terminal event; a slow follower never blocks the writer and never makes the log grow. May
import the plain ground.
"""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from chat.eventlog.live import LiveLog
from chat.events import Event


class Writer(Protocol):
    """The one writer of a run."""

    log: LiveLog

    def write(self, event: Event) -> None:
        """Append one event and wake the followers; never waits for a follower or for a disk."""
        ...

    def settle(self) -> None:
        """All that was written is in the message, which is final: nothing is left to save."""
        ...

    def begin_attempt(self, attempt: int) -> None:
        """What is written from now on belongs to the run's next attempt; followers stay."""
        ...


class EventLog(Protocol):
    """The log of one process: its running answers in memory, and their durable copy."""

    def open(self, message_id: str, attempt: int) -> Writer:
        """Begin an attempt's log."""
        ...

    def find(self, message_id: str) -> LiveLog | None:
        """The log of a run that this process writes now."""
        ...

    def following(self, message_id: str) -> AbstractContextManager[LiveLog | None]:
        """The log of a run that another process writes, kept up to date until the block ends.

        None when nobody writes the run any more.
        """
        ...

    def glance(self, message_id: str) -> LiveLog | None:
        """The log of a run as it is now, whoever writes it; None when nobody does."""
        ...

    def announce(self, name: str, data: Any) -> None:
        """Tell the other processes, if there are any; never waits."""
        ...

    def announce_now(self, name: str, data: Any) -> None:
        """Tell the other processes before this returns; Unavailable when that is not possible."""
        ...

    def is_saving(self) -> bool:
        """Whether what is written reaches the database."""
        ...

    def wake(self, message_id: str) -> None:
        """Make `follow` of this message yield once, so that its reader can look around."""
        ...

    def close(self, log: LiveLog) -> None:
        """Forget a run that has ended; followers still get what they have not read."""
        ...

    def flush(self) -> None:
        """Save what was written until now, if that is possible."""
        ...

    def shut_down(self, timeout: float) -> None:
        """Save what is left and stop, within `timeout` seconds."""
        ...
