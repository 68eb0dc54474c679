"""Reading the trail: newest first for a page, oldest first for an export, and its daily heads.

May import the plain ground and the tables.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from chat.audit.chain import Entry, Head
from chat.database import Statements
from chat.models import AuditEntry

TABLE = AuditEntry.metadata.tables["audit_entries"]
COLUMNS = tuple(
    TABLE.c[name] for name in ("number", "at", "actor_id", "action", "subject", "details", "hash")
)
_ALL: Select[Any] = select(*COLUMNS)
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: `action` may be the part before the dot; from `since`, before `until`."""

    action: str = ""
    actor_id: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def read(
    session: Session, wanted: Filter, *, before: int | None = None, limit: int = 100
) -> list[Entry]:
    """A page of entries, the newest first; `before` is the number that the last page ended with."""
    query = _chosen(_ALL, wanted).order_by(TABLE.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(TABLE.c.number < before)
    return [Entry(*row) for row in session.execute(query)]


def stream(session: Statements, wanted: Filter | None = None, *, after: int = 0) -> Iterator[Entry]:
    """All entries after a number, the oldest first, some at a time: memory stays flat."""
    query = _chosen(_ALL, wanted or Filter()).order_by(TABLE.c.number).limit(_AT_ONCE)
    while rows := session.execute(query.where(TABLE.c.number > after)).all():
        yield from (Entry(*row) for row in rows)
        after = rows[-1].number
        time.sleep(0)  # let the streams go on between two


def heads(session: Session, days: int = 30) -> list[tuple[str, Head]]:
    """The last entry of each of the newest days that have any, as (day in UTC, head)."""
    return heads_of(session, days)


def heads_of(
    session: Session, days: int, *, after: int = 0, through: int | None = None
) -> list[tuple[str, Head]]:
    """The same of the entries after a number, and through another one."""
    day = func.date(TABLE.c.at)
    last = select(func.max(TABLE.c.number)).where(TABLE.c.number > after)
    if through is not None:
        last = last.where(TABLE.c.number <= through)
    last = last.group_by(day).order_by(day.desc()).limit(days)
    rows = session.execute(
        select(TABLE.c.at, TABLE.c.number, TABLE.c.hash)
        .where(TABLE.c.number.in_(last))
        .order_by(TABLE.c.number.desc())
    )
    return [(row.at.date().isoformat(), Head(row.number, row.hash)) for row in rows]


def _chosen(query: Select[Any], wanted: Filter) -> Select[Any]:
    columns = TABLE.c
    if wanted.action:
        start = wanted.action if "." in wanted.action else f"{wanted.action}."
        query = query.where(columns.action.startswith(start, autoescape=True))
    if wanted.actor_id:
        query = query.where(columns.actor_id == wanted.actor_id)
    if wanted.subject:
        query = query.where(columns.subject == wanted.subject)
    if wanted.since is not None:
        query = query.where(columns.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(columns.at < wanted.until)
    return query
