"""Answers that are given again: which one is found for a run, how it is told, and which are kept.

Keeps true: only a whole, clean answer is kept, which one provider wrote at the first try; one that
is given again is told as a run of its own, with its own times, as what it is. May import every
floor below answering.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from chat import cache, events
from chat.answering.attempt import Attempt
from chat.answering.context import Job
from chat.answering.privacy import Privacy
from chat.cache.ages import age_in_words
from chat.cache.keeper import Keeper
from chat.config import Settings
from chat.database import Database
from chat.metrics import counted
from chat.providers.base import Provider, Usage
from chat.providers.prompt import SEARCHING, SYSTEM
from chat.values import Turn, iso, utc_now

_UNCLEAN = frozenset({"retrying", "fallback", "recovering", "cached"})
_PIECE = 16_000  # characters of one chunk
_NOTHING_SPENT = Usage(0, 0)


@dataclass(slots=True)
class Counts:
    """What became of questions since this process began; `kept` answers were worth giving again."""

    hits: int = 0
    misses: int = 0
    kept: int = 0


class AnswerCache:
    """Of one process; `counts` is for whoever shows figures."""

    def __init__(self, database: Database, limits: cache.Limits) -> None:
        self._database = database
        self._limits = limits
        self._keeper = Keeper(database, limits)
        self.counts = Counts()
        self.flush = self._keeper.flush
        self.close = self._keeper.close

    @classmethod
    def by(cls, settings: Settings, database: Database) -> Self | None:
        """Where the settings let answers be given again."""
        limits = cache.Limits(minutes=settings.cache_minutes, answers=settings.cache_answers)
        return cls(database, limits) if limits.is_on else None

    def find(
        self, attempt: Attempt, history: Sequence[Turn], instructions: str, privacy: Privacy
    ) -> "CachedWriter | None":
        """What gives an answer of before again; None where there is none, or none is wanted."""
        job = attempt.job
        libraries = libraries_of(job)
        writer = identity_of(attempt.provider)
        if libraries is None or writer is None:
            return None
        made_from = cache.Ingredients(
            question=job.asked.question,
            history=history,
            writer=writer,
            model=attempt.model,
            depth=job.asked.depth,
            instructions="\n\n".join((SYSTEM, SEARCHING, instructions)),
            libraries=libraries,
            policy=policy_of(job, attempt.provider, privacy),
        )
        attempt.cache_key = cache.key_of(made_from)
        return self._look(attempt, attempt.cache_key, list(libraries)) if job.cached else None

    def keep(self, attempt: Attempt, details: Mapping[str, Any]) -> None:
        """An answer is stored and complete: it may be given again if it is clean."""
        libraries = libraries_of(attempt.job)
        if attempt.cache_key is None or libraries is None or not is_clean(attempt, details):
            return
        self.counts.kept += 1
        self._keeper.keep(cache.Entry(attempt.cache_key, attempt.job.message_id, libraries))

    def _look(self, attempt: Attempt, key: str, space_ids: Sequence[str]) -> "CachedWriter | None":
        with self._database.querying() as connection:
            asker = attempt.job.viewer.id
            found = cache.find(connection, key, self._limits, asker, space_ids)
        if found is None:
            self.counts.misses += 1
            counted.cache_lookups.add("miss")
            return None
        self.counts.hits += 1
        counted.cache_lookups.add("hit")
        self._keeper.used(key)
        return CachedWriter(attempt, found)


class CachedWriter:
    """Writes an answer of before into an attempt's log, at once."""

    __slots__ = ("_attempt", "_found")

    def __init__(self, attempt: Attempt, found: cache.Found) -> None:
        self._attempt = attempt
        self._found = found

    def write(self) -> None:
        """All of it; of what a former attempt has told, only the rest."""
        attempt, found = self._attempt, self._found
        if attempt.stop:
            attempt.stop_reason = "stopped"
            return
        _take(attempt, found)
        writer = attempt.writer
        age = age_in_words((utc_now() - found.stored_at).total_seconds())
        attempt.enter("cached", f"Found an answer of {age} ago")
        writer.write(_context(found))
        told = writer.log.text
        if not found.content.startswith(told):
            writer.write(events.Reset(reason="Starting again with an answer of before."))
            told = ""
        if found.thinking and not writer.log.thinking:
            writer.write(events.Thinking(content=found.thinking))
        attempt.first_text = attempt.clock()
        confidence = found.details.get("confidence")
        for begin in range(len(told), len(found.content), _PIECE):
            piece = found.content[begin : begin + _PIECE]
            writer.write(events.Chunk(content=piece, confidence=confidence))
            attempt.chunks += 1
        time.sleep(0)  # readers come first, then the end that is stored


def _take(attempt: Attempt, found: cache.Found) -> None:
    """What an attempt has of the answer that it gives again; its stages are its own."""
    analysis = dict(found.details.get("analysis") or {})
    analysis.pop("stages", None)
    attempt.is_preparing = False
    attempt.cached_from = found.message_id
    attempt.basis = found.details.get("confidence_basis")
    attempt.passages_read = analysis.get("passages_read") or 0
    attempt.analysis = msgspec.json.encode(analysis)
    attempt.suggestions = found.details.get("suggestions") or ()
    attempt.usage = _NOTHING_SPENT


def _context(found: cache.Found) -> events.Context:
    """What the answer was made from when it was written; now nothing was searched."""
    details = found.details
    return events.Context(
        intent=str((details.get("analysis") or {}).get("intent") or "question"),
        messages_used=0,
        tokens_used=0,
        sources=list(details.get("sources") or []),
        concepts=list(details.get("concepts_used") or []),
        cached_at=iso(found.stored_at),
        findings=list(details.get("findings") or []),
    )


def is_clean(attempt: Attempt, details: Mapping[str, Any]) -> bool:
    """Whether a complete answer is what its provider would write again, from the library alone."""
    stages = {step["stage"] for step in details["analysis"]["stages"]}
    return (
        details["stop_reason"] == "end"
        and attempt.number == 1
        and not stages & _UNCLEAN
        and not any(source.get("url") for source in details["sources"])
        and bool(attempt.writer.log.text)
    )


def libraries_of(job: Job) -> dict[str, int] | None:
    """The libraries that are searched, with their versions; None when one was lost on the way.

    A library that never held anything counts for nothing.
    """
    versions = job.brief.libraries
    if any(space_id not in versions for space_id in job.space_ids):
        return None
    return {space_id: versions[space_id] for space_id in job.space_ids if versions[space_id]}


def identity_of(provider: Provider) -> str | None:
    """Who writes, and where that is; None for one whose answers age with the web."""
    identity: str | None = getattr(provider, "identity", provider.name)
    return identity


def policy_of(job: Job, provider: Provider, privacy: Privacy) -> str:
    """What else decides what goes into a prompt; a change of it asks for another answer."""
    return f"personal data: {privacy.policy(provider, job.brief).word}"


def was_cached(told: Iterable[events.Event]) -> bool:
    """Whether an attempt that was cut off had begun to give an answer of before again."""
    return any(isinstance(one, events.Progress) and one.stage == "cached" for one in told)
