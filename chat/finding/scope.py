"""What is looked through: what the viewer may see, and of that what they want.

Keeps true: these conditions stand in every query of texts, so that what somebody may not see is
never read for them. Imports what is asked, the rules of conversations, and the tables.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from chat.conversations import visible_to
from chat.finding.asked import Wanted
from chat.finding.tables import CONVERSATIONS, DOCUMENTS, ENTRIES
from chat.values import Viewer


@dataclass(frozen=True, slots=True)
class Scope:
    """Conditions over search entries, and whether these are of documents or of conversations."""

    of_documents: bool
    conditions: list[ColumnElement[bool]]


def conversation_scope(viewer: Viewer, wanted: Wanted) -> Scope:
    """Titles and messages. What nobody wrote, an answer, is of the conversation's owner."""
    seen = select(CONVERSATIONS.c.id).where(visible_to(viewer))
    if wanted.space_id is not None:
        seen = seen.where(CONVERSATIONS.c.space_id == wanted.space_id)
    conditions: list[ColumnElement[bool]] = [ENTRIES.c.place_id.in_(seen)]
    if wanted.since is not None:
        conditions.append(ENTRIES.c.at >= wanted.since)
    if wanted.person_id is not None:
        own = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.owner_id == wanted.person_id)
        answers = and_(ENTRIES.c.author_id.is_(None), ENTRIES.c.place_id.in_(own))
        conditions.append(or_(ENTRIES.c.author_id == wanted.person_id, answers))
    return Scope(False, conditions)


def document_scope(viewer: Viewer, wanted: Wanted) -> Scope:
    """Passages of documents that are wholly stored."""
    spaces = [i for i in viewer.space_ids if wanted.space_id in {None, i}]
    seen = select(DOCUMENTS.c.id).where(DOCUMENTS.c.space_id.in_(spaces), DOCUMENTS.c.passages > 0)
    if wanted.since is not None:
        seen = seen.where(DOCUMENTS.c.created_at >= wanted.since)
    if wanted.person_id is not None:
        seen = seen.where(DOCUMENTS.c.added_by == wanted.person_id)
    return Scope(True, [ENTRIES.c.place_id.in_(seen)])
