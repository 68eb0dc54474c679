"""How an attempt ended, and the commit that makes it final.

Keeps true: nobody is told `complete` before it is stored; an end that cannot be stored right now is
tried again while the process lives, and the text stays in memory meanwhile; an attempt that the
store does not know any more tells nobody anything. May import every floor below answering.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from chat import conversations, events
from chat.answering.attempt import Attempt
from chat.answering.auditing import note_end, passages_given
from chat.answering.details import describe
from chat.answering.measuring import note_ended
from chat.database import Database
from chat.errors import ParleyError, Unavailable

logger = logging.getLogger(__name__)
INTERRUPTED = events.Error(
    code="interrupted",
    message="The server restarted while this answer was being written. What arrived is kept.",
    retryable=True,
)
_NOT_STORED = Unavailable("The answer could not be stored; the disk may be full. Try again.")
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 20.0)  # seconds between tries, about a minute


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` of the message, and the error if it is one."""

    status: str
    error: events.Error | None = None


def failed(failure: ParleyError) -> Outcome:
    """The outcome of an attempt that an error ended."""
    return Outcome("failed", error_event(failure))


def error_event(failure: ParleyError) -> events.Error:
    """What followers are told of an error."""
    return events.Error(
        code=failure.code,
        message=failure.detail,
        retryable=failure.retryable,
        retry_after=failure.retry_after,
    )


def conclude(
    attempt: Attempt, outcome: Outcome, database: Database, pause: Callable[[float], bool]
) -> dict[str, Any] | None:
    """Store the message, then tell the followers; its metadata, if it is complete.

    `pause` waits for some seconds and says whether to go on trying.
    """
    log = attempt.writer.log
    told = log.told()
    details = describe(attempt, told)
    if outcome.error is not None:
        details["error"] = msgspec.to_builtins(outcome.error)
    complete = events.Complete(id=attempt.job.message_id, content=log.text, metadata=details)
    ending = conversations.Ending(
        status=outcome.status,
        content=log.text,
        thinking=log.thinking,
        details=details,
        last_seq=log.next_seq,
        error=outcome.error.data().decode() if outcome.error else None,
    )
    stored = _store(attempt, ending, passages_given(told), database, pause)
    if stored is None and not attempt.stop.abandoned:  # else another process ends it
        attempt.writer.write(error_event(_NOT_STORED))
    elif stored:
        attempt.writer.settle()
        note_ended(attempt, ending, outcome.error)
        attempt.writer.write(outcome.error or complete)
    return details if stored and outcome.status == "complete" else None


def _store(
    attempt: Attempt,
    ending: conversations.Ending,
    passages: Sequence[str],
    database: Database,
    pause: Callable[[float], bool],
) -> bool | None:
    """Whether the message became final; False when another attempt owns it, None when it failed."""
    job = attempt.job
    for seconds in (*PAUSES, None):
        try:
            with database.changing() as session:
                if not conversations.finish_answer(session, job.message_id, job.attempt, ending):
                    return False
                note_end(session, attempt, ending, passages)
                return True
        except (SQLAlchemyError, ParleyError, OSError) as error:
            logger.warning(
                "the end of %s is not stored yet: %s", job.message_id, type(error).__name__
            )
        if seconds is None or not pause(seconds):
            break
    return None
