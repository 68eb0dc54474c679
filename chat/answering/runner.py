"""Runs answers: each on a stack of its own, whoever asked and whoever follows.

Keeps true: events, then the commit, then the terminal event, so whoever sees `complete` can reload
it; a stop, a failure and a defect each still end the run; the stored text is that of the chunks. At
the end of the process its runs are released, for another process to take over; what another one has
taken over is dropped. May import every floor below answering.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chat import conversations, offload
from chat.answering.attempt import Attempt, begin
from chat.answering.caching import AnswerCache
from chat.answering.context import Job
from chat.answering.leases import Leases
from chat.answering.leaving import Leaving
from chat.answering.measuring import note_begun
from chat.answering.outcome import PAUSES, Outcome, conclude, failed
from chat.answering.pipeline import Bounds, Embed, Pipeline
from chat.answering.recovery import end_orphan, end_orphans
from chat.answering.running import Running
from chat.answering.turns import Room, Turns
from chat.database import Database
from chat.errors import ParleyError, Unavailable
from chat.eventlog.base import EventLog
from chat.eventlog.live import LiveLog
from chat.origin import origin
from chat.providers.registry import Registry
from chat.spaces import Brief
from chat.values import Viewer

logger = logging.getLogger(__name__)
Told = Callable[[str, Job], None]
_LAST_GROUP = 1.0  # seconds for what the cache has not written yet; it is no loss
_STARTING = timedelta(seconds=5)  # a run whose rows are older than this has begun, or never will


class Runner:
    """The running answers of this process."""

    def __init__(
        self,
        database: Database,
        log: EventLog,
        providers: Registry,
        *,
        leases: Leases | None = None,
        bounds: Bounds | None = None,
        tell: Told = lambda happening, job: None,
        embed: Embed = lambda question, brief, is_inside: None,
        cache: AnswerCache | None = None,
        room: Room | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._log = log
        self._providers = providers
        self._leases = leases or Leases(database)
        self._tell = tell
        self._clock = clock
        self._runs: dict[str, Running] = {}
        self._leaving = Leaving(self._runs, log, self._leases)
        self._turns = Turns(database, self._leases, room or Room(), self._set_going)
        turn = threading.Semaphore(1)  # who searches and analyses, one run at a time
        bounds = bounds or Bounds()
        self._privacy, self._cache = bounds.privacy, cache
        self._pipeline = Pipeline(database, turn, bounds, embed, cache)

    @property
    def running(self) -> int:
        """How many answers this process writes now, or has waiting."""
        return len(self._runs)

    @property
    def waiting(self) -> int:
        """How many of them wait for their turn."""
        return self._turns.waiting

    @property
    def preparing(self) -> int:
        """How many of them have begun, but not to write."""
        return sum(run.is_preparing for run in list(self._runs.values()))

    @property
    def is_leaving(self) -> bool:
        """Whether the process leaves: it takes no new runs, and gives up those that it has."""
        return self._leaving.begun.is_set()

    @property
    def has_left(self) -> bool:
        """Whether it has given up all of them, or does so now."""
        return self._leaving.done.is_set()

    @property
    def is_taking(self) -> bool:
        """Whether new runs are taken, and what they write is saved."""
        return not self.is_leaving and self._log.is_saving()

    def check(self, provider: str, model: str) -> None:
        """Raise what stands in the way of a new answer, before anything is written for it."""
        self._check_leaving()
        self._providers.choose(provider, model)

    def check_question(self, asked: conversations.Asked, brief: Brief) -> None:
        """Raise PersonalData where the one who would write first may not be sent the question."""
        first, *_ = self._providers.candidates(asked.provider, asked.model, brief.providers)
        self._privacy.check_question(asked.question, first[0], brief)

    def check_turn(self, viewer: Viewer, asked: conversations.Asked) -> None:
        """Unavailable for a question that would have to wait where too many do."""
        self._turns.check(viewer, asked.waits)

    def owner_id(self) -> str:
        """Who owns a run that is about to begin here."""
        return self._leases.hold()

    def owns(self, owner_id: str | None) -> bool:
        """Whether that is this process, as an owner of runs."""
        return owner_id is not None and owner_id == self._leases.owner_id

    def start(self, job: Job, *, recovering: bool = False) -> LiveLog:
        """Begin an attempt, which this process owns, or let it wait for its turn.

        Its first events are in the log returned.
        """
        asked = job.asked
        self._check_leaving()
        (provider, model), *others = self._providers.candidates(
            asked.provider, asked.model, job.brief.providers
        )
        attempt = Attempt(
            job=job,
            writer=self._log.open(job.message_id, job.attempt),
            provider=provider,
            model=model,
            others=others,
            clock=self._clock,
            origin=None if recovering else origin(),
        )
        begin(attempt)
        if recovering:
            attempt.enter("recovering", "Picking up after a restart")
        else:
            note_begun(provider.name)
        self._runs[job.message_id] = Running(attempt)
        self._leases.keep()
        self._tell("started", job)
        if not recovering and self._turns.enter(attempt):
            self._set_going(attempt)
        else:
            attempt.stop.ends(lambda: self._end_waiting(attempt))
            self._turns.wait(attempt)
            if attempt.stop:  # it was asked to before it waited
                self._end_waiting(attempt)
        return attempt.writer.log

    def stop(self, message_id: str) -> bool:
        """Ask a run to stop, here or wherever it is; false when it has ended."""
        if self.stop_here([message_id]):
            return True
        with self._database.reading() as session:
            if not conversations.is_running(session, message_id):
                return False
        try:
            self._log.announce_now("stop", {"message_id": message_id})
        except ParleyError as error:  # its owner finds it in the database
            logger.warning("a stop is late: %s", error.detail)
        with self._database.writing() as session:  # in vain where its owner was as quick
            conversations.ask_to_stop(session, message_id)
        return True

    def stop_here(self, message_ids: Collection[str]) -> bool:
        """Ask those of the runs to stop that this process has; whether there were any."""
        runs = [self._runs[one] for one in message_ids if one in self._runs]
        for run in runs:
            run.attempt.stop.ask()
        return bool(runs)

    def keep_only(self, owned: Callable[[], Collection[str]]) -> None:
        """Drop the runs that are not in `owned` any more, which is read now."""
        here = set(self._runs)
        self.drop(here.difference(owned()))

    def drop(self, message_ids: Collection[str]) -> None:
        """Let go of runs that other processes have taken over, without a word.

        Their followers' responses end, so that they go on at the new owner.
        """
        attempts = [self._runs[one].attempt for one in message_ids if one in self._runs]
        for attempt in attempts:
            if not attempt.is_ending:  # the store says whether it may
                attempt.stop.abandon()
                self._log.close(attempt.writer.log)

    def give_up(self, message_id: str) -> None:
        """End a run whose rows are written but which could not be started."""
        end_orphan(self._database, message_id)

    def end_unowned(self) -> int:
        """End what is marked as running but is not: its end or its start had failed."""
        owner_id = self._leases.hold()
        return end_orphans(self._database, owner_id, owned=set(self._runs), older_than=_STARTING)

    def look_at_queue(self) -> None:
        """Begin what waited for answers at other processes."""
        if self._turns.waiting:
            self._turns.look()

    def close(self, timeout: float) -> None:
        """Take no new runs, and give up those that run, with all that they wrote, for others.

        Takes up to `timeout` seconds; a run that does not end in a moment goes on without a reader.
        """
        self._turns.are_over = True
        self._leaving.leave(timeout)
        if self._cache is not None:
            self._cache.close(_LAST_GROUP)

    def _check_leaving(self) -> None:
        if self.is_leaving:
            raise Unavailable("The server is restarting. Try again in a moment.", retry_after=1)

    def _set_going(self, attempt: Attempt, *, has_slot: bool = True) -> None:
        """Make an attempt on a stack of its own."""
        run = self._runs[attempt.job.message_id]
        run.begin()
        offload.begin(lambda: self._run(run, has_slot))

    def _end_waiting(self, attempt: Attempt) -> None:
        """Who waits was asked to stop, or is another process's by now."""
        if not self._turns.withdraw(attempt):
            return
        if attempt.stop.abandoned:
            self._runs.pop(attempt.job.message_id, None)
        else:
            self._set_going(attempt, has_slot=False)  # it ends on its way

    def _run(self, run: Running, has_slot: bool) -> None:
        """The whole of one attempt; whatever happens, the run ends or was abandoned."""
        attempt = run.attempt
        try:
            outcome = self._write(attempt)
            if not attempt.stop.abandoned:
                attempt.is_ending = True
                details = conclude(attempt, outcome, self._database, self._pause)
                if self._cache is not None and details is not None:
                    self._cache.keep(attempt, details)
        except Exception:
            logger.exception("defect at the end of %s", attempt.job.message_id)
        finally:
            self._log.close(attempt.writer.log)
            self._forget(run)
            if has_slot:
                self._turns.leave(attempt)
            if not attempt.stop.abandoned:
                self._tell("ended", attempt.job)
            run.end()

    def _write(self, attempt: Attempt) -> Outcome:
        """Write the answer; how that ended."""
        if attempt.stop:  # before its turn
            attempt.stop_reason = "stopped"
            return Outcome("stopped")
        try:
            self._write_when_read(attempt)
        except ParleyError as failure:
            return failed(failure)
        except (OperationalError, PoolTimeout):
            return failed(Unavailable("The database does not answer right now. Try again."))
        except Exception:
            logger.exception("defect while answering %s", attempt.job.message_id)
            return failed(ParleyError("This is a defect of the site; it has been logged."))
        return Outcome("stopped" if attempt.stop_reason == "stopped" else "complete")

    def _write_when_read(self, attempt: Attempt) -> None:
        """What an answer is made from is read again while the database is away."""
        for seconds in (*PAUSES, None):
            try:
                self._pipeline.write_answer(attempt)
                return
            except (OperationalError, PoolTimeout):
                if not attempt.is_preparing or seconds is None or not self._pause(seconds):
                    raise

    def _forget(self, run: Running) -> None:
        """Drop a run that has ended; the message's next attempt may have begun meanwhile."""
        message_id = run.attempt.job.message_id
        if self._runs.get(message_id) is run:
            del self._runs[message_id]

    def _pause(self, seconds: float) -> bool:
        return not self._leaving.done.wait(seconds)
