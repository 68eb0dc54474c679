"""Tries questions that might be asked next: only those are offered that have an answer here.

Keeps true: a suggestion is offered only after a search of its own, over what the asker may read,
led to an answer that claims something; trying takes no longer than BUDGET seconds in all, and gives
way to answers that have not begun: what could not be tried is not offered. May import every floor
below answering.
"""

import threading
import time
from collections.abc import Callable, Sequence

from chat.answering.caching import libraries_of
from chat.answering.context import Job
from chat.database import Database
from chat.knowledge.search import search
from chat.providers.library.provider import compose
from chat.providers.suggesting import MOST
from chat.values import AnswerRequest, Depth

BUDGET = 0.3  # seconds
_REMEMBERED = 2000  # what was tried, of a process
Key = tuple[frozenset[tuple[str, int]], Depth, str]


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
        self._tried: dict[Key, bool] = {}  # the versions of the libraries say what was searched

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
        libraries = libraries_of(job)
        if libraries is None:
            return False
        key = frozenset(libraries.items()), job.asked.depth, question
        known = self._tried.get(key)
        if known is not None:
            return known
        if not self._turn.acquire(timeout=max(0.0, until - self._clock())):
            return False
        try:
            answered = self._search(job, question)
        finally:
            self._turn.release()
        if len(self._tried) >= _REMEMBERED:
            self._tried.clear()
        self._tried[key] = answered
        return answered

    def _search(self, job: Job, question: str) -> bool:
        """Whether the library's own answer to it claims to be one."""
        depth = job.asked.depth
        with self._database.querying() as session:
            found = search(session, question, space_ids=job.space_ids, depth=depth)
        return bool(compose(AnswerRequest(question, (), found, depth)).signals)
