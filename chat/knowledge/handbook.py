"""Parley's own pages, as documents of a space. Imports ingest and preparing."""

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat.knowledge import concepts
from chat.knowledge.ingest import delete_document, hold_space, store
from chat.knowledge.meaning import vectors
from chat.knowledge.preparing import prepare
from chat.models import Document

HANDBOOK = Path(__file__).parent.parent / "handbook"


def load_handbook(session: Session, space_id: str, folder: Path = HANDBOOK) -> int:
    """Bring Parley's own pages into a space, new and changed ones; how many were written."""
    hold_space(session, space_id)
    held = select(Document.origin, Document.sha256, Document.id).where(
        Document.space_id == space_id, Document.is_handbook
    )
    known = {row[0]: (row[1], row[2]) for row in session.execute(held)}
    pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    written = 0
    for name in known.keys() | pages.keys():
        page = pages.get(name)
        digest = hashlib.sha256(page.encode()).hexdigest() if page is not None else None
        stored, document_id = known.get(name, (None, None))
        if stored == digest:
            continue
        if document_id is not None:
            delete_document(session, document_id)
        if page is not None:
            prepared = prepare("", page, "markdown")
            store(
                session, prepared, space_id=space_id, origin=name, added_by=None, is_handbook=True
            )
            written += 1
    if written:
        concepts.forget_unmentioned(session, space_id)
        vectors.library_changed(session, space_id)
    return written
