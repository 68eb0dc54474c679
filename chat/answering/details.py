"""The metadata of a message: what is known of how it was made, and nothing else.

Keeps true: it always has the protocol's shape; every number in it was measured in its attempt; its
sources are those that the text really names. Pure. May import every floor below answering.
"""

import re
from collections.abc import Sequence
from typing import Any

from chat import events
from chat.answering.attempt import Attempt
from chat.answering.context import estimate_tokens

_MARKER = re.compile(r"\[(\d{1,3})\]")


def describe(attempt: Attempt) -> dict[str, Any]:
    """The metadata of an attempt that this process made."""
    log, draft, usage = attempt.writer.log, attempt.draft, attempt.usage
    confidence = log.confidence if draft else None
    return _blank() | {
        "confidence": confidence,
        "confidence_basis": draft.confidence_basis if draft and confidence is not None else None,
        "sources": cited([s.as_json() for s in draft.sources] if draft else [], log.text),
        "concepts_used": list(attempt.found.concepts) if attempt.found else [],
        "suggestions": list(draft.suggestions) if draft else [],
        "analysis": _analysis(attempt),
        "provider": attempt.provider.name,
        "model": attempt.model,
        "depth": attempt.job.asked.depth.value,
        "usage": {
            "prompt_tokens": usage.prompt_tokens if usage else None,
            "completion_tokens": usage.completion_tokens if usage else None,
        },
        "timing": _timing(attempt),
        "stop_reason": attempt.stop_reason,
        "attempts": attempt.job.attempt,
    }


def describe_saved(saved: Sequence[events.Event], text: str, **known: Any) -> dict[str, Any]:
    """The metadata of an attempt of which only saved events are left.

    Its confidence is None: the last value was not that of the whole answer.
    """
    details = _blank() | known
    stages = []
    for event in saved:
        match event:
            case events.Start():
                details |= {"provider": event.provider, "model": event.model}
            case events.Context():
                details["sources"] = cited(event.sources, text)
                details["concepts_used"] = event.concepts
            case events.Progress():
                stages.append(
                    {
                        "stage": event.stage,
                        "message": event.message,
                        "elapsed_ms": event.elapsed_ms,
                    }
                )
            case _:
                pass
    details["analysis"] = {"stages": stages}
    return details


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


def _analysis(attempt: Attempt) -> dict[str, Any]:
    found = attempt.found
    return {
        **(dict(attempt.draft.analysis) if attempt.draft else {}),
        "intent": found.intent if found else None,
        "passages_read": found.passages if found else 0,
        "stages": attempt.stages,
    }


def _timing(attempt: Attempt) -> dict[str, Any]:
    """Milliseconds from the start of this attempt; tokens a second over the time of writing."""
    duration = attempt.clock() - attempt.began
    first, rate = None, None
    if attempt.first_text is not None:
        first = round((attempt.first_text - attempt.began) * 1000)
        writing = attempt.clock() - attempt.first_text
        rate = round(_tokens_written(attempt) / writing, 1) if writing > 0.01 else None
    return {
        "first_chunk_ms": first,
        "duration_ms": round(duration * 1000),
        "tokens_per_second": rate,
    }


def _tokens_written(attempt: Attempt) -> int:
    """The provider's own count, or an estimate of what this attempt added."""
    if attempt.usage is not None:
        return attempt.usage.completion_tokens
    continued = attempt.draft is not None and attempt.draft.continues
    before = len(attempt.job.asked.written) if continued else 0
    return estimate_tokens([attempt.writer.log.text[before:]])
