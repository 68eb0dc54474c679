"""What is older than the setting says goes, so that the rest is still provable.

Keeps true: before an entry goes there is a checkpoint, itself an entry of the chain, with the seal
that the rest follows; the database lets nothing go that no checkpoint names; days go whole. May
import the plain ground and the tables.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chat.audit.actions import Action
from chat.audit.chain import Entry, Head
from chat.audit.reading import COLUMNS, TABLE, heads_of
from chat.audit.trail import append, take_turn
from chat.database import Database, Statements

_AT_ONCE = 1000
_BREATH = 0.01  # seconds between two slices, for others who write
_MOST_HEADS = 400  # daily heads that a checkpoint keeps


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is left of the entries that went: their last head, how many, the heads of their days."""

    entry: Entry
    head: Head
    pruned: int
    heads: dict[int, str]

    @classmethod
    def of(cls, entry: Entry) -> "Checkpoint":
        """ValueError when the entry does not hold one."""
        told: dict[str, Any] = msgspec.json.decode(entry.details, type=dict[str, Any])
        head = Head(int(told["through"]), str(told["hash"]))
        heads = [Head.parse(text.partition(" ")[2]) for text in told.get("heads", [])]
        known = {one.number: one.hash for one in (*heads, head)}
        return cls(entry, head, int(told["pruned"]), known)


def newest_checkpoint(session: Statements) -> Checkpoint | None:
    """The one that the entries which are there follow; None where all are there.

    ValueError where it cannot be read.
    """
    row = session.execute(
        select(*COLUMNS)
        .where(TABLE.c.action == Action.TRAIL_PRUNED.value)
        .order_by(TABLE.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    try:
        return Checkpoint.of(Entry(*row))
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise ValueError("the checkpoint cannot be read") from error


def prune(database: Database, days: int, now: datetime) -> int:
    """Let entries of more than `days` days go; how many. 0 days keep them for ever."""
    if days:
        before = (now - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        with database.reading() as session:
            is_due = _last_before(session, before) > _pruned_through(session)
        if is_due:
            with database.writing() as session:
                _set_checkpoint(session, before, days)
    return _let_go(database)


def _set_checkpoint(session: Session, before: datetime, days: int) -> None:
    take_turn(session)  # another process may have done it meanwhile
    former = newest_checkpoint(session)
    start = former.head.number if former else 0
    through = _last_before(session, before)
    if through <= start:
        return
    heads = heads_of(session, _MOST_HEADS, after=start, through=through)
    seal = session.scalars(select(TABLE.c.hash).where(TABLE.c.number == through)).one()
    append(
        session,
        Action.TRAIL_PRUNED,
        actor_id=None,
        through=through,
        hash=seal,
        pruned=(former.pruned if former else 0) + through - start,
        before=before.date().isoformat(),
        days=days,
        heads=[f"{day} {head}" for day, head in heads],
    )


def _last_before(session: Session, before: datetime) -> int:
    """The number of the last entry before all that have to stay; 0 where there is none."""
    stays = session.scalar(select(func.min(TABLE.c.number)).where(TABLE.c.at >= before))
    if stays is not None:
        return int(stays) - 1
    return int(session.scalar(select(func.max(TABLE.c.number))) or 0)


def _pruned_through(session: Session) -> int:
    found = newest_checkpoint(session)
    return found.head.number if found else 0


def _let_go(database: Database) -> int:
    """Delete what the newest checkpoint names, also what was left of it when a process died."""
    gone = 0
    with database.reading() as session:
        through = _pruned_through(session)
    while through:
        with database.writing() as session:
            first = session.scalar(select(func.min(TABLE.c.number)))
            if first is None or first > through:
                break
            last = min(through, first + _AT_ONCE - 1)
            session.execute(delete(TABLE).where(TABLE.c.number <= last))
        gone += last - first + 1
        time.sleep(_BREATH)
    return gone
