"""One run while it is made: the attempt that it is in, and what was measured of it.

May import every floor below answering.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from chat import events
from chat.answering.context import Job
from chat.answering.stopping import Stop
from chat.eventlog.base import Writer
from chat.origin import Origin
from chat.providers.base import Draft, Provider, Usage

Clock = Callable[[], float]


@dataclass(slots=True, eq=False)
class Attempt:
    """One attempt while it is made, and what was measured of it; times in seconds of `clock`.

    `deadline` is when the whole run has to be over; `others` are the providers to fall back to, in
    order. What the log has told (stages, sources, concepts) is not kept a second time, and neither
    are a draft and the passages that it was made from: there may be a thousand attempts at once.
    """

    job: Job
    writer: Writer
    provider: Provider
    model: str
    others: Sequence[tuple[Provider, str]] = ()
    clock: Clock = time.monotonic
    stop: Stop = field(default_factory=Stop)
    deadline: float = math.inf
    began: float = 0.0
    first_text: float | None = None
    longest_gap: float = 0.0  # seconds between two pieces, once there was text
    chunks: int = 0
    origin: Origin | None = None  # the request that began it
    tokens_written: int = 0  # known at the end
    stopped_after: float | None = None  # seconds from the wish to stop to the closed provider
    stage: str = ""
    place: int = 0  # in the queue, as told last; 0 when it never waited
    passages_read: int = 0
    basis: events.Basis | None = None
    shift: Callable[[float], float] | None = None  # of a confidence, as people's ratings ask for
    computed: float | None = None  # the last confidence before it was shifted
    analysis: bytes = b"{}"
    signals: Mapping[str, float] | None = None  # what came of a model's confidence, at the end
    ideas: Sequence[str] = ()  # questions that might come next, of which none was tried
    suggestions: Sequence[str] = ()  # those that have an answer here
    prompt_sha256: str | None = None
    cache_key: str | None = None  # under which the answer may be given again
    cached_from: str | None = None  # the message whose answer is given again
    continues: bool = False
    is_ending: bool = False
    is_preparing: bool = True  # until there is a draft, which takes the processor
    usage: Usage | None = None
    stop_reason: events.StopReason = "end"

    def take(self, draft: Draft, shift: Callable[[float], float] | None = None) -> None:
        """What is kept of a draft that begins, and how its confidence is to be shifted."""
        self.is_preparing = False
        self.basis, self.continues, self.usage = draft.confidence_basis, draft.continues, None
        self.analysis = msgspec.json.encode(draft.analysis)
        self.ideas, self.signals = draft.suggestions, None
        self.shift, self.computed = shift, None
        self.prompt_sha256 = draft.prompt_sha256

    def next_provider(self) -> bool:
        """Go on with the next provider; false when there is none left."""
        if not self.others:
            return False
        (self.provider, self.model), *self.others = self.others
        return True

    @property
    def number(self) -> int:
        return self.job.attempt

    def elapsed_ms(self) -> int:
        return round((self.clock() - self.began) * 1000)

    def enter(self, stage: events.Stage, message: str, **detail: Any) -> None:
        """Tell that a stage begins, now."""
        self.stage = stage
        self.writer.write(
            events.Progress(
                stage=stage, message=message, elapsed_ms=self.elapsed_ms(), detail=detail or None
            )
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
    attempt.writer.write(_start(attempt))
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


def begin_again(attempt: Attempt, reason: str) -> None:
    """The next attempt of the same run: the text so far is withdrawn; stages go on."""
    asked = replace(attempt.job.asked, attempt=attempt.job.attempt + 1, written="", thinking="")
    attempt.job = replace(attempt.job, asked=asked)
    attempt.first_text, attempt.stage = None, ""
    attempt.writer.begin_attempt(asked.attempt)
    attempt.writer.write(events.Reset(reason=reason))
    attempt.writer.write(_start(attempt))


def _start(attempt: Attempt) -> events.Start:
    asked = attempt.job.asked
    return events.Start(
        message_id=asked.message_id,
        conversation_id=asked.conversation_id,
        parent_id=asked.question_id,
        attempt=asked.attempt,
        provider=attempt.provider.name,
        model=attempt.model,
    )
