"""How one answer is made: context, search, analysis, text; each stage told when it really begins.

Keeps true: the events come in the protocol's order; the text is that of the chunks. May import
every floor below answering.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from sqlalchemy.exc import SQLAlchemyError

from chat import conversations, events
from chat.answering.attempt import Attempt, begin_again
from chat.answering.caching import AnswerCache, CachedWriter
from chat.answering.context import estimate_tokens, load_history, read_job_anew, search_library
from chat.answering.fallback import write_with_any
from chat.answering.injections import Injections
from chat.answering.privacy import Findings, Privacy
from chat.answering.recalibrating import Shifts
from chat.answering.suggestions import Trials
from chat.answering.writing import DraftWriter
from chat.config import Settings
from chat.connections import BUILT_IN
from chat.conversations.ratings import estimator_of
from chat.database import Database
from chat.errors import Conflict, ParleyError
from chat.knowledge.hybrid import Way
from chat.knowledge.meaning.nearest import Embedded
from chat.offload import aside
from chat.providers.base import Draft
from chat.spaces import Brief
from chat.values import AnswerRequest, Retrieval, Turn


class Embed(Protocol):
    """Places a question in the space of a model; `is_inside` when the answer is written here."""

    def __call__(self, question: str, brief: Brief, *, is_inside: bool) -> Embedded | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What every run keeps to: its longest time in seconds, its longest text in characters, the
    messages of the conversation that it may use, how passages are found; `instructions` extend a
    model's system text; `suggests` says whether questions to ask next are looked for; `privacy`
    knows what is done about personal data, `injections` what about texts that speak to a model."""

    run_seconds: float = 600.0
    max_chars: int = 200_000
    history_turns: int = 10
    way: Way = Way.BOTH
    suggests: bool = True
    instructions: str = ""
    privacy: Privacy = Privacy()
    injections: Injections = Injections()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            run_seconds=settings.run_seconds,
            max_chars=settings.limits.max_chars,
            history_turns=settings.history_turns,
            instructions=settings.system_text,
            privacy=Privacy(settings.secret_key, settings.personal_data),
            injections=Injections(settings.injections, settings.typed_injections),
        )


