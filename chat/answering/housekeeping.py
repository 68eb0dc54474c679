"""What a process does now and then beside what it serves: the care of the audit trail.

Keeps true: nobody waits for it; what fails is tried again an hour later; of several processes one
does what is due once a day. May import every floor below answering.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from chat import audit
from chat.database import Database
from chat.environment import Fingerprints
from chat.errors import ParleyError
from chat.values import utc_now

logger = logging.getLogger(__name__)
_HOUR = 3600.0
_CHECKED_EVERY = timedelta(days=1)
Job = Callable[[], object]


class Housekeeping:
    """A thread that does its jobs at the start of a process, and every hour."""

    def __init__(self, jobs: Sequence[Job], every: float = _HOUR) -> None:
        self._jobs = jobs
        self._every = every
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin, behind whoever calls."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no job any more."""
        self._leaving.set()

    def _run(self) -> None:
        while not self._leaving.is_set():
            for job in self._jobs:
                self._do(job)
            self._leaving.wait(self._every)

    def _do(self, job: Job) -> None:
        try:
            if not self._leaving.is_set():
                job()
        except (SQLAlchemyError, ParleyError) as error:
            logger.warning("housekeeping waits an hour: %s", type(error).__name__)
        except Exception:
            logger.exception("defect in housekeeping")


def care_of_the_trail(database: Database, days: int, settings: Fingerprints) -> list[Job]:
    """Tell what settings changed, let old entries go, verify the rest once a day."""
    return [
        lambda: audit.note_settings(database, settings),
        lambda: audit.prune(database, days, utc_now()),
        lambda: check_when_due(database),
    ]


def check_when_due(database: Database) -> bool:
    """Verify the trail if nobody did for a day, and put its head into the log."""
    with database.reading() as session:
        last = audit.last_checked(session)
    if last is not None and utc_now() - last.at < _CHECKED_EVERY:
        return False
    verdict = audit.check(database, actor_id=None)
    if verdict.is_intact and verdict.entries:
        logger.warning("audit: %d entries are intact, head %s", verdict.entries, verdict.head)
    elif not verdict.is_intact:
        reason = verdict.reason
        logger.error("audit: the trail is broken at entry %s: %s", verdict.broken_at, reason)
    return True
