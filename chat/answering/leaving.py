"""How the runs of a process that leaves come to others: in small groups, one after the other.

Keeps true: what a run wrote is stored before it is given up; the next group waits until others have
the last one, so that no reader waits for more than a few take-overs; where nobody takes them, or
time is short, all that are left are given up at once. May import every floor below answering.
"""

import logging
import threading
import time
from collections.abc import Collection, Iterable, MutableMapping

from sqlalchemy.exc import SQLAlchemyError

from chat.answering.leases import Leases
from chat.answering.running import Running
from chat.errors import ParleyError
from chat.eventlog.base import EventLog

logger = logging.getLogger(__name__)
GROUP = 8  # runs that change hands at once
_MOMENT = 0.3  # seconds that runs have to end with their last words
_TAKEN = 0.7  # seconds in which others take a group over, or nobody does
_LOOK = 0.02  # seconds between looks whether they have


class Leaving:
    """Of one process; `runs` are those that it has at any time."""

    def __init__(self, runs: MutableMapping[str, Running], log: EventLog, leases: Leases) -> None:
        self._runs = runs
        self._log = log
        self._leases = leases
        self._turn = threading.Lock()
        self.begun = threading.Event()  # no new runs are taken
        self.done = threading.Event()  # all runs were given up, or are now

    def leave(self, timeout: float) -> None:
        """Give up all runs, with all that they wrote; takes up to `timeout` seconds."""
        self.begun.set()
        self._leases.wanted.set()
        with self._turn:
            self._hand_over(time.monotonic() + timeout / 2)
            self.done.set()
            self._let_go(set(self._runs))
            self._log.shut_down(timeout / 2)
            try:
                self._leases.leave()
            except (SQLAlchemyError, ParleyError, OSError) as error:  # others see that it is gone
                logger.warning("the runs are not released: %s", type(error).__name__)

    def _hand_over(self, deadline: float) -> None:
        """Group after group, while there are others who take them."""
        try:
            self._leases.look()  # one that has just started is known at once
            while self._leases.others_alive and time.monotonic() < deadline:
                group = self._next_group()
                if not group or not self._give(group):
                    return
        except (SQLAlchemyError, ParleyError, OSError) as error:
            logger.warning("the runs are not handed over: %s", type(error).__name__)

    def _next_group(self) -> list[str]:
        """Of those that write; then all that wait, of which nobody sees anything stop."""
        runs = list(self._runs.items())
        writing = [one for one, run in runs if not run.waits and not run.attempt.is_ending]
        return writing[:GROUP] or [one for one, run in runs if run.waits]

    def _give(self, group: Collection[str]) -> bool:
        """Release a group; whether others have all of it."""
        self._let_go(group)
        self._log.flush()
        self._leases.release(group)
        self._log.announce_now("released", {})
        deadline = time.monotonic() + _TAKEN
        while not (taken := self._leases.are_taken(group)) and time.monotonic() < deadline:
            self.done.wait(_LOOK)
        return taken

    def _let_go(self, message_ids: Iterable[str]) -> None:
        """Stop runs without a word; one that does not end in a moment goes on without a reader."""
        runs = [run for one in message_ids if (run := self._runs.get(one)) is not None]
        for run in runs:
            run.attempt.stop.abandon()
        deadline = time.monotonic() + _MOMENT
        for run in runs:
            run.wait_for_end(max(0.0, deadline - time.monotonic()))
            self._log.close(run.attempt.writer.log)
            self._runs.pop(run.attempt.job.message_id, None)
