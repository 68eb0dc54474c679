"""The passages that an answer cites, as the library holds them now.

Keeps true: what is not in one of the given spaces is not found. Imports the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat.models import Document, Passage


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage with where it stands and since when; `heading` is the last of its path."""

    text: str
    heading: str
    position: int
    place: str
    added_at: datetime


def cited_passages(
    session: Session, passage_ids: Sequence[str], space_ids: Sequence[str]
) -> dict[str, CitedPassage]:
    """Those of the passages that these spaces still have, by id."""
    if not passage_ids or not space_ids:
        return {}
    rows = session.execute(
        select(
            Passage.id,
            Passage.text,
            Passage.heading,
            Passage.position,
            Passage.place,
            Document.created_at,
        )
        .join(Document, Document.id == Passage.document_id)
        .where(Passage.id.in_(passage_ids), Passage.space_id.in_(space_ids))
    )
    return {
        row[0]: CitedPassage(row[1], row[2].rpartition(" › ")[2], row[3], row[4], row[5])
        for row in rows
    }
