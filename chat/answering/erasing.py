"""Deleting a person, or a space: what goes with them, piece by piece.

Keeps true: the first piece shuts the person out, or empties the space, so nobody meets what is half
gone; each piece is a short transaction, and doing it all again finishes what was cut off; the trail
keeps what was done, and nothing of what was said. May import every floor below answering.
"""

import time
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from chat import audit
from chat.accounts import people
from chat.audit import Action
from chat.conversations import erasing as talks
from chat.database import Database
from chat.errors import Conflict, NotFound
from chat.knowledge import storing
from chat.models import Upload
from chat.spaces import ending as spaces
from chat.values import Viewer

_BREATH = 0.005  # seconds between two pieces, for others who write
Drop = Callable[[str], object]  # an upload's file


def erase_person(database: Database, person_id: str, by: str | None, drop: Drop) -> None:
    """Delete a person with what is theirs alone. Conflict says what has to be done before."""
    with database.writing() as session:
        _check_may_go(session, person_id)
        people.disable(session, person_id)
        private = spaces.private_space_id(session, person_id)
        files = list(session.scalars(select(Upload.id).where(Upload.added_by == person_id)))
    with database.reading() as session:
        ids = talks.private_ids(session, person_id)
        documents = spaces.document_ids(session, private) if private else []
    _erase_talks(database, ids)
    if private is not None:
        _erase_documents(database, documents, private, by)
    with database.writing() as session:
        talks.hand_over(session, person_id)
        people.forget(session, person_id)
        subject = f"person:{person_id}"
        told = {"conversations": len(ids), "documents": len(documents)}
        audit.append(session, Action.PERSON_DELETED, actor_id=by, subject=subject, **told)
    for upload_id in files:
        drop(upload_id)


def erase_space(database: Database, viewer: Viewer, space_id: str, drop: Drop) -> None:
    """Delete a space with its documents and the conversations that are shared in it."""
    with database.writing() as session:
        spaces.check_deletable(session, viewer, space_id)
        rooms = talks.room_ids(session, space_id)
        documents = spaces.empty_out(session, space_id)
        files = list(session.scalars(select(Upload.id).where(Upload.space_id == space_id)))
        told = {"conversations": len(rooms), "documents": len(documents)}
        subject = f"space:{space_id}"
        audit.append(session, Action.SPACE_DELETED, actor_id=viewer.id, subject=subject, **told)
    _erase_talks(database, rooms)
    _erase_documents(database, documents, space_id, viewer.id)
    with database.writing() as session:
        spaces.forget(session, space_id)
    for upload_id in files:
        drop(upload_id)


def _check_may_go(session: Session, person_id: str) -> None:
    people.check_may_go(session, person_id)
    if alone := spaces.owned_alone(session, person_id):
        names = ", ".join(alone)
        raise Conflict(
            f"Nobody else owns {names}. Make somebody else an owner there, or delete the space."
        )
    if talks.is_answered_for(session, person_id):
        raise Conflict("An answer is being written. Stop it or wait for it, then try again.")


def _erase_talks(database: Database, ids: Iterable[str]) -> None:
    for conversation_id in ids:
        with database.writing() as session:
            talks.erase(session, conversation_id)
        time.sleep(_BREATH)


def _erase_documents(database: Database, ids: Iterable[str], space_id: str, by: str | None) -> None:
    for document_id in ids:
        try:
            storing.remove(database, document_id, [space_id], removed_by=by)
        except NotFound:
            continue  # deleted meanwhile, or cut off when it was added
        time.sleep(_BREATH)
