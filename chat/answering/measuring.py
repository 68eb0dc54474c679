"""What figures are told of an answer: once, when it has ended or changed hands; nothing a token.

May import every floor below answering.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat import events
from chat.answering.attempt import Attempt
from chat.conversations import Ending
from chat.loglines import lines
from chat.metrics import counted
from chat.metrics.minutes import minutes
from chat.tracing import traces


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
    if lines.format != "off" or traces.are_on:
        _tell(attempt, ending, error.code if error is not None else None)


def note_left(message_id: str, ending: Ending) -> None:
    """An answer that nobody wrote any more has been ended."""
    provider = ending.details["provider"] or "other"
    _note_end(provider, ending.status, "interrupted" if ending.error is not None else "")
    minutes.answered(
        provider, ending.status, first_ms=None, writing_ms=0, tokens=0, is_cached=False
    )
    lines.write("answer", message_id=message_id, provider=provider, status=ending.status)


def note_kept(saved: Sequence[events.Event]) -> None:
    """What a process that is gone had written of an answer."""
    counted.chunks.add(amount=sum(isinstance(event, events.Chunk) for event in saved))


def _note_end(provider: str, status: str, code: str) -> None:
    vendor = counted.vendor_of(provider)
    counted.runs_ended.add(vendor, status)
    if code:
        counted.run_errors.add(vendor, code)


def _tell(attempt: Attempt, ending: Ending, code: str | None) -> None:
    """The line and the trace of an answer, with the id of the request that began it."""
    origin, details = attempt.origin, ending.details
    timing, usage = details["timing"], details["usage"]
    facts = {
        "message_id": attempt.job.message_id,
        "conversation_id": attempt.job.asked.conversation_id,
        "request_id": origin.request_id if origin is not None else None,
        "provider": attempt.provider.name,
        "model": attempt.model,
        "status": ending.status,
        "code": code,
        "stop_reason": details["stop_reason"],
        "cached": details["cached"] or None,
        "attempts": details["attempts"],
        "first_chunk_ms": timing["first_chunk_ms"],
        "ms": timing["duration_ms"],
        "chunks": attempt.chunks,
        "prompt_tokens": usage["prompt_tokens"],
        "completion_tokens": usage["completion_tokens"],
    }
    lines.write("answer", **facts)
    if traces.are_on:
        traces.answer(
            details["analysis"]["stages"],
            parent=origin.trace if origin is not None else None,
            seconds=timing["duration_ms"] / 1000,
            facts={f"parley.{name}": one for name, one in facts.items() if one is not None},
            failed=code is not None,
        )
