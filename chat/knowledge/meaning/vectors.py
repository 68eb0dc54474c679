"""Stores where passages are in the concept space, or in the space of a model.

Keeps true: a passage has one vector of a model; whoever changes what is found in a space counts its
library on, in the same transaction. Imports the cache, folding, packed and the tables.
"""

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from chat.cache import forget_library
from chat.database import Database
from chat.knowledge.meaning.folding import fold_passage
from chat.knowledge.meaning.nearest import CONCEPTS
from chat.knowledge.meaning.packed import signature
from chat.models import Document, Passage, PassageVector, Space

_TOGETHER = 200  # passages that are folded in one transaction


def save(session: Session, vectors: Sequence[tuple[int, bytes]], model: str = CONCEPTS) -> None:
    """Store vectors, given with the numbers of their passages; empty ones are left out."""
    rows = [
        {"passage_number": number, "model": model, "signs": signature(vector), "vector": vector}
        for number, vector in vectors
        if vector
    ]
    if rows:
        session.execute(insert(PassageVector), rows)


def library_changed(session: Session, space_id: str) -> None:
    """Count the library of a space on; answers that were made from it are not given again."""
    counted = update(Space).where(Space.id == space_id)
    session.execute(
        counted.values(library_version=Space.library_version + 1),
        execution_options={"synchronize_session": False},
    )
    forget_library(session, space_id)


def fold_former(database: Database) -> int:
    """Give the passages of a Parley that knew no vectors theirs; how many they were."""
    lacking = Space.library_version == 0, Space.id.in_(select(Document.space_id))
    with database.reading() as session:
        if session.scalar(select(Space.id).where(*lacking).limit(1)) is None:
            return 0
    after, folded, count = 0, 0, 1
    while count:
        with database.writing() as session:
            after, count = _fold_some(session, after)
        folded += count
    with database.writing() as session:
        session.execute(update(Space).where(Space.library_version == 0).values(library_version=1))
    return folded


def _fold_some(session: Session, after: int) -> tuple[int, int]:
    """Passages above number `after`: the number to go on after, and how many there were."""
    has_one = (
        select(PassageVector.passage_number)
        .where(PassageVector.passage_number == Passage.number, PassageVector.model == CONCEPTS)
        .exists()
    )
    rows = session.execute(
        select(Passage.number, Passage.title, Passage.heading, Passage.text)
        .where(Passage.number > after, ~has_one)
        .order_by(Passage.number)
        .limit(_TOGETHER)
    ).all()
    save(session, [(row.number, fold_passage(row.title, row.heading, row.text)) for row in rows])
    return (rows[-1].number if rows else after), len(rows)
