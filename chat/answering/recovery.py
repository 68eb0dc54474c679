"""What is left of an answer that nobody writes any more: its text, and its end if it needs one.

Keeps true: what was saved of an attempt becomes the message's text, once, and its log goes with
that. An answer ends here where nobody goes on with it (`taking_over.py`), or when its end could not
be stored, or it could not be started after its rows were written. May import every floor below
answering.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from chat import conversations, events
from chat.answering.auditing import note_answer
from chat.answering.details import describe_saved
from chat.answering.measuring import note_kept, note_left
from chat.answering.outcome import INTERRUPTED
from chat.database import Database
from chat.eventlog.sql import read_saved
from chat.models import Announcement, LogGroup, LogTail, Message, Run
from chat.values import utc_now

logger = logging.getLogger(__name__)
_FORGET = [delete(kept).where(kept.message_id == bindparam("left")) for kept in (LogGroup, LogTail)]
_READ = timedelta(minutes=2)  # after which every process has read an announcement


@dataclass(frozen=True, slots=True)
class Kept:
    """What was saved of an attempt; `grew` when that is more text than it began with, `waited` when
    its turn had not come."""

    events: Sequence[events.Event]
    text: str
    thinking: str
    grew: bool
    waited: bool


def keep(session: Session, message_id: str, attempt: int) -> Kept:
    """Make what was saved of an attempt the message's text, and let its log go."""
    message = session.get_one(Message, message_id)
    saved = list(read_saved(session, message_id, attempt))
    text, thinking = _written(saved, message.content, message.thinking)
    grew = len(text) > len(message.content)
    message.content, message.thinking = text, thinking
    for forget in _FORGET:
        session.execute(forget, {"left": message_id})
    return Kept(saved, text, thinking, grew, _last_stage(saved) == "queued")


def end_kept(
    session: Session, message_id: str, kept: Kept, *, stopped: bool = False
) -> conversations.Ending:
    """End an answer with what was kept of it, as interrupted or, where that was asked, as stopped.

    The caller has given it a new attempt: followers may have read up to 200 ms more than was saved,
    and what they are told now has to replace that.
    """
    run = session.get_one(Run, message_id, populate_existing=True)
    more: dict[str, Any] = {"stop_reason": "stopped"}
    if not stopped:
        more = {"error": msgspec.to_builtins(INTERRUPTED)}
    known = {"provider": run.provider, "model": run.model, "depth": run.depth}
    ending = conversations.Ending(
        status="stopped" if stopped else "interrupted",
        content=kept.text,
        thinking=kept.thinking,
        details=describe_saved(kept.events, kept.text, **known, attempts=run.attempt, **more),
        last_seq=2,
        error=None if stopped else INTERRUPTED.data().decode(),
    )
    conversations.finish_answer(session, message_id, run.attempt, ending)
    note_answer(session, message_id, run.user_id, ending, depth=run.depth)
    return ending


def end_orphans(
    database: Database,
    owner_id: str,
    *,
    owned: Collection[str] = (),
    older_than: timedelta = timedelta(0),
) -> int:
    """End every run that is said to be of `owner_id` but is not `owned`; how many there were.

    `older_than` leaves out runs whose rows are written and which are just about to start.
    """
    with database.reading() as session:
        started = select(Run.message_id).where(
            Run.owner_id == owner_id,
            Run.state == "running",
            Run.started_at <= utc_now() - older_than,
        )
        orphans = [found for found in session.scalars(started) if found not in owned]
    for message_id in orphans:
        end_orphan(database, message_id)
    return len(orphans)


def end_orphan(database: Database, message_id: str) -> None:
    """End one run that nobody writes, if it is still marked as running."""
    with database.writing() as session:
        run = session.get_one(Run, message_id, with_for_update={"key_share": True})
        if run.state != "running":
            return
        kept = keep(session, message_id, run.attempt)
        run.attempt += 1
        session.flush()
        ending = end_kept(session, message_id, kept)
    note_kept(kept.events)
    note_left(message_id, ending)
    logger.warning("the answer %s was interrupted", message_id)


def forget_ended_logs(database: Database) -> None:
    """Delete what a crash left behind: logs of runs that have ended, announcements long read."""
    with database.writing() as session:
        conversations.forget_ended_logs(session)
        session.execute(delete(Announcement).where(Announcement.made_at < utc_now() - _READ))


def _last_stage(saved: Sequence[events.Event]) -> str:
    stages = [event.stage for event in saved if isinstance(event, events.Progress)]
    return stages[-1] if stages else ""


def _written(saved: Sequence[events.Event], text: str, thinking: str) -> tuple[str, str]:
    """The text and the thinking after the saved events, from what the message held before."""
    for event in saved:
        match event:
            case events.Chunk():
                text += event.content
            case events.Thinking():
                thinking += event.content
            case events.Snapshot():
                text, thinking = event.content, event.thinking
            case events.Reset():
                text, thinking = "", ""
            case _:
                pass
    return text, thinking
