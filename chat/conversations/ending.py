"""The end of an answer: the only place where one becomes final.

Keeps true: an answer is ended once, by the attempt that owns it; its log goes in the same
transaction. May import the plain ground and the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from chat import events
from chat.conversations.tables import CONVERSATIONS, LOG_GROUPS, MESSAGES, RUNS
from chat.database import Statements
from chat.models import Message, Run
from chat.statements import Prepared
from chat.values import utc_now

_ENDED: BindParameter[str] = bindparam("ended")  # the id of the message
_END_RUN = Prepared(
    update(RUNS)
    .where(
        RUNS.c.message_id == _ENDED,
        RUNS.c.attempt == bindparam("owner"),
        RUNS.c.state == "running",
    )
    .values(
        state="ended",
        provider=func.coalesce(bindparam("used_provider"), RUNS.c.provider),
        model=func.coalesce(bindparam("used_model"), RUNS.c.model),
    ),
    ["last_seq", "error", "ended_at"],
)
_FINISH = Prepared(
    update(MESSAGES).where(MESSAGES.c.id == _ENDED), ["status", "content", "thinking", "metadata"]
)
_FORGET_LOG = Prepared(delete(LOG_GROUPS).where(LOG_GROUPS.c.message_id == _ENDED))
_TOUCH = Prepared(
    update(CONVERSATIONS).where(
        CONVERSATIONS.c.id
        == select(MESSAGES.c.conversation_id).where(MESSAGES.c.id == _ENDED).scalar_subquery()
    ),
    ["active_at"],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an attempt ended. `status` is complete, stopped, interrupted or failed.

    `last_seq` is the seq of the terminal event that follows the commit; `error` is that event's
    data when it is an error.
    """

    status: str
    content: str
    thinking: str
    details: Mapping[str, Any]
    last_seq: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What a follower of an ended run is told: the message as stored, and the event ids for it."""

    message_id: str
    status: str
    content: str
    thinking: str
    details: Mapping[str, Any]
    attempt: int
    last_seq: int
    error: str | None


def finish_answer(session: Statements, message_id: str, attempt: int, ending: Ending) -> bool:
    """Make an answer final; false, and nothing written, when another attempt owns it by now."""
    now = utc_now()
    run = {
        "ended_at": now,
        "last_seq": ending.last_seq,
        "error": ending.error,
        "used_provider": ending.details.get("provider") or None,
        "used_model": ending.details.get("model") or None,
    }
    if _END_RUN.change(session, {"ended": message_id, "owner": attempt, **run}) != 1:
        return False
    final = {
        "status": ending.status,
        "content": ending.content,
        "thinking": ending.thinking,
        "metadata": dict(ending.details),
    }
    _FINISH.change(session, {"ended": message_id, **final})
    _FORGET_LOG.change(session, {"ended": message_id})
    _TOUCH.change(session, {"ended": message_id, "active_at": now})
    return True


def find_ended(session: Session, message_id: str) -> Ended | None:
    """The end of a message's run, or None while it runs. The caller has checked the viewer."""
    row = session.execute(
        select(Message, Run)
        .outerjoin(Run, Run.message_id == Message.id)
        .where(Message.id == message_id)
    ).one_or_none()
    if row is None or row[0].status == "running":
        return None
    message, run = row
    return Ended(
        message_id=message.id,
        status=message.status,
        content=message.content,
        thinking=message.thinking,
        details=message.details,
        attempt=run.attempt if run else 1,
        last_seq=max(run.last_seq, 2) if run else 2,
        error=run.error if run else None,
    )


def ended_frames(ended: Ended, after: events.EventId) -> bytes:
    """What brings a follower, who has applied `after`, to what is stored."""
    last = events.EventId(ended.attempt, ended.last_seq)
    if ended.error is None:
        complete = events.Complete(
            id=ended.message_id, content=ended.content, metadata=dict(ended.details)
        )
        return events.frame(complete, last.attempt, last.seq)
    failure = events.parse("error", ended.error)
    before = events.EventId(ended.attempt, ended.last_seq - 1)
    snapshot = events.Snapshot(
        content=ended.content,
        thinking=ended.thinking,
        confidence=None,
        stage=None,
        attempt=ended.attempt,
    )
    head = events.frame(snapshot, before.attempt, before.seq) if after < before else b""
    return head + events.frame(failure, last.attempt, last.seq)
