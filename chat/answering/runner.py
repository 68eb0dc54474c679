"""Runs answers: each on a thread of its own, whoever asked and whoever follows.

Keeps true: events, then the commit, then the terminal event, so whoever sees `complete` can reload
it; a stop, a failure, a defect and the end of the process each still end the run; the stored text
is that of the chunks. May import every floor below answering.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chat.answering.attempt import Attempt, begin
from chat.answering.context import Job
from chat.answering.outcome import INTERRUPTED, Outcome, conclude, failed
from chat.answering.pipeline import Bounds, Pipeline
from chat.answering.recovery import end_orphan, end_orphans
from chat.answering.stopping import Stop
from chat.database import Database
from chat.errors import ParleyError, Unavailable
from chat.eventlog.base import EventLog
from chat.eventlog.live import LiveLog
from chat.providers.registry import Registry

logger = logging.getLogger(__name__)
Told = Callable[[str, Job], None]
_STARTING = timedelta(seconds=5)  # a run whose rows are older than this has begun, or never will


@dataclass(frozen=True, slots=True)
class Running:
    """A run of this process: its thread, and what stops it."""

    thread: threading.Thread
    stop: Stop


class Runner:
    """The running answers of this process."""

    def __init__(
        self,
        database: Database,
        log: EventLog,
        providers: Registry,
        *,
        bounds: Bounds | None = None,
        tell: Told = lambda happening, job: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._log = log
        self._providers = providers
        self._tell = tell
        self._clock = clock
        self._runs: dict[str, Running] = {}
        self._leaving = threading.Event()
        turn = threading.Semaphore(1)  # who searches and analyses, one run at a time
        self._pipeline = Pipeline(database, turn, bounds or Bounds())

    @property
    def running(self) -> int:
        """How many answers this process writes now."""
        return len(self._runs)

    @property
    def is_taking(self) -> bool:
        """Whether new runs are taken, and what they write is saved."""
        return not self._leaving.is_set() and self._log.is_saving()

    def check(self, provider: str, model: str) -> None:
        """Raise what stands in the way of a new answer, before anything is written for it."""
        self._check_leaving()
        self._providers.choose(provider, model)

    def start(self, job: Job) -> LiveLog:
        """Begin an attempt; its first events are in the log that this returns."""
        asked = job.asked
        self._check_leaving()
        (provider, model), *others = self._providers.candidates(asked.provider, asked.model)
        attempt = Attempt(
            job=job,
            writer=self._log.open(job.message_id, job.attempt),
            provider=provider,
            model=model,
            others=others,
            clock=self._clock,
        )
        begin(attempt)
        thread = threading.Thread(target=self._run, args=(attempt,), name="run", daemon=True)
        self._runs[job.message_id] = Running(thread, attempt.stop)
        self._tell("started", job)
        thread.start()
        return attempt.writer.log

    def stop(self, message_id: str) -> bool:
        """Ask a run to stop; false when this process does not run it."""
        run = self._runs.get(message_id)
        if run is not None:
            run.stop.ask()
        return run is not None

    def give_up(self, message_id: str) -> None:
        """End a run whose rows are written but which could not be started."""
        end_orphan(self._database, message_id)

    def end_unowned(self) -> int:
        """End what is marked as running but is not: its end or its start had failed."""
        return end_orphans(self._database, owned=set(self._runs), older_than=_STARTING)

    def close(self, timeout: float) -> None:
        """Take no new runs; let those that run end by themselves, then as they are, then save.

        Each of the three has a third of `timeout` seconds.
        """
        self._leaving.set()
        self._join(timeout / 3)
        for run in list(self._runs.values()):
            run.stop.ask()
        self._join(timeout / 3)
        self._log.shut_down(timeout / 3)

    def _check_leaving(self) -> None:
        if self._leaving.is_set():
            raise Unavailable("The server is restarting. Try again in a moment.", retry_after=2)

    def _join(self, timeout: float) -> None:
        deadline = self._clock() + timeout
        for run in list(self._runs.values()):
            run.thread.join(max(0.0, deadline - self._clock()))

    def _run(self, attempt: Attempt) -> None:
        """The whole of one attempt; whatever happens, the run ends."""
        try:
            conclude(attempt, self._write(attempt), self._database, self._pause)
        except Exception:
            logger.exception("defect at the end of %s", attempt.job.message_id)
        finally:
            self._log.close(attempt.writer.log)
            self._forget(attempt.job.message_id)
            self._tell("ended", attempt.job)

    def _write(self, attempt: Attempt) -> Outcome:
        """Write the answer; how that ended."""
        try:
            self._pipeline.write_answer(attempt)
        except ParleyError as failure:
            return failed(failure)
        except (OperationalError, PoolTimeout):
            return failed(Unavailable("The database does not answer right now. Try again."))
        except Exception:
            logger.exception("defect while answering %s", attempt.job.message_id)
            return failed(ParleyError("This is a defect of the site; it has been logged."))
        if attempt.stop_reason != "stopped":
            return Outcome("complete")
        return Outcome("interrupted", INTERRUPTED) if self._leaving.is_set() else Outcome("stopped")

    def _forget(self, message_id: str) -> None:
        """Drop this thread's run; the message's next attempt may have begun meanwhile."""
        run = self._runs.get(message_id)
        if run is not None and run.thread is threading.current_thread():
            del self._runs[message_id]

    def _pause(self, seconds: float) -> bool:
        return not self._leaving.wait(seconds)
