"""What the audit trail tells of an answer: who asked, who wrote, from what; nothing of its text.

May import every floor below answering.
"""

from collections.abc import Sequence
from typing import Any

from chat import audit, events
from chat.answering.attempt import Attempt
from chat.audit import Action
from chat.conversations import Asked, Ending, NewPlace
from chat.database import Statements
from chat.values import Viewer


def note_end(
    session: Statements, attempt: Attempt, ending: Ending, passages: Sequence[str]
) -> None:
    """An attempt has made its answer final, in this transaction; `passages` were given to it."""
    note_answer(
        session,
        attempt.job.message_id,
        attempt.job.viewer.id,
        ending,
        depth=attempt.job.asked.depth.value,
        prompt_sha256=attempt.prompt_sha256,
        passages=passages,
        **({"cached_from": attempt.cached_from} if attempt.cached_from else {}),
    )


def note_answer(
    session: Statements, message_id: str, asker_id: str, ending: Ending, **more: Any
) -> None:
    """An answer has become final, by whoever ended it."""
    names = ("provider", "model", "attempts", "findings")
    known = {name: ending.details.get(name) for name in names}
    audit.append(
        session,
        Action.ANSWERED,
        actor_id=asker_id,
        subject=f"message:{message_id}",
        status=ending.status,
        stop_reason=ending.details.get("stop_reason"),
        **known,
        **more,
    )


def passages_given(told: Sequence[events.Event]) -> list[str]:
    """The passages that the writer was given, as the last context says."""
    given: list[str] = []
    for event in told:
        if isinstance(event, events.Context):
            given = [source["passage_id"] for source in event.sources if source["passage_id"]]
    return list(dict.fromkeys(given))


def note_shared(session: Statements, viewer: Viewer, asked: Asked, place: NewPlace) -> None:
    """A conversation begins where others see it, too."""
    if asked.is_new and place.visibility == "space":
        subject = f"conversation:{asked.conversation_id}"
        audit.append(
            session,
            Action.CONVERSATION_SHARED,
            actor_id=viewer.id,
            subject=subject,
            space_id=place.space_id,
        )
