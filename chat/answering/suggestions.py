"""Tries questions that might be asked next: only those are offered that have an answer here.

Keeps true: a suggestion is offered only after a search of its own, over what the asker may read,
led to an answer that claims something; trying takes no longer than BUDGET seconds in all, and gives
way to answers that have not begun: what could not be tried is not offered. May import every floor
below answering.
"""

import threading
import time
from collections.abc import Callable, Sequence

from chat.answering.context import Job
from chat.database import Database
from chat.knowledge.search import search
from chat.providers.library.provider import compose
from chat.providers.suggesting import MOST
from chat.values import AnswerRequest, Depth

BUDGET = 0.3  # seconds
_REMEMBERED = 2000  # what was tried, of a process
_FRESH = 60.0  # seconds for which that counts
Key = tuple[tuple[str, ...], Depth, str]


class Trials:
    """Of one process; `turn` is held while one is searched."""

    def __init__(
        self,
        database: Database,
        turn: threading.Semaphore,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._turn = turn
        self._clock = clock
        self._tried: dict[Key, tuple[float, bool]] = {}

    def offer(self, job: Job, questions: Sequence[str]) -> list[str]:
        """The first of these questions that have an answer; fewer when time runs out."""
        until = self._clock() + BUDGET
        held: list[str] = []
        for question in questions:
            if len(held) == MOST or self._clock() >= until:
                break
            if self._has_answer(job, question, until):
                held.append(question)
        return held

    def _has_answer(self, job: Job, question: str, until: float) -> bool:
        now, key = self._clock(), (tuple(job.space_ids), job.asked.depth, question)
        at, known = self._tried.get(key, (now - _FRESH, False))
        if now - at < _FRESH:
            return known
        if not self._turn.acquire(timeout=max(0.0, until - now)):
            return False
        try:
            answered = self._search(job, question)
        finally:
            self._turn.release()
        if len(self._tried) >= _REMEMBERED:
            self._tried.clear()
        self._tried[key] = (now, answered)
        return answered

    def _search(self, job: Job, question: str) -> bool:
        """Whether the library's own answer to it claims to be one."""
        depth = job.asked.depth
        with self._database.querying() as session:
            found = search(session, question, space_ids=job.space_ids, depth=depth)
        return bool(compose(AnswerRequest(question, (), found, depth)).signals)
