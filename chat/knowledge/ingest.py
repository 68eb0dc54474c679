"""Brings documents into the library, and takes them out.

Keeps true: a document is there once its number of `passages` is: until then it is being stored or
taken out, its passages are of no space, and nobody finds it; passages, index rows and concepts are
written together; a text is in a space once, and who writes there holds the space. Imports
documents, preparing, concepts, the index and the tables.
"""

import time
from collections.abc import Sequence

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from chat.errors import Conflict
from chat.knowledge import concepts
from chat.knowledge.documents import IS_THERE, DocumentSummary, get_document, summaries
from chat.knowledge.index import index_of
from chat.knowledge.meaning import vectors
from chat.knowledge.preparing import Prepared, prepare
from chat.models import Document, Passage, Space
from chat.values import new_id

SLICE = 150  # passages that are written at once
_NOBODYS = ""  # the space of passages that are not there yet, or not any more


def store(
    session: Session,
    prepared: Prepared,
    *,
    space_id: str,
    origin: str,
    added_by: str | None,
    is_handbook: bool = False,
) -> DocumentSummary:
    """Write a prepared document in the caller's transaction; `storing.add` is for a large one.

    The same text in the same space is found, not written again.
    """
    known = find_same(session, prepared, space_id)
    if known is not None:
        return known
    document_id = begin(
        session,
        prepared,
        space_id=space_id,
        origin=origin,
        added_by=added_by,
        is_handbook=is_handbook,
    )
    for first in range(0, len(prepared.passages), SLICE):
        store_slice(session, document_id, prepared, first)
        time.sleep(0)
    return finish(session, document_id, prepared)


def hold_space(session: Session, space_id: str) -> None:
    """Nobody else changes the documents of a space before this transaction has ended."""
    session.execute(select(Space.id).where(Space.id == space_id).with_for_update(key_share=True))


def find_same(session: Session, prepared: Prepared, space_id: str) -> DocumentSummary | None:
    """The document of this text in this space; Conflict while it is stored or taken out."""
    hold_space(session, space_id)
    same = (Document.space_id == space_id, Document.sha256 == prepared.sha256)
    known = session.execute(summaries().where(*same)).first()
    if known is not None:
        return DocumentSummary(**known._mapping, duplicate=True)
    if session.scalar(select(Document.id).where(*same)) is not None:
        raise Conflict("This text is being added or deleted right now. Try again in a moment.")
    return None


def begin(
    session: Session,
    prepared: Prepared,
    *,
    space_id: str,
    origin: str,
    added_by: str | None,
    is_handbook: bool = False,
    file_sha256: str | None = None,
) -> str:
    """A document without passages yet; its id, for `store_slice` and `finish`."""
    document = Document(
        id=new_id(),
        space_id=space_id,
        title=prepared.title,
        kind=prepared.kind,
        origin=origin[:300],
        is_handbook=is_handbook,
        sha256=prepared.sha256,
        file_sha256=file_sha256,
        language=prepared.language,
        text=prepared.text,
        passages=0,
        added_by=added_by,
    )
    session.add(document)
    session.flush()
    return document.id


def store_slice(session: Session, document_id: str, prepared: Prepared, first: int) -> None:
    """The passages from number `first` on, SLICE of them. Conflict when the document is gone."""
    space_id = _space_of(session, document_id)
    rows = [
        {
            "id": new_id(),
            "document_id": document_id,
            "space_id": _NOBODYS,
            "position": position,
            "title": prepared.title,
            "heading": piece.heading,
            "place": piece.place,
            "text": piece.text,
            "stems": prepared.stems[position] if prepared.stems else "",
            "findings": prepared.findings[position] if prepared.findings else None,
        }
        for position, piece in enumerate(prepared.passages[first : first + SLICE], first)
    ]
    index_of(session).add(session, rows)
    numbers = session.scalars(
        select(Passage.number)
        .where(Passage.document_id == document_id, Passage.position >= first)
        .order_by(Passage.position)
    ).all()
    vectors.save(session, list(zip(numbers, prepared.vectors[first : first + SLICE], strict=True)))
    mentioned = prepared.concepts[first : first + SLICE]
    concepts.save_mentions(session, space_id, list(zip(numbers, mentioned, strict=True)))


