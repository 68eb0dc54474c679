"""The attempts at one answer: which one owns it, and which process makes that.

Keeps true: exactly one process makes the attempt after another, by one conditional update; an
attempt that is not the newest any more writes nothing. May import the plain ground and the tables.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CursorResult, Row, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from chat.conversations.tables import RUNS
from chat.models import Conversation, LogGroup, LogTail, Message, Process, Run

_IS_RUNNING = RUNS.c.state == "running"
_TAKE_OVER = (
    update(RUNS)
    .where(
        RUNS.c.message_id == bindparam("left"),
        RUNS.c.attempt == bindparam("former"),
        RUNS.c.owner_id.is_not_distinct_from(bindparam("former_owner")),
        _IS_RUNNING,
        ~exists().where(
            Process.id == bindparam("former_owner"), Process.beat != bindparam("seen_beat")
        ),
    )
    .values(attempt=RUNS.c.attempt + 1, owner_id=bindparam("owner"))
)
_LEFT = (
    select(RUNS.c.message_id, RUNS.c.attempt, RUNS.c.owner_id)
    .where(
        _IS_RUNNING,
        or_(
            RUNS.c.owner_id.is_(None),
            RUNS.c.owner_id.in_(bindparam("run_out", expanding=True)),
            RUNS.c.owner_id.not_in(select(Process.id)),
        ),
    )
    .order_by(RUNS.c.started_at)
    .limit(bindparam("most"))
)

_Question = aliased(Message)
_ROWS = (
    select(Run, Message, _Question, Conversation)
    .join(Message, Message.id == Run.message_id)
    .join(_Question, _Question.id == Message.parent_id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(Run.message_id == bindparam("left"))
)


@dataclass(frozen=True, slots=True)
class Left:
    """A running answer whose owner is gone, as it was found."""

    message_id: str
    attempt: int
    owner_id: str | None


def begin_attempt(session: Session, message_id: str, former: int) -> bool:
    """Make the attempt after `former` the owner; false when `former` was not it any more."""
    changed = session.execute(
        update(Run)
        .where(Run.message_id == message_id, Run.attempt == former, Run.state == "running")
        .values(attempt=former + 1)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        return False
    for kept in (LogGroup, LogTail):
        session.execute(delete(kept).where(kept.message_id == message_id))
    return True


def forget_ended_logs(session: Session) -> None:
    """Delete what is left of the logs of runs that have ended, or are gone."""
    running = select(Run.message_id).where(Run.state == "running")
    for kept in (LogGroup, LogTail):
        session.execute(delete(kept).where(kept.message_id.not_in(running)))


def find_left(session: Session, run_out: Collection[str], most: int) -> list[Left]:
    """Up to `most` runs, the oldest first, that nobody writes.

    Those that were released, that belong to a process without a row, or to one of `run_out`.
    """
    rows = session.execute(_LEFT, {"run_out": list(run_out), "most": most})
    return [Left(*row) for row in rows]


def take_over(session: Session, left: Left, owner_id: str, *, seen_beat: int | None) -> bool:
    """Make `owner_id` the run's owner, with the next attempt; false when somebody was first.

    Also when the former owner has another beat than was seen: then it is not gone.
    """
    given = {"left": left.message_id, "former": left.attempt, "former_owner": left.owner_id}
    changed = session.execute(_TAKE_OVER, {**given, "owner": owner_id, "seen_beat": seen_beat})
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1


def find_owner(session: Session, message_id: str) -> str | None:
    """The process that writes a message; None while nobody does."""
    return session.scalar(select(RUNS.c.owner_id).where(RUNS.c.message_id == message_id))


def load_rows(session: Session, message_id: str) -> Row[Run, Message, Message, Conversation]:
    """The rows of a run, in one query; while the result is held, `session.get` asks for none."""
    return session.execute(_ROWS, {"left": message_id}).one()


def owned_by(session: Session, owner_id: str) -> set[str]:
    """The messages whose runs a process owns."""
    return set(
        session.scalars(select(RUNS.c.message_id).where(RUNS.c.owner_id == owner_id, _IS_RUNNING))
    )


def release(session: Session, owner_id: str, message_ids: Collection[str] | None = None) -> None:
    """Give up runs of a process, all or some, for others to take over."""
    given_up = update(RUNS).where(RUNS.c.owner_id == owner_id, _IS_RUNNING).values(owner_id=None)
    if message_ids is not None:
        given_up = given_up.where(RUNS.c.message_id.in_(message_ids))
    session.execute(given_up)


def any_released(session: Session, message_ids: Collection[str]) -> bool:
    """Whether one of these runs was given up and nobody has taken it over yet."""
    waits = (RUNS.c.message_id.in_(message_ids), RUNS.c.owner_id.is_(None), _IS_RUNNING)
    return session.scalar(select(RUNS.c.message_id).where(*waits).limit(1)) is not None


def is_running(session: Session, message_id: str) -> bool:
    """Whether a message is being written, or waits for who goes on with it."""
    return session.scalar(select(RUNS.c.state).where(RUNS.c.message_id == message_id)) == "running"


def ask_to_stop(session: Session, message_id: str) -> None:
    """Note that a run is to stop, for whoever owns it now or next; one that has ended has."""
    session.execute(
        update(RUNS).where(RUNS.c.message_id == message_id, _IS_RUNNING).values(stop_asked=True)
    )


def asked_to_stop(session: Session, owner_id: str) -> set[str]:
    """The messages of a process whose runs are to stop."""
    wanted = (RUNS.c.owner_id == owner_id, RUNS.c.stop_asked, _IS_RUNNING)
    return set(session.scalars(select(RUNS.c.message_id).where(*wanted)))
