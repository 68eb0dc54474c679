"""Who writes an answer when somebody cannot: the same provider again, then the next one.

Keeps true: before the first text a provider that may be asked again is, after a growing pause or
after the one that it asks for; then the next one is. Text that readers have is withdrawn only where
another model writes a whole answer; where only the built-in provider is left it stays, and the run
ends as an error that can be continued. May import every floor below answering.
"""

import random
from collections.abc import Callable

from chat.answering.attempt import Attempt
from chat.answering.measuring import note_failure
from chat.errors import ProviderError
from chat.metrics import counted

RETRIES = 2
_FIRST_PAUSE = 0.4  # seconds; twice as long each time, by chance up to half as much more
_LONGEST_PAUSE = 20.0  # a provider that asks for more is not waited for
_LAST_RESORT = "library"
_FINAL = {"run_timeout"}  # nobody else is asked after these


Write = Callable[[Attempt], None]
Withdraw = Callable[[Attempt, str], None]


def write_with_any(attempt: Attempt, write: Write, begin_again: Withdraw) -> None:
    """Have the attempt's provider write, else the next ones; may raise ProviderError.

    `begin_again` withdraws the text so far, for a reason that readers are told.
    """
    while True:
        try:
            return _write_patiently(attempt, write)
        except ProviderError as failure:
            if failure.code in _FINAL or not _hand_over(attempt, failure, begin_again):
                raise


def _write_patiently(attempt: Attempt, write: Write) -> None:
    """Have one provider write; it is asked again while nothing of it was shown."""
    for number in range(RETRIES + 1):
        try:
            return write(attempt)
        except ProviderError as failure:
            note_failure(attempt.provider.name, failure.code)
            pause = _pause(number, failure)
            if pause is None or number == RETRIES or not failure.again or _has_shown(attempt):
                raise
            _wait(attempt, failure, number, pause)
            if attempt.stop:
                attempt.stop_reason = "stopped"
                return


def _pause(number: int, failure: ProviderError) -> float | None:
    """Seconds before the next try; None when they are too many."""
    if failure.retry_after is not None:
        return failure.retry_after if failure.retry_after <= _LONGEST_PAUSE else None
    return float(_FIRST_PAUSE * 2**number * random.uniform(1, 1.5))


def _wait(attempt: Attempt, failure: ProviderError, number: int, pause: float) -> None:
    counted.retries.add(counted.vendor_of(attempt.provider.name))
    attempt.enter(
        "retrying",
        f"{failure.detail} Trying again in {pause:.1f} s",
        provider=attempt.provider.name,
        code=failure.code,
        retry=number + 1,
        wait_ms=round(pause * 1000),
    )
    attempt.stop.wait(min(pause, max(0.0, attempt.deadline - attempt.clock())))


def _hand_over(attempt: Attempt, failure: ProviderError, begin_again: Withdraw) -> bool:
    """Make the next provider the attempt's; false when it has to end as it is."""
    shown, former = _has_shown(attempt), attempt.provider.name
    if shown and all(provider.name == _LAST_RESORT for provider, _ in attempt.others):
        return False
    if not attempt.next_provider():
        return False
    counted.fallbacks.add(counted.vendor_of(former))
    if shown:
        begin_again(attempt, f"{failure.detail} {attempt.provider.name} starts again.")
    attempt.enter(
        "fallback",
        f"{failure.detail} {attempt.provider.name} writes instead",
        provider=attempt.provider.name,
        model=attempt.model,
        code=failure.code,
    )
    return True


def _has_shown(attempt: Attempt) -> bool:
    return attempt.first_text is not None or attempt.stage == "thinking"
