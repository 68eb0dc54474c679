"""Documents as they are told: which there are, what is known of each, and the whole text of one.

Keeps true: a document that is being stored or taken out is not told; what is not in one of the
given spaces is not found. Imports the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from chat.errors import NotFound
from chat.models import Document

IS_THERE = Document.passages > 0  # what nobody may see yet, or any more, has none


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text; `duplicate` says that it was there before it was added."""

    id: str
    space_id: str
    title: str
    kind: str
    origin: str
    is_handbook: bool
    passages: int
    added_by: str | None
    created_at: datetime
    version: int = 1
    duplicate: bool = False


def get_document(session: Session, document_id: str, space_ids: Sequence[str]) -> DocumentSummary:
    """One document. NotFound when it is not in one of the spaces."""
    query = summaries().where(Document.id == document_id, Document.space_id.in_(space_ids))
    row = session.execute(query).first()
    if row is None:
        raise NotFound("There is no such document.")
    return DocumentSummary(**row._mapping)


def document_text(session: Session, document_id: str, space_ids: Sequence[str]) -> str:
    """The whole text of a document as it was added. NotFound as for `get_document`."""
    query = select(Document.text).where(
        IS_THERE, Document.id == document_id, Document.space_id.in_(space_ids)
    )
    text = session.scalar(query)
    if text is None:
        raise NotFound("There is no such document.")
    return text


def list_documents(
    session: Session, space_ids: Sequence[str], *, limit: int = 100, offset: int = 0
) -> list[DocumentSummary]:
    """The documents of these spaces, newest first, the handbook last."""
    query = (
        summaries()
        .where(Document.space_id.in_(space_ids))
        .order_by(Document.is_handbook, Document.created_at.desc(), Document.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [DocumentSummary(**row._mapping) for row in session.execute(query)]


def summaries() -> Select[*tuple[Any, ...]]:
    """What a summary is made of, of the documents that are there."""
    return select(
        Document.id,
        Document.space_id,
        Document.title,
        Document.kind,
        Document.origin,
        Document.is_handbook,
        Document.passages,
        Document.added_by,
        Document.created_at,
        Document.version,
    ).where(IS_THERE)
