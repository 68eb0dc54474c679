"""What happened in each minute, as the overview of the admins shows it: counted in memory.

Keeps true: what is counted stays until somebody has stored it, for two hours at most. A provider
goes by the name that it has here; the name "" is the process itself. Imports sketch.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chat.metrics.sketch import Sketch

MOST_MINUTES = 120  # that wait to be stored
SUMS = (
    "answers", "failed", "stopped", "cached", "failures", "tokens", "writing_ms", "requests",
    "request_errors",
)  # fmt: skip
OPEN = ("streams_most", "runs_most", "queue_most")  # of one minute those of all processes add up
MOST = (*OPEN, "first_ms_most", "lag_ms_most")
NUMBERS = (*SUMS, *MOST, "streams")  # the last one is how many there were in the end


@dataclass(slots=True)
class Minute:
    """One minute of one provider, or of the process; `is_new` since it was last stored."""

    numbers: dict[str, float] = field(default_factory=lambda: dict.fromkeys(NUMBERS, 0.0))
    first_ms: Sketch = field(default_factory=Sketch)
    is_new: bool = True


Key = tuple[int, str]  # the minute since 1970, and the name of the provider


class Minutes:
    """Of one process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._minutes: dict[Key, Minute] = {}
        self._streams = 0.0

    def answered(
        self, provider: str, status: str, *, first_ms: float | None, writing_ms: float,
        tokens: float, is_cached: bool,
    ) -> None:  # fmt: skip
        """An answer has ended. `first_ms` is None for one without text."""
        minute = self._now(provider)
        add = minute.numbers
        add["answers"] += 1
        add["failed"] += status in {"failed", "interrupted"}
        add["stopped"] += status == "stopped"
        add["cached"] += is_cached
        add["tokens"] += tokens
        add["writing_ms"] += writing_ms
        if first_ms is not None:
            minute.first_ms.add(first_ms)
            add["first_ms_most"] = max(add["first_ms_most"], first_ms)

    def failed(self, provider: str) -> None:
        """A try of a provider has failed."""
        self._now(provider).numbers["failures"] += 1

    def requested(self, *, is_error: bool) -> None:
        """A request was answered."""
        numbers = self._now("").numbers
        numbers["requests"] += 1
        numbers["request_errors"] += is_error

    def seen(self, *, streams: float, runs: float, queue: float, lag_ms: float) -> None:
        """How much there is now; nothing is told of a process where nothing is."""
        if not (streams or runs or queue or self._streams):
            return
        numbers = self._now("", changes=streams != self._streams).numbers
        numbers["streams"] = self._streams = streams
        for name, value in (("streams", streams), ("runs", runs), ("queue", queue)):
            numbers[f"{name}_most"] = max(numbers[f"{name}_most"], value)
        numbers["lag_ms_most"] = max(numbers["lag_ms_most"], lag_ms)

    def leave(self) -> None:
        """The process ends: nothing is open any more."""
        if self._streams:
            self._now("").numbers["streams"] = self._streams = 0.0

    def new(self) -> Mapping[Key, Minute]:
        """What is not stored as it is now."""
        return {key: minute for key, minute in self._minutes.items() if minute.is_new}

    def stored(self, keys: Sequence[Key]) -> None:
        """These are; past ones are forgotten."""
        now = self._minute()
        for key in keys:
            if key[0] < now and not self._minutes[key].is_new:
                del self._minutes[key]

    def _minute(self) -> int:
        return int(self._clock() // 60)

    def _now(self, provider: str, *, changes: bool = True) -> Minute:
        key = self._minute(), provider
        minute = self._minutes.get(key)
        if minute is None:
            self._forget_old(key[0])
            minute = self._minutes[key] = Minute()
        minute.is_new |= changes
        return minute

    def _forget_old(self, now: int) -> None:
        for key in [key for key in self._minutes if key[0] < now - MOST_MINUTES]:
            del self._minutes[key]


minutes = Minutes()
