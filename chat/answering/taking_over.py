"""Goes on with the answers whose process is gone, and keeps the lease of this process meanwhile.

Keeps true: exactly one process goes on with a run, from what was saved of it; few at once, since
each has to search again; one that gets nowhere ends as interrupted, and one whose asker may not ask
any more. A process that is alone looks only while it has runs. May import every floor below
answering.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chat import conversations
from chat.answering.caching import was_cached
from chat.answering.context import Job, find_asker, read_brief
from chat.answering.leases import PATIENCE, Leases
from chat.answering.measuring import note_kept, note_left
from chat.answering.recovery import Kept, end_kept, keep
from chat.answering.runner import Runner
from chat.conversations import Ending, Left
from chat.database import Database
from chat.errors import ParleyError
from chat.metrics import counted

logger = logging.getLogger(__name__)
STALLS = 3  # take-overs in a row that found nothing new: who goes on would only die of it again
ABREAST = 4  # runs whose rows are changed at the same time
AT_ONCE = 24  # runs that were taken over and have not begun to write
_AGAIN = 2.0  # seconds after which a run that could not be taken over is tried again
_AMONG_OTHERS = 0.25  # seconds between looks while other processes live
_HURRY = 0.02  # while there is more to take over than may be begun at once
_ALONE, _IDLE = 2.0, 10.0  # with runs or open pages, and without


class TakingOver:
    """Of one process; `start` begins to look.

    `among_others` is called while other processes live; `is_watched` says whether a page is open.
    """

    def __init__(
        self,
        database: Database,
        leases: Leases,
        runner: Runner,
        *,
        among_others: Callable[[], None] = lambda: None,
        is_watched: Callable[[], bool] = lambda: False,
    ) -> None:
        self._among_others = among_others
        self._is_watched = is_watched
        self._database = database
        self._leases = leases
        self._runner = runner
        self._set_aside: dict[str, float] = {}  # what could not be taken over, and until when
        self._there_is_more = False
        self._is_idle = self._is_failing = False

    def start(self) -> None:
        """Look now, and from now on until the runner leaves."""
        threading.Thread(target=self._run, name="leases", daemon=True).start()

    def hurry(self) -> None:
        """A page opens: see soon who else lives, and may have something to tell it."""
        if self._is_idle:
            self._leases.wanted.set()

    def look(self) -> None:
        """Once: keep the own lease, see who lives, and go on with what others have left."""
        leases = self._leases
        leases.hold()
        if leases.is_due and (self._runner.running or leases.others_alive):
            self._renew()
        leases.look()
        if leases.others_alive:
            self._among_others()
            self._runner.look_at_queue()
        self._take(AT_ONCE - self._runner.preparing)

    def _run(self) -> None:
        while not self._runner.is_leaving:
            try:
                self.look()
                self._is_failing = False
            except (SQLAlchemyError, ParleyError, OSError) as error:
                self._say_failing(error)
            except Exception:  # without this thread all runs would be taken over
                logger.exception("defect while looking at the leases")
            self._leases.keeper_rests = True  # before the runs are counted: none begins unseen
            pause = self._pause()
            self._is_idle = self._leases.keeper_rests = pause == _IDLE
            self._leases.wanted.wait(pause)
            self._leases.wanted.clear()

    def _say_failing(self, error: Exception) -> None:
        """Once: a database that is away for a while is looked for several times a second."""
        if not self._is_failing:
            logger.warning("the leases cannot be looked at: %s", type(error).__name__)
        self._is_failing = True

    def _pause(self) -> float:
        if self._there_is_more:
            return _HURRY
        if self._leases.others_alive:
            return _AMONG_OTHERS
        return _ALONE if self._runner.running or self._is_watched() else _IDLE

    def _renew(self) -> None:
        """Keep the lease; drop the runs that were taken over while this process was away."""
        leases = self._leases
        was_away = leases.is_late or leases.was_away
        if not leases.renew() or was_away:
            self._runner.keep_only(leases.held)
            leases.was_away = False
        self._runner.stop_here(self._leases.asked_to_stop())

    def _take(self, most: int) -> None:
        self._there_is_more = most <= 0
        if most <= 0:
            return
        now = time.monotonic()
        self._set_aside = {one: until for one, until in self._set_aside.items() if until > now}
        with self._database.reading() as session:
            limit = most + 1 + len(self._set_aside)
            left = conversations.find_left(session, self._leases.run_out(), limit)
        if not left:
            self._leases.bury()
        left = [one for one in left if one.message_id not in self._set_aside]
        self._there_is_more = len(left) > most
        with ThreadPoolExecutor(ABREAST) as takers:  # each waits for the database most of the time
            list(takers.map(self._take_one, left[:most]))

    def _take_one(self, left: Left) -> None:
        """Go on with one run; one whose row somebody holds must not keep the others from it."""
        owner_id, seen = self._leases.hold(), self._leases.beat_of(left.owner_id)
        try:
            with self._database.writing(PATIENCE) as session:
                if not conversations.take_over(session, left, owner_id, seen_beat=seen):
                    return
                job, kept = _next_attempt(session, left)
        except (SQLAlchemyError, ParleyError, OSError):
            self._set_aside[left.message_id] = time.monotonic() + _AGAIN
            self._there_is_more = True
            raise
        except Exception:
            self._set_aside[left.message_id] = math.inf
            logger.exception("defect while taking over %s", left.message_id)
            return
        note_kept(kept.events)
        if isinstance(job, Ending):
            note_left(left.message_id, job)
            return
        counted.takeovers.add()
        self._runner.start(job, recovering=True)


def _next_attempt(session: Session, left: Left) -> tuple[Job | Ending, Kept]:
    """The job of a run that was taken over, or its end; and what the former owner had saved."""
    rows = conversations.load_rows(session, left.message_id)
    run = rows[0]
    kept = keep(session, left.message_id, left.attempt)
    run.stalls = 0 if kept.grew or kept.waited else run.stalls + 1
    session.flush()
    asked = conversations.read_asked(session, left.message_id, is_new=True)
    viewer = find_asker(session, run.user_id, asked.conversation_id)
    if run.stop_asked or run.stalls >= STALLS or viewer is None:
        ending = end_kept(session, left.message_id, kept, stopped=run.stop_asked)
        logger.warning("the answer %s is not taken over", left.message_id)
        return ending, kept
    brief, cached = read_brief(session, asked), was_cached(kept.events)
    return Job.of(asked, viewer, brief, cached=cached), kept
