"""Stores and takes out documents slice by slice, so that no write is held up by a large one.

Keeps true: between two slices everybody else may write, of this process and of others; what was cut
off is found by nobody, and is gone after the next start (`clear_unfinished`). Imports ingest,
versions, concepts and the tables.
"""

import time
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chat import audit
from chat.audit import Action
from chat.database import Database
from chat.errors import ParleyError
from chat.knowledge import concepts, documents, ingest, versions
from chat.knowledge.documents import DocumentSummary
from chat.knowledge.preparing import Prepared
from chat.models import Document

_BREATH = 0.015  # seconds between two slices; who waits for the lock looks every 10 ms at most


def add(
    database: Database,
    prepared: Prepared,
    *,
    space_id: str,
    origin: str,
    added_by: str | None,
    file_sha256: str | None = None,
    replaces: bool = False,
) -> DocumentSummary:
    """Store a prepared document; the same text in the same space is found, not stored again.

    With `replaces` it becomes the new version of a document of the same origin, where `added_by`
    may delete that. Conflict while the same text is being stored, and when the document is deleted
    meanwhile.
    """
    with database.writing() as session:
        known = ingest.find_same(session, prepared, space_id)
        if known is not None:
            return known
        document_id = ingest.begin(
            session,
            prepared,
            space_id=space_id,
            origin=origin,
            added_by=added_by,
            file_sha256=file_sha256,
        )
        earlier = (
            versions.earlier_version(session, space_id, origin[:300], added_by)
            if replaces
            else None
        )
        if earlier is None and len(prepared.passages) <= ingest.SLICE:
            ingest.store_slice(session, document_id, prepared, 0)
            return _noted(session, ingest.finish(session, document_id, prepared), added_by)
    try:
        _fill(database, document_id, prepared)
        added = _show(database, document_id, prepared, earlier, added_by)
    except BaseException:
        with suppress(ParleyError, SQLAlchemyError):  # else the next start does it
            _clear(database, document_id)
        raise
    if added.id != document_id:
        _clear(database, document_id)
    return added


def remove(
    database: Database, document_id: str, space_ids: Sequence[str], *, removed_by: str | None = None
) -> None:
    """Take a document out: nobody finds it from now on. NotFound when it is not in the spaces."""
    with database.writing() as session:
        ingest.hide_document(session, document_id, space_ids)
        subject = f"document:{document_id}"
        audit.append(session, Action.DOCUMENT_DELETED, actor_id=removed_by, subject=subject)
    _clear(database, document_id)


def clear_unfinished(database: Database) -> int:
    """Take out what was cut off while it was stored or taken out; how many documents it was."""
    with database.reading() as session:
        unfinished = list(session.scalars(select(Document.id).where(~documents.IS_THERE)))
    for document_id in unfinished:
        _clear(database, document_id)
    return len(unfinished)


def _fill(database: Database, document_id: str, prepared: Prepared) -> None:
    for first in range(0, len(prepared.passages), ingest.SLICE):
        time.sleep(_BREATH)
        with database.writing() as session:
            ingest.store_slice(session, document_id, prepared, first)
    time.sleep(_BREATH)


def _show(
    database: Database,
    document_id: str,
    prepared: Prepared,
    earlier: str | None,
    added_by: str | None,
) -> DocumentSummary:
    """Let the stored document be found: by itself, or in place of an earlier one still there."""
    with database.writing() as session:
        if earlier is not None and ingest.is_there(session, earlier):
            shown = versions.take_place(session, earlier, document_id)
        else:
            shown = ingest.finish(session, document_id, prepared)
        return _noted(session, shown, added_by)


def _noted(session: Session, added: DocumentSummary, added_by: str | None) -> DocumentSummary:
    audit.append(
        session,
        Action.DOCUMENT_ADDED,
        actor_id=added_by,
        subject=f"document:{added.id}",
        space_id=added.space_id,
        version=added.version,
    )
    return added


def _clear(database: Database, document_id: str) -> None:
    """Delete a hidden document, its last slice of passages with it."""
    left = True
    while left:
        with database.writing() as session:
            left = ingest.delete_slice(session, document_id)
        time.sleep(_BREATH)
    with database.writing() as session:
        document = session.get(Document, document_id)
        if document is not None:
            space_id = document.space_id
            ingest.hold_space(session, space_id)
            session.execute(delete(Document).where(Document.id == document_id))
            concepts.forget_unmentioned(session, space_id)
