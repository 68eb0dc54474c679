"""What figures are told of an answer: once, when it has ended or changed hands; nothing a token.

May import every floor below answering.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat import events
from chat.answering.attempt import Attempt
from chat.conversations import Ending
from chat.metrics import counted
from chat.metrics.minutes import minutes


def note_begun(provider: str) -> None:
    """An answer begins, which this provider is to write."""
    counted.runs_begun.add(counted.vendor_of(provider))


def note_failure(provider: str, code: str) -> None:
    """A try of a provider has failed, whatever is done about it."""
    counted.provider_errors.add(counted.vendor_of(provider), code)
    minutes.failed(provider)


def note_ended(attempt: Attempt, ending: Ending, error: events.Error | None) -> None:
    """An attempt of this process has made its answer final."""
    vendor = counted.vendor_of(attempt.provider.name)
    timing: Mapping[str, Any] = ending.details["timing"]
    counted.chunks.add(amount=attempt.chunks)
    counted.tokens.add(vendor, amount=attempt.tokens_written)
    counted.run_seconds.observe(timing["duration_ms"] / 1000, vendor)
    if timing["first_chunk_ms"] is not None:
        counted.first_chunk.observe(timing["first_chunk_ms"] / 1000, vendor)
        counted.gaps.observe(attempt.longest_gap)
    is_cached = ending.details["cached"]
    if timing["tokens_per_second"] is not None:
        counted.rates.observe(timing["tokens_per_second"], vendor)
    _note_end(attempt.provider.name, ending.status, error.code if error is not None else "")
    first_ms = timing["first_chunk_ms"]
    minutes.answered(
        attempt.provider.name,
        ending.status,
        first_ms=first_ms,
        writing_ms=0 if first_ms is None or is_cached else timing["duration_ms"] - first_ms,
        tokens=attempt.tokens_written,
        is_cached=is_cached,
    )


def note_left(ending: Ending) -> None:
    """An answer that nobody wrote any more has been ended."""
    provider = ending.details["provider"] or "other"
    _note_end(provider, ending.status, "interrupted" if ending.error is not None else "")
    minutes.answered(
        provider, ending.status, first_ms=None, writing_ms=0, tokens=0, is_cached=False
    )


def note_kept(saved: Sequence[events.Event]) -> None:
    """What a process that is gone had written of an answer."""
    counted.chunks.add(amount=sum(isinstance(event, events.Chunk) for event in saved))


def _note_end(provider: str, status: str, code: str) -> None:
    vendor = counted.vendor_of(provider)
    counted.runs_ended.add(vendor, status)
    if code:
        counted.run_errors.add(vendor, code)
