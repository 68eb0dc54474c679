"""What a reader of the library sees: its documents as a list, and one document passage by passage.

Keeps true: what is not in one of the given spaces is not found; a page of a document is bounded,
however long the document is. Imports documents and the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chat.knowledge.documents import IS_THERE, DocumentSummary
from chat.models import Document, Passage, User

PASSAGES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the list, with the name of the person who added it."""

    document: DocumentSummary
    added_by: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the list holds in all, whatever part of it is shown."""

    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as a part of its document, with its path of headings and its place in the file.

    `findings` are the kinds of what speaks to the model in it.
    """

    id: str
    position: int
    heading: str
    place: str
    text: str
    findings: str | None = ""


def find_documents(
    session: Session, space_ids: Sequence[str], *, title: str = "", limit: int = 50, offset: int = 0
) -> list[Entry]:
    """Documents whose title holds every word of `title`: newest first, the handbook last."""
    columns = [getattr(Document, name) for name in DocumentSummary.__slots__ if name != "duplicate"]
    query = (
        select(*columns, User.name)
        .outerjoin(User, User.id == Document.added_by)
        .where(*_in_list(space_ids, title))
        .order_by(Document.is_handbook, Document.created_at.desc(), Document.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Entry(DocumentSummary(*row[:-1]), row[-1]) for row in session.execute(query)]


def count_documents(session: Session, space_ids: Sequence[str], *, title: str = "") -> Totals:
    """How many documents, and passages of them, `find_documents` would find without a limit."""
    passages = func.coalesce(func.sum(Document.passages), 0)
    query = select(func.count(Document.id), passages).where(*_in_list(space_ids, title))
    return Totals(*session.execute(query).one())


def read_passages(session: Session, document_id: str, *, first: int = 0) -> list[PassageText]:
    """The passages of a document that the caller may read, a page of them from `first` on."""
    rows = session.execute(
        select(
            Passage.id,
            Passage.position,
            Passage.heading,
            Passage.place,
            Passage.text,
            Passage.findings,
        )
        .where(Passage.document_id == document_id, Passage.position >= first)
        .order_by(Passage.position)
        .limit(PASSAGES_A_PAGE)
    )
    return [PassageText(*row) for row in rows]


def position_of(
    session: Session, document_id: str, *, passage_id: str = "", quote: str = ""
) -> int | None:
    """Where a passage, or the first one that holds a quote, stands in its document."""
    if not passage_id and not quote:
        return None
    query = select(Passage.position).where(Passage.document_id == document_id)
    if passage_id:
        query = query.where(Passage.id == passage_id)
    else:
        query = query.where(Passage.text.contains(quote, autoescape=True))
    return session.scalar(query.order_by(Passage.position).limit(1))


def _in_list(space_ids: Sequence[str], title: str) -> list[ColumnElement[bool]]:
    words = (Document.title.icontains(word, autoescape=True) for word in title.split())
    return [IS_THERE, Document.space_id.in_(space_ids), *words]
