"""Which answers of this process are written now, and which wait for their turn.

Keeps true: each person's turn comes after everybody's, however much they wait for; nobody has more
answers written at once than they may, over all processes: the oldest that many of their answers
that have not ended; whoever waits is told their place. An answer that waits has no thread. May
import every floor below answering.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from chat import conversations
from chat.answering.allowing import Allowing
from chat.answering.attempt import Attempt
from chat.answering.fair_queue import FairQueue
from chat.answering.leases import Leases
from chat.config import Settings
from chat.database import Database
from chat.errors import ParleyError, Unavailable
from chat.values import Viewer

logger = logging.getLogger(__name__)
_TOLD_EVERY = 1.0  # seconds between two looks at the places
_NEAR = 10  # place from which on every step is told; before it, every tenth of what is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """For so many answers of a process at a time, and so many that wait (0: any number).

    `at_once` says how many a person may have written at once.
    """

    slots: int = 0
    max_queue: int = 0
    at_once: Callable[[Viewer], int] = lambda _viewer: 0

    @classmethod
    def by(cls, settings: Settings, allowing: Allowing) -> Self:
        return cls(
            slots=settings.slots,
            max_queue=settings.max_queue,
            at_once=lambda viewer: allowing.of(viewer).runs,
        )


class Turns:
    """Of one process; `begin` sets an answer going."""

    def __init__(
        self, database: Database, leases: Leases, room: Room, begin: Callable[[Attempt], None]
    ) -> None:
        self._database = database
        self._leases = leases
        self._queue: FairQueue[Attempt] = FairQueue(room.slots)
        self._most = room.max_queue
        self._at_once = room.at_once
        self._begin = begin
        self._kept: set[str] = set()  # people whose answers are written elsewhere, at the last look
        self._telling = threading.Lock()
        self._teller: threading.Thread | None = None
        self.are_over = False  # nothing begins any more

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        return len(self._queue)

    def check(self, viewer: Viewer, waits: bool) -> None:
        """Unavailable for a question that would have to wait where too many do.

        Who has none waiting may have one all the same: nobody can fill the queue for others.
        """
        is_full = self._most and len(self._queue) >= self._most
        if is_full and self._queue.waits(viewer.id) and (waits or not self._queue.has_slot):
            raise Unavailable(
                "Too many questions are waiting right now. Try again in a moment.", retry_after=5
            )

    def enter(self, attempt: Attempt) -> bool:
        """Whether it begins at once, and has a slot."""
        return not attempt.job.asked.waits and self._queue.enter(_person(attempt))

    def wait(self, attempt: Attempt) -> None:
        """Begin as soon as it may, which can be now; its followers are told while it waits."""
        self._queue.wait(_person(attempt), attempt)
        self.go_on(_person(attempt))
        if attempt in (places := self._queue.places()):
            self._tell(attempt, places.index(attempt) + 1)
            self._keep_telling()

    def withdraw(self, attempt: Attempt) -> bool:
        """Wait no longer; false when it has begun."""
        return self._queue.withdraw(_person(attempt), attempt)

    def leave(self, attempt: Attempt) -> None:
        """It has ended: its slot is for others."""
        self._queue.leave(_person(attempt))
        self.go_on(_person(attempt))

    def look(self) -> None:
        """What is written at other processes may have ended."""
        self._kept.clear()
        self.go_on()

    def go_on(self, person: str = "") -> None:
        """Begin what may begin now; of `person` something has ended or is new."""
        self._kept.discard(person)
        while not self.are_over and any(
            self._begin_first(person, first) for person, first in self._queue.people()
        ):
            pass  # until there is nobody left who may

    def _begin_first(self, person: str, first: Attempt) -> bool:
        at_once = self._at_once(first.job.viewer)
        if person in self._kept or not self._queue.has_room(person, at_once):
            return False
        if not at_once or not self._leases.others_alive:
            attempt = self._queue.begin(person, at_once)
        else:
            first_ones = self._first_unfinished(person, at_once)
            attempt = self._queue.begin(person, at_once, lambda a: a.job.message_id in first_ones)
            if attempt is None:
                self._kept.add(person)  # until the next look
        if attempt is not None:
            self._begin(attempt)
        return attempt is not None

    def _first_unfinished(self, person: str, at_once: int) -> set[str]:
        """Which of a person's answers may be written, whatever runs at other processes."""
        try:
            with self._database.reading() as session:
                return conversations.first_unfinished(session, person, at_once)
        except (SQLAlchemyError, ParleyError, OSError) as error:  # looked at again in a moment
            logger.warning("a turn is late: %s", type(error).__name__)
            return set()

    def _keep_telling(self) -> None:
        with self._telling:
            if self._teller is None:
                self._teller = threading.Thread(target=self._tell_on, name="places", daemon=True)
                self._teller.start()

    def _tell_on(self) -> None:
        """Tell the places, as long as anything waits."""
        while self._is_needed():
            time.sleep(_TOLD_EVERY)
            for place, attempt in enumerate(self._queue.places(), start=1):
                if abs(place - attempt.place) >= max(1, (attempt.place - _NEAR) // 10):
                    self._tell(attempt, place)

    def _is_needed(self) -> bool:
        with self._telling:
            if not len(self._queue):
                self._teller = None
            return self._teller is not None

    def _tell(self, attempt: Attempt, place: int) -> None:
        def tell() -> None:
            attempt.place = place
            attempt.enter("queued", f"{ordinal(place)} in the queue", place=place)

        self._queue.while_waiting(_person(attempt), attempt, tell)


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{'th' if 10 < number % 100 < 20 else ending}"


def _person(attempt: Attempt) -> str:
    return attempt.job.viewer.id
