"""The vectors that a model has made of passages: which are lacking, and how they are stored.

Keeps true: a passage that is gone meanwhile gets none; vectors of models that are not asked any
more go. Imports nearest, packed, vectors and the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chat.knowledge.meaning import vectors
from chat.knowledge.meaning.nearest import CONCEPTS
from chat.knowledge.meaning.packed import pack
from chat.models import Passage, PassageVector, Space
from chat.values import DataPolicy

_LOOKED_AT = 500  # passages of one look


class Unplaced(NamedTuple):
    """A passage without a vector, and what its space wants done about personal data in it."""

    number: int
    text: str
    policy: DataPolicy


@dataclass(frozen=True, slots=True)
class Lacking:
    """Passages without a vector; `after` is where to look next."""

    passages: Sequence[Unplaced]
    after: int | None


def find_lacking(session: Session, model: str, after: int, most: int) -> Lacking:
    """The first passages above number `after` that lack a vector of this model."""
    looked_at = session.execute(
        select(Passage.number, PassageVector.model)
        .outerjoin(
            PassageVector,
            (PassageVector.passage_number == Passage.number) & (PassageVector.model == model),
        )
        .where(Passage.number > after)
        .order_by(Passage.number)
        .limit(_LOOKED_AT)
    ).all()
    lacking = [number for number, own in looked_at if own is None][:most]
    rows = session.execute(
        select(Passage.number, Passage.title, Passage.heading, Passage.text, Space.personal_data)
        .join(Space, Space.id == Passage.space_id)
        .where(Passage.number.in_(lacking))
        .order_by(Passage.number)
    )
    found = [
        Unplaced(
            row.number, f"{row.title}\n{row.heading}\n{row.text}", DataPolicy(row.personal_data)
        )
        for row in rows
    ]
    if len(found) == most:
        return Lacking(found, found[-1].number)
    return Lacking(found, looked_at[-1][0] if looked_at else None)


def save(session: Session, model: str, made: Sequence[tuple[int, Sequence[float]]]) -> None:
    """Store vectors of passages that are still there and still lack them."""
    numbers = [number for number, _ in made]
    there = set(session.scalars(select(Passage.number).where(Passage.number.in_(numbers))))
    has_one = select(PassageVector.passage_number).where(
        PassageVector.passage_number.in_(numbers), PassageVector.model == model
    )
    there -= set(session.scalars(has_one))
    fresh = [(number, pack(vector)) for number, vector in made if number in there]
    vectors.save(session, fresh, model)
    spaces = select(Passage.space_id).where(Passage.number.in_(there)).distinct()
    for space_id in session.scalars(spaces).all():
        vectors.library_changed(session, space_id)


def forget_others(session: Session, model: str, most: int = 500) -> bool:
    """Delete some vectors of other models; whether there may be more."""
    old = (
        select(PassageVector.passage_number, PassageVector.model)
        .where(PassageVector.model.not_in([CONCEPTS, model]))
        .limit(most)
    )
    rows = session.execute(old).all()
    for other in {row.model for row in rows}:
        numbers = [row.passage_number for row in rows if row.model == other]
        session.execute(
            delete(PassageVector).where(
                PassageVector.model == other, PassageVector.passage_number.in_(numbers)
            )
        )
    return len(rows) == most
