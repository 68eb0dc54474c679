"""What results show of the conversations and documents that a query has found.

Keeps true: it is read for ids that a query within the viewer's scope gave, in a handful of
statements however many these are. Imports results, marking and the tables.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from chat.finding.asked import Term
from chat.finding.marking import excerpt, mark
from chat.finding.results import Result
from chat.finding.tables import (
    CONVERSATIONS,
    DOCUMENTS,
    ENTRIES,
    MESSAGES,
    PASSAGES,
    SPACES,
    USERS,
)
from chat.finding.weighing import Place

_MOST_PEOPLE = 4
Rows = dict[str, Row[*tuple[Any, ...]]]


def read_places(session: Session, kind: str, ids: Sequence[str]) -> Rows:
    """Id, title, space's id and name, time, and what else a result of this kind shows."""
    if kind == "conversation":
        table, at, other = CONVERSATIONS, CONVERSATIONS.c.active_at, CONVERSATIONS.c.archived_at
    else:
        table, at, other = DOCUMENTS, DOCUMENTS.c.created_at, DOCUMENTS.c.passages
    query = (
        select(table.c.id, table.c.title, table.c.space_id, SPACES.c.name, at, other)
        .outerjoin(SPACES, SPACES.c.id == table.c.space_id)
        .where(table.c.id.in_(ids))
    )
    return {row[0]: row for row in session.execute(query)}


def describe(session: Session, places: Sequence[Place], terms: Sequence[Term]) -> list[Result]:
    """A result for each place, in this order."""
    conversations = [place for place in places if place.kind == "conversation"]
    people = _people(session, [place.id for place in conversations])
    said = _messages(session, conversations)
    passages = _passages(session, [place.text_id for place in places if place.text_id])
    return [
        _conversation(place, terms, people[place.id], said.get(place.id, ""))
        if place.kind == "conversation"
        else _document(place, terms, *passages.get(place.text_id or "", (0, "")))
        for place in places
    ]


def _conversation(place: Place, terms: Sequence[Term], people: list[str], text: str) -> Result:
    _, title, space_id, space_name, active_at, archived_at = place.row
    return Result(
        kind=place.kind,
        id=place.id,
        title=mark(title or "New chat", terms),
        space_id=space_id,
        space_name=space_name or "",
        people=people,
        at=active_at,
        text_id=place.text_id,
        excerpt=excerpt(text, terms),
        more=place.count - 1,
        archived=archived_at is not None,
    )


def _document(place: Place, terms: Sequence[Term], position: int, text: str) -> Result:
    _, title, space_id, space_name, created_at, passages = place.row
    return Result(
        kind=place.kind,
        id=place.id,
        title=mark(title, terms),
        space_id=space_id,
        space_name=space_name or "",
        people=(),
        at=created_at,
        text_id=place.text_id,
        excerpt=excerpt(text, terms),
        more=place.count - 1,
        position=position + 1,
        passages=passages,
    )


def _people(session: Session, ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Who wrote in these conversations, in the order of their first messages."""
    found: dict[str, list[str]] = defaultdict(list)
    if not ids:
        return found
    query = (
        select(ENTRIES.c.place_id, USERS.c.name)
        .join(USERS, USERS.c.id == ENTRIES.c.author_id)
        .where(ENTRIES.c.place_id.in_(ids))
        .group_by(ENTRIES.c.place_id, USERS.c.id, USERS.c.name)
        .order_by(func.min(ENTRIES.c.at), USERS.c.name)
    )
    for place_id, name in session.execute(query):
        if len(found[place_id]) < _MOST_PEOPLE:
            found[place_id].append(name)
    return found


def _messages(session: Session, places: Sequence[Place]) -> dict[str, str]:
    """Of each conversation the message that suits, or its first question."""
    suits = [place.text_id for place in places if place.text_id is not None]
    others = [place.id for place in places if place.text_id is None]
    # By the index of conversations: there are as many first messages as conversations.
    is_first = func.coalesce(MESSAGES.c.parent_id, "") == ""
    opening = MESSAGES.c.conversation_id.in_(others) & is_first
    query = select(MESSAGES.c.conversation_id, MESSAGES.c.content)
    found: dict[str, str] = {}
    if suits:
        found.update(iter(session.execute(query.where(MESSAGES.c.id.in_(suits))).all()))
    if others:
        found.update(iter(session.execute(query.where(opening).order_by(MESSAGES.c.id)).all()))
    return found


def _passages(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    if not ids:
        return {}
    query = select(PASSAGES.c.id, PASSAGES.c.position, PASSAGES.c.text)
    rows = session.execute(query.where(PASSAGES.c.id.in_(ids)))
    return {passage_id: (position, text) for passage_id, position, text in rows}