class Pipeline:
    """Makes answers. `turn` is held while an answer searches and analyses: that is work for the
    processor, and many at once would only make each other, and every reader, wait. `embed` places
    a question in the space of a model, which is waited for before that turn."""

    def __init__(
        self,
        database: Database,
        turn: threading.Semaphore,
        bounds: Bounds,
        embed: Embed = lambda question, brief, is_inside: None,
        cache: AnswerCache | None = None,
    ) -> None:
        self._cache = cache
        self._database = database
        self._turn = turn
        self._bounds = bounds
        self._embed = embed
        self._shifts = Shifts(database)
        self._trials = Trials(database, turn)

    def write_answer(self, attempt: Attempt) -> None:
        """Make the answer; what was written is in the log even when this raises ProviderError."""
        attempt.deadline = attempt.clock() + self._bounds.run_seconds
        if attempt.stage == "queued":  # whatever was changed meanwhile counts
            attempt.job = aside(read_job_anew, self._database, attempt.job)
        attempt.enter("loading_context", "Loading conversation context")
        write_with_any(attempt, self._write, self._begin_again)
        is_new = attempt.cached_from is None
        if attempt.stop_reason == "end" and self._bounds.suggests and is_new:
            attempt.suggestions = aside(self._try_suggestions, attempt)

    def _try_suggestions(self, attempt: Attempt) -> Sequence[str]:
        """What may be asked next; nothing while the database is away: the answer is whole."""
        try:
            return self._trials.offer(attempt.job, attempt.ideas)
        except (SQLAlchemyError, ParleyError):
            return ()

    def _write(self, attempt: Attempt) -> None:
        """Once, with the attempt's provider as it is now; nothing that was read is kept."""
        writer = aside(self._begin, attempt)
        if writer is not None:
            writer.write()

    def _begin(self, attempt: Attempt) -> DraftWriter | CachedWriter | None:
        """Read, search, and open the answer; None for one that was stopped before its turn."""
        history = load_history(self._database, attempt.job, self._bounds.history_turns)
        if self._cache is not None and attempt.stage == "loading_context":
            asked_for = self._asked_for(attempt)
            cached = self._cache.find(attempt, history, asked_for, self._bounds.privacy)
            if cached is not None:
                return cached
        embedded = self._embed(
            attempt.job.asked.question,
            attempt.job.brief,
            is_inside=attempt.provider.name == BUILT_IN,
        )
        with self._turn:
            if attempt.stop:
                attempt.stop_reason = "stopped"
                return None
            draft = self._prepare(attempt, history, embedded)
        return DraftWriter(attempt, draft, self._bounds.max_chars)

    def _asked_for(self, attempt: Attempt) -> str:
        """What else an answer of before has to have been made with."""
        policy = self._bounds.injections.policy(attempt.job.brief)
        return f"{_instructions(self._bounds, attempt)}\n{policy}"

    def _begin_again(self, attempt: Attempt, reason: str) -> None:
        """The run's next attempt, in the store and then in the log."""
        with self._database.writing() as session:
            if not conversations.begin_attempt(session, attempt.job.message_id, attempt.number):
                raise Conflict("Another process writes this answer now.")
        begin_again(attempt, reason)

    def _prepare(
        self, attempt: Attempt, history: Sequence[Turn], embedded: Embedded | None
    ) -> Draft:
        """Search, and open the provider's answer; both stages told as they begin."""
        asked, is_first = attempt.job.asked, attempt.stage == "loading_context"
        if is_first:
            attempt.enter("searching_knowledge", "Searching the library")
        retrieval = search_library(self._database, attempt.job, history, self._bounds.way, embedded)
        retrieval, spoken = self._bounds.injections.screen(
            asked.question, retrieval, attempt.job.brief
        )
        attempt.passages_read = len(retrieval.passages)
        if retrieval.passages and is_first:
            _enter_analysis(attempt, retrieval)
        request = AnswerRequest(
            question=asked.question,
            history=history,
            retrieval=retrieval,
            depth=asked.depth,
            model=attempt.model,
            written=asked.written,
            instructions=_instructions(self._bounds, attempt),
            deadline=attempt.deadline,
        )
        request, findings = self._bounds.privacy.guard(
            request, attempt.provider, attempt.job.brief, asked.conversation_id
        )
        shift = self._shifts.find(estimator_of(attempt.provider.name))
        draft = attempt.provider.open(request)
        attempt.take(draft, shift)  # from here on nothing is read that might have to be read again
        if request.written and not draft.continues:
            reason = "The library has changed since; starting again."
            attempt.writer.write(events.Reset(reason=reason))
        attempt.writer.write(_context(retrieval, draft, history, spoken + findings))
        return draft


def _instructions(bounds: Bounds, attempt: Attempt) -> str:
    """The site's come before those of the space."""
    texts = (bounds.instructions, attempt.job.brief.instructions)
    return "\n\n".join(text for text in texts if text)


def _enter_analysis(attempt: Attempt, retrieval: Retrieval) -> None:
    concepts, passages = len(retrieval.concepts), len(retrieval.passages)
    count, noun = (concepts, "concept") if concepts else (passages, "passage")
    message = f"Analyzing {count} {noun}{'' if count == 1 else 's'}"
    attempt.enter("analyzing", message, concepts=concepts, passages=passages)


def _context(
    retrieval: Retrieval, draft: Draft, history: Sequence[Turn], findings: Findings
) -> events.Context:
    """What the answer is made from; a model's prompt may hold less than was found."""
    messages, tokens = draft.messages_used, draft.tokens_used
    if messages is None or tokens is None:
        texts = [turn.content for turn in history] + [p.text for p in retrieval.passages]
        messages, tokens = len(history), estimate_tokens(texts)
    return events.Context(
        intent=retrieval.intent,
        messages_used=messages,
        tokens_used=tokens,
        sources=[source.as_json() for source in draft.sources],
        concepts=list(retrieval.concepts),
        findings=findings,
    )