def delete_slice(session: Session, document_id: str) -> bool:
    """Delete SLICE passages of a hidden document, if it has any; whether there are more."""
    hold_space(session, session.scalar(_space_id_of(document_id)) or _NOBODYS)
    own = select(Passage.number).where(Passage.document_id == document_id)
    numbers = session.scalars(own.limit(SLICE + 1)).all()
    some = numbers[:SLICE]
    concepts.forget_mentions(session, some)
    session.execute(delete(Passage).where(Passage.number.in_(some)))
    return len(numbers) > SLICE


def finish(session: Session, document_id: str, prepared: Prepared) -> DocumentSummary:
    """Let a document whose passages are stored be found. Conflict when it is gone."""
    space_id = _space_of(session, document_id)
    _show(session, document_id, space_id, len(prepared.passages))
    vectors.library_changed(session, space_id)
    return get_document(session, document_id, [space_id])


def add_document(
    session: Session,
    *,
    space_id: str,
    title: str,
    text: str,
    kind: str,
    origin: str,
    added_by: str | None,
) -> DocumentSummary:
    """Prepare and store a document within the caller's transaction."""
    prepared = prepare(title, text, kind)
    return store(session, prepared, space_id=space_id, origin=origin, added_by=added_by)


def is_there(session: Session, document_id: str) -> bool:
    """Whether a document can be found."""
    return (
        session.scalar(select(Document.id).where(IS_THERE, Document.id == document_id)) is not None
    )


def hide_document(session: Session, document_id: str, space_ids: Sequence[str]) -> None:
    """Let a document be found no more. NotFound when it is not in one of the spaces."""
    document = _held_document(session, document_id, space_ids)
    _show(session, document.id, _NOBODYS, 0)
    vectors.library_changed(session, document.space_id)


def remove_document(session: Session, document_id: str, space_ids: Sequence[str]) -> None:
    """Take a document out with all that was made of it. NotFound when it is not in the spaces."""
    document = _held_document(session, document_id, space_ids)
    delete_document(session, document.id)
    concepts.forget_unmentioned(session, document.space_id)
    vectors.library_changed(session, document.space_id)


def _space_of(session: Session, document_id: str) -> str:
    """The space of a document, held; looked up again then, since somebody may have deleted it."""
    space_of = _space_id_of(document_id)
    hold_space(session, session.scalar(space_of) or _NOBODYS)
    space_id = session.scalar(space_of)
    if space_id is None:
        raise Conflict("This document was deleted while it was being added.")
    return space_id


def _space_id_of(document_id: str) -> Select[str]:
    return select(Document.space_id).where(Document.id == document_id)


def delete_document(session: Session, document_id: str) -> None:
    """Delete a document with its passages and their mentions; the space is held."""
    own = select(Passage.number).where(Passage.document_id == document_id)
    concepts.forget_mentions(session, session.scalars(own).all())
    session.execute(delete(Document).where(Document.id == document_id))


def _held_document(session: Session, document_id: str, space_ids: Sequence[str]) -> DocumentSummary:
    hold_space(session, get_document(session, document_id, space_ids).space_id)
    return get_document(session, document_id, space_ids)


def _show(session: Session, document_id: str, space_id: str, passages: int) -> None:
    """Make the passages those of a space, or nobody's."""
    document = update(Document).where(Document.id == document_id).values(passages=passages)
    its_passages = update(Passage).where(Passage.document_id == document_id)
    for statement in (document, its_passages.values(space_id=space_id)):
        session.execute(statement, execution_options={"synchronize_session": False})
