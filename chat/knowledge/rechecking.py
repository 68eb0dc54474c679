"""Looks again at passages for what speaks to the model: older ones, and all after an update.

Keeps true: no transaction is long; answers that were made from what is now seen otherwise are not
given again. Imports meaning and the tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chat.database import Database
from chat.knowledge.meaning.vectors import library_changed
from chat.models import Passage
from chat.safety.injection import kinds_in

_SLICE = 150  # passages that are written at once


@dataclass(frozen=True, slots=True)
class Rechecked:
    """How many passages were looked at so far, are marked now, and were not or otherwise before."""

    looked: int = 0
    marked: int = 0
    changed: int = 0


def recheck(database: Database) -> Iterator[Rechecked]:
    """Look at all passages; yields how far it is."""
    after, so_far = 0, Rechecked()
    while True:
        with database.reading() as session:
            rows = _read(session, after)
        if not rows:
            return
        told = [(row, kinds_in(row.heading, row.text)) for row in rows]
        changed = [(row, kinds) for row, kinds in told if kinds != row.findings]
        if changed:
            with database.writing() as session:
                _write(session, changed)
        after = rows[-1].number
        so_far = Rechecked(
            so_far.looked + len(rows),
            so_far.marked + sum(kinds != "" for _, kinds in told),
            so_far.changed + sum(kinds != (row.findings or "") for row, kinds in changed),
        )
        yield so_far


def _read(session: Session, after: int) -> Sequence[Passage]:
    query = select(Passage).where(Passage.number > after).order_by(Passage.number).limit(_SLICE)
    rows = session.scalars(query).all()
    session.expunge_all()
    return rows


def _write(session: Session, changed: Sequence[tuple[Passage, str]]) -> None:
    quiet = {"synchronize_session": False}
    for row, kinds in changed:
        one = update(Passage).where(Passage.number == row.number).values(findings=kinds)
        session.execute(one, execution_options=quiet)
    spaces = {row.space_id for row, kinds in changed if kinds != (row.findings or "")}
    for space_id in sorted(spaces - {""}):
        library_changed(session, space_id)
