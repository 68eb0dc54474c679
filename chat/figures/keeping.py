"""Writes the minutes of a process down, and joins those that are past.

Keeps true: a minute that is stored twice is one row; rows that are joined are counted once,
whichever processes do that at the same time; nothing is older than its time. May import the plain
ground and the tables.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from chat.database import Database, Statements
from chat.errors import ParleyError
from chat.metrics.minutes import MOST, OPEN, SUMS, Minutes
from chat.metrics.sketch import join_texts
from chat.models import FIGURES

QUARTER, HOUR, DAY = 15, 60, 24 * 60  # minutes
# How long each span is kept before it is joined to the next one: longer than it is read.
_JOINED = (
    (1, QUARTER, HOUR + QUARTER),
    (QUARTER, HOUR, DAY + HOUR),
    (HOUR, 6 * HOUR, 2 * DAY),
)
_PATIENCE = 1.0  # seconds; what cannot be written is tried again
_KEPT = (*SUMS, *MOST)
Row = dict[str, Any]
Place = tuple[int, str]  # a minute, and a provider


class Keeping:
    """Of one process, whose rows carry `process_id`; they are kept for `days`."""

    def __init__(
        self,
        database: Database,
        minutes: Minutes,
        *,
        process_id: Callable[[], str],
        days: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database, self._minutes = database, minutes
        self._process_id, self._days, self._clock = process_id, days, clock
        self._joined_at = 0

    def save(self) -> None:
        """Store what is new; now and then, join what is past. Raises what a write may raise."""
        new = self._minutes.new()
        if not new:
            return
        for minute in new.values():
            minute.is_new = False  # what is counted from here on is stored the next time
        try:
            with self._database.changing(_PATIENCE) as session:
                for (at, provider), minute in new.items():
                    row = minute.numbers | {"span": 1, "first_ms": minute.first_ms.text()}
                    _put(session, (at, self._process_id(), provider), row)
        except BaseException:
            for minute in new.values():
                minute.is_new = True
            raise
        self._minutes.stored(list(new))
        self._join()

    def close(self) -> None:
        """Store what is new, if that is possible right now: the process ends."""
        self._minutes.leave()
        with suppress(SQLAlchemyError, ParleyError, OSError):
            self.save()

    def _join(self) -> None:
        """Once a quarter of an hour."""
        now = int(self._clock() // 60)
        if now // QUARTER == self._joined_at:
            return
        with self._database.changing(_PATIENCE) as session:
            for span, wider, kept in _JOINED:
                join(session, span, wider, before=(now - kept) // wider * wider)
            past = now - self._days * DAY
            session.execute(delete(FIGURES).where(FIGURES.c.minute < past))
        self._joined_at = now // QUARTER


def join(session: Statements, span: int, wider: int, *, before: int) -> None:
    """Make rows of `wider` minutes of those of `span` minutes from before a minute."""
    old = delete(FIGURES).where(FIGURES.c.span == span, FIGURES.c.minute < before)
    taken = session.execute(old.returning(*FIGURES.c))  # by nobody else, too
    for (at, provider), row in joined((one._asdict() for one in taken), wider).items():
        key = at, "", provider
        there = select(FIGURES).where(_is(key), FIGURES.c.span == wider).with_for_update()
        former = [one._asdict() for one in session.execute(there)]  # if some came late
        _put(session, key, _stored(one_of([*former, row], SUMS)) | {"span": wider})


def joined(rows: Iterable[Mapping[str, Any]], step: int) -> dict[Place, Row]:
    """Rows of all processes as one for each provider and `step` minutes, by its first minute."""
    by_minute: dict[Place, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_minute.setdefault((row["minute"], row["provider"]), []).append(row)
    by_step: dict[Place, list[Row]] = {}
    for (at, provider), same in by_minute.items():
        by_step.setdefault((at // step * step, provider), []).append(one_of(same, (*SUMS, *OPEN)))
    return {place: one_of(same, SUMS) for place, same in by_step.items()}


def one_of(rows: Sequence[Mapping[str, Any]], summed: Collection[str]) -> Row:
    """One row of several: these numbers summed, of others the greatest."""
    if len(rows) == 1:  # nearly always, of what is joined already
        return {**rows[0], "streams": 0.0}
    row: Row = {name: (sum if name in summed else max)([r[name] for r in rows]) for name in _KEPT}
    return row | {"streams": 0.0, "first_ms": join_texts(row["first_ms"] for row in rows)}


def _stored(row: Mapping[str, Any]) -> Row:
    """What of a row is stored beside its key."""
    return {name: row[name] for name in (*_KEPT, "streams", "first_ms")}


def _is(key: tuple[int, str, str]) -> Any:
    at, process_id, provider = key
    return (
        (FIGURES.c.minute == at)
        & (FIGURES.c.process_id == process_id)
        & (FIGURES.c.provider == provider)
    )


def _put(session: Statements, key: tuple[int, str, str], row: Mapping[str, Any]) -> None:
    changed = session.execute(update(FIGURES).where(_is(key)).values(**row))
    assert isinstance(changed, CursorResult)
    if changed.rowcount == 0:
        at, process_id, provider = key
        named = {"minute": at, "process_id": process_id, "provider": provider}
        session.execute(insert(FIGURES).values(**named, **row))
