"""The versions of a document: a file that is there already, and one that takes another's place.

Keeps true: a document keeps its address through all versions; its passages are those of the newest
one, changed in one transaction; nobody's document is replaced by somebody who may not delete it.
Imports ingest, documents, meaning and the tables.
"""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chat.knowledge.documents import IS_THERE, DocumentSummary, get_document
from chat.knowledge.meaning.vectors import library_changed
from chat.models import Document, Passage, User
from chat.values import Role, utc_now

_NOBODYS = ""
_CARRIED = ("title", "text", "language", "kind", "origin", "sha256", "file_sha256", "added_by")


def same_file(session: Session, space_id: str, file_sha256: str) -> DocumentSummary | None:
    """The document that was read from a file of these bytes; None when there is none."""
    query = select(Document.id).where(
        IS_THERE, Document.space_id == space_id, Document.file_sha256 == file_sha256
    )
    known = session.scalar(query.limit(1))
    return replace(get_document(session, known, [space_id]), duplicate=True) if known else None


def earlier_version(
    session: Session, space_id: str, origin: str, added_by: str | None
) -> str | None:
    """The newest document of this name that `added_by` may replace: their own; an admin any."""
    query = select(Document.id).where(
        IS_THERE,
        Document.space_id == space_id,
        Document.origin == origin,
        Document.is_handbook.is_(False),
    )
    role = session.scalar(select(User.role).where(User.id == added_by)) if added_by else None
    if role != Role.ADMIN.value:
        query = query.where(Document.added_by == added_by)
    return session.scalar(query.order_by(Document.created_at.desc()).limit(1))


def take_place(session: Session, earlier_id: str, fresh_id: str) -> DocumentSummary:
    """Let the stored but hidden document `fresh_id` become the new version of `earlier_id`.

    What `fresh_id` holds afterwards is the old version, hidden, for the caller to clear.
    """
    earlier = session.get_one(Document, earlier_id)
    fresh = session.get_one(Document, fresh_id)
    space_id, count = earlier.space_id, _swap_passages(session, earlier, fresh)
    new = {name: getattr(fresh, name) for name in _CARRIED}
    fresh.sha256, fresh.file_sha256 = fresh.id, None  # the text is in a space once
    session.flush()
    for name, value in new.items():
        setattr(earlier, name, value)
    earlier.passages, earlier.version = count, earlier.version + 1
    earlier.created_at = utc_now()
    session.flush()
    library_changed(session, space_id)
    return get_document(session, earlier_id, [space_id])


def _swap_passages(session: Session, earlier: Document, fresh: Document) -> int:
    """Give each document the other's passages; how many the earlier one has now.

    On their way the old ones have negative positions, since a position is in a document once.
    """
    quiet = {"synchronize_session": False}
    old = update(Passage).where(Passage.document_id == earlier.id)
    away = {"document_id": fresh.id, "space_id": _NOBODYS, "position": -1 - Passage.position}
    session.execute(old.values(**away), execution_options=quiet)
    new = update(Passage).where(Passage.document_id == fresh.id, Passage.position >= 0)
    here = {"document_id": earlier.id, "space_id": earlier.space_id}
    moved = session.execute(new.values(**here), execution_options=quiet)
    return int(moved.rowcount)  # type: ignore[attr-defined]
