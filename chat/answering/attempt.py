"""One attempt at an answer while it is made, and what was measured of it.

May import every floor below answering.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat import events
from chat.answering.context import Job
from chat.eventlog.base import Writer
from chat.providers.base import Draft, Provider, Usage

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Found:
    """What is kept of a search while its answer is written; the passages themselves are not."""

    intent: str
    concepts: Sequence[str]
    passages: int


@dataclass(slots=True)
class Attempt:
    """One attempt while it is made, and what was measured of it; times in seconds of `clock`."""

    job: Job
    writer: Writer
    provider: Provider
    model: str
    clock: Clock = time.monotonic
    stopped: Callable[[], bool] = lambda: False
    began: float = 0.0
    first_text: float | None = None
    stages: list[dict[str, Any]] = field(default_factory=list)
    found: Found | None = None
    draft: Draft | None = None
    usage: Usage | None = None
    stop_reason: events.StopReason = "end"

    def elapsed_ms(self) -> int:
        return round((self.clock() - self.began) * 1000)

    def enter(self, stage: events.Stage, message: str, **detail: Any) -> None:
        """Tell that a stage begins, now."""
        elapsed = self.elapsed_ms()
        self.stages.append({"stage": stage, "message": message, "elapsed_ms": elapsed})
        self.writer.write(
            events.Progress(stage=stage, message=message, elapsed_ms=elapsed, detail=detail or None)
        )


def begin(attempt: Attempt) -> None:
    """The events that come before any work: the durable question, and the start."""
    asked = attempt.job.asked
    attempt.began = attempt.clock()
    attempt.writer.write(
        events.UserMessage(
            id=asked.question_id,
            content=asked.question,
            created_at=asked.asked_at,
            client_id=asked.client_id,
        )
    )
    attempt.writer.write(
        events.Start(
            message_id=asked.message_id,
            conversation_id=asked.conversation_id,
            parent_id=asked.question_id,
            attempt=asked.attempt,
            provider=attempt.provider.name,
            model=attempt.model,
        )
    )
    if asked.attempt > 1:
        attempt.writer.write(
            events.Snapshot(
                content=asked.written,
                thinking=asked.thinking,
                confidence=None,
                stage=None,
                attempt=asked.attempt,
            )
        )
