"""The metadata of a message: what is known of how it was made, and nothing else.

Keeps true: it always has the protocol's shape; every number in it was measured in its attempt; its
sources are those that the text really names. Pure. May import every floor below answering.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chat import events
from chat.answering.attempt import Attempt
from chat.answering.context import estimate_tokens
from chat.providers.base import Usage

_STAGE = ("stage", "message", "elapsed_ms")
_MARKER = re.compile(r"\[(\d{1,3})\]")


def describe(attempt: Attempt, told: Sequence[events.Event]) -> dict[str, Any]:
    """The metadata of an attempt that this process made; `told` is what its log says of it."""
    log, usage = attempt.writer.log, attempt.usage
    confidence = log.confidence if attempt.basis else None
    details = _blank() | _told(told, log.text)
    details["analysis"] |= msgspec.json.decode(attempt.analysis)
    details["analysis"]["passages_read"] = attempt.passages_read
    if attempt.signals and confidence is not None:
        details["analysis"]["signals"] = _signals(attempt.signals)
    if attempt.computed is not None and confidence is not None:
        details["analysis"]["confidence_computed"] = attempt.computed
    return details | {
        "confidence": confidence,
        "confidence_basis": attempt.basis if confidence is not None else None,
        "suggestions": list(attempt.suggestions),
        "provider": attempt.provider.name,
        "model": attempt.model,
        "depth": attempt.job.asked.depth.value,
        "usage": _usage(usage) if usage else details["usage"],
        "timing": _timing(attempt),
        "stop_reason": attempt.stop_reason,
        "attempts": attempt.job.attempt,
    }


def _signals(found: Mapping[str, float]) -> list[dict[str, Any]]:
    return [{"name": name, "value": round(value, 4)} for name, value in found.items()]


def describe_saved(saved: Sequence[events.Event], text: str, **known: Any) -> dict[str, Any]:
    """The metadata of an attempt of which only saved events are left.

    Its confidence is None: the last value was not that of the whole answer.
    """
    return _blank() | known | _told(saved, text)


def _told(told: Sequence[events.Event], text: str) -> dict[str, Any]:
    """What the events of a run say of it."""
    details: dict[str, Any] = {}
    analysis: dict[str, Any] = {"intent": None, "stages": []}
    for event in told:
        match event:
            case events.Start():
                details |= {"provider": event.provider, "model": event.model}
            case events.Context():
                details["sources"] = cited(event.sources, text)
                details["concepts_used"] = event.concepts
                details["findings"] = event.findings
                analysis["intent"] = event.intent
                if event.cached_at is not None:
                    details |= {"cached": True, "cached_at": event.cached_at}
            case events.Progress():
                add_stage(analysis["stages"], event)
            case _:
                pass
    return details | {"analysis": analysis}


def add_stage(
    stages: list[dict[str, Any]], event: events.Progress, names: Sequence[str] = _STAGE
) -> None:
    """A further stage; who waits has one, whose place changes."""
    stage = {name: getattr(event, name) for name in names}
    if stages and stages[-1]["stage"] == stage["stage"] == "queued":
        stage["elapsed_ms"] = stages.pop()["elapsed_ms"]
    stages.append(stage)


def cited(sources: Sequence[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """The sources that the text, perhaps cut short, really names."""
    named = {int(marker) for marker in _MARKER.findall(text)}
    return [source for source in sources if source["n"] in named]


def _blank() -> dict[str, Any]:
    return {
        "confidence": None,
        "confidence_basis": None,
        "sources": [],
        "concepts_used": [],
        "findings": [],
        "suggestions": [],
        "analysis": {},
        "provider": "",
        "model": "",
        "usage": {"prompt_tokens": None, "completion_tokens": None},
        "timing": {"first_chunk_ms": None, "duration_ms": None, "tokens_per_second": None},
        "cached": False,
        "stop_reason": None,
        "attempts": 1,
    }


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        **({"estimated": True} if usage.estimated else {}),
    }


def _timing(attempt: Attempt) -> dict[str, Any]:
    """Milliseconds from the start of this run; tokens a second over the time of writing.

    `stop_ms` is how long it took from the wish to stop until the provider was closed.
    """
    duration = attempt.clock() - attempt.began
    first, rate = None, None
    if attempt.first_text is not None:
        first = round((attempt.first_text - attempt.began) * 1000)
        writing = attempt.clock() - attempt.first_text
        attempt.tokens_written = _tokens_written(attempt)
        is_written = writing > 0.01 and attempt.cached_from is None
        rate = round(attempt.tokens_written / writing, 1) if is_written else None
    stopped = attempt.stopped_after
    return {
        "first_chunk_ms": first,
        "duration_ms": round(duration * 1000),
        "tokens_per_second": rate,
        **({"stop_ms": round(stopped * 1000, 1)} if stopped is not None else {}),
    }


def _tokens_written(attempt: Attempt) -> int:
    """The provider's own count, or an estimate of what this attempt added."""
    if attempt.usage is not None:
        return attempt.usage.completion_tokens
    before = len(attempt.job.asked.written) if attempt.continues else 0
    return estimate_tokens([attempt.writer.log.text[before:]])
