"""Concepts: the names and phrases that passages speak of, and which of them are linked.

Two concepts are linked when passages share them. Keeps true: concepts belong to one space and are
read only for spaces that the viewer is in; one that no passage mentions is not there. Imports links
and the tables.
"""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from chat.database import Statements
from chat.knowledge.links import count_in, count_out
from chat.models import Concept, Mention
from chat.statements import Prepared

# What every search asks, built once: building a statement costs more than running it.
_CONCEPTS, _MENTIONS = Concept.metadata.tables["concepts"], Mention.metadata.tables["mentions"]
_SHARED = _CONCEPTS.join(_MENTIONS, _MENTIONS.c.concept_id == _CONCEPTS.c.id)
_OWN: BindParameter[Sequence[int]] = bindparam("own", expanding=True)
_MOST: BindParameter[int] = bindparam("most")
_MOST_SHARED = (func.count().desc(), _CONCEPTS.c.id)
_MENTIONED_MOST = Prepared(
    select(_CONCEPTS.c.id, _CONCEPTS.c.key, _CONCEPTS.c.name)
    .select_from(_SHARED)
    .where(_MENTIONS.c.passage_number.in_(bindparam("numbers", expanding=True)))
    .group_by(_CONCEPTS.c.id)
    .order_by(*_MOST_SHARED)
    .limit(_MOST)
)
_NAMED = Prepared(
    select(_CONCEPTS.c.id).where(
        _CONCEPTS.c.key.in_(bindparam("keys", expanding=True)),
        _CONCEPTS.c.space_id.in_(bindparam("space_ids", expanding=True)),
    )
)
_NEAR = select(_MENTIONS.c.passage_number).where(_MENTIONS.c.concept_id.in_(_OWN)).limit(200)
_LINKED = (
    select(_CONCEPTS.c.name)
    .select_from(_SHARED)
    .where(_MENTIONS.c.passage_number.in_(_NEAR), _CONCEPTS.c.id.not_in(_OWN))
    .group_by(_CONCEPTS.c.id)
    .order_by(*_MOST_SHARED)
    .limit(_MOST)
)


def save_mentions(
    session: Session, space_id: str, found: Sequence[tuple[int, dict[str, str]]]
) -> None:
    """Store the concepts of passages, given as (passage number, key → name)."""
    names = {key: name for _, keyed in found for key, name in keyed.items()}
    ids = _ids(session, space_id, list(names))
    fresh = [key for key in names if key not in ids]
    if fresh:
        rows = [{"space_id": space_id, "key": key, "name": names[key]} for key in fresh]
        session.execute(insert(Concept), rows)
        ids.update(_ids(session, space_id, fresh))
    mentions = [
        {"passage_number": number, "concept_id": ids[key]} for number, kd in found for key in kd
    ]
    if mentions:
        session.execute(insert(Mention), mentions)
        count_in(session, [number for number, _ in found])


def _ids(session: Session, space_id: str, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), 400):
        some = keys[start : start + 400]
        query = select(Concept.key, Concept.id).where(
            Concept.space_id == space_id, Concept.key.in_(some)
        )
        found.update({key: number for key, number in session.execute(query)})
    return found


def forget_mentions(session: Session, numbers: Sequence[int]) -> None:
    """Take the mentions of passages out, before these are deleted; the space is held."""
    if numbers:
        count_out(session, numbers)
        session.execute(delete(Mention).where(Mention.passage_number.in_(numbers)))


def forget_unmentioned(session: Session, space_id: str) -> None:
    """Remove the concepts of a space that no passage mentions any more."""
    session.execute(delete(Concept).where(Concept.space_id == space_id, Concept.passages == 0))


def concepts_of(
    session: Statements, numbers: Sequence[int], limit: int
) -> list[tuple[int, str, str]]:
    """The concepts that these passages mention most: (id, key, name), most shared first."""
    rows = _MENTIONED_MOST.rows(session, {"numbers": numbers, "most": limit})
    return [(row[0], row[1], row[2]) for row in rows]


def named_in(session: Statements, keys: Sequence[str], space_ids: Sequence[str]) -> list[int]:
    """The ids of the concepts with these keys, in the viewer's spaces."""
    return [row[0] for row in _NAMED.rows(session, {"keys": keys, "space_ids": space_ids})]


def linked_with(session: Statements, concept_ids: Sequence[int], limit: int) -> list[str]:
    """The names of the concepts that share most passages with these ones."""
    return list(session.scalars(_LINKED, {"own": concept_ids, "most": limit}))
