"""Answers that nobody writes any more end as `interrupted`, with what was saved of them.

That is after a crash, when a process starts; and later for the rare run whose end could not be
stored, or that could not be started after its rows were written. May import every floor below
answering.
"""

import logging
from collections.abc import Collection
from datetime import timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chat import conversations, events
from chat.answering.details import describe_saved
from chat.answering.outcome import INTERRUPTED
from chat.database import Database
from chat.eventlog.sql import read_saved
from chat.models import LogGroup, Message, Run
from chat.values import utc_now

logger = logging.getLogger(__name__)


def end_orphans(
    database: Database, *, owned: Collection[str] = (), older_than: timedelta = timedelta(0)
) -> int:
    """End every run that is marked as running but is not `owned`; how many there were.

    `older_than` leaves out runs whose rows are written and which are just about to start.
    """
    with database.reading() as session:
        started = select(Run.message_id).where(
            Run.state == "running", Run.started_at <= utc_now() - older_than
        )
        orphans = [found for found in session.scalars(started) if found not in owned]
    for message_id in orphans:
        end_orphan(database, message_id)
    return len(orphans)


def end_orphan(database: Database, message_id: str) -> None:
    """End one run that nobody writes, if it is still marked as running."""
    with database.writing() as session:
        _end(session, message_id)
    logger.warning("the answer %s was interrupted", message_id)


def forget_ended_logs(database: Database) -> None:
    """Delete log groups that a crash left behind after their run had ended."""
    running = select(Run.message_id).where(Run.state == "running")
    with database.writing() as session:
        session.execute(delete(LogGroup).where(LogGroup.message_id.not_in(running)))


def _end(session: Session, message_id: str) -> None:
    run, message = session.get_one(Run, message_id), session.get_one(Message, message_id)
    if run.state != "running":
        return
    saved = list(read_saved(session, message_id, run.attempt))
    text, thinking = _written(saved, message.content, message.thinking)
    details = describe_saved(
        saved,
        text,
        provider=run.provider,
        model=run.model,
        depth=run.depth,
        attempts=run.attempt,
        error=msgspec.to_builtins(INTERRUPTED),
    )
    # Followers may have read up to 200 ms more than was saved: a new attempt number makes sure
    # that what they are told now replaces it.
    run.attempt += 1
    session.flush()
    ending = conversations.Ending(
        status="interrupted",
        content=text,
        thinking=thinking,
        details=details,
        last_seq=2,
        error=INTERRUPTED.data().decode(),
    )
    conversations.finish_answer(session, message_id, run.attempt, ending)


def _written(saved: list[events.Event], text: str, thinking: str) -> tuple[str, str]:
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
