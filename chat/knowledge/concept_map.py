"""How the concepts that an answer looked at hang together: which of them share passages.

Keeps true: only concepts of the given spaces are found; the same library gives the same map; the
cost is bounded, however often a concept is mentioned. Imports concepts' tables and phrases.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from chat.knowledge.phrases import key_of
from chat.models import Concept, Mention

_MENTIONS = 2000  # of one concept that are looked through, the newest


@dataclass(frozen=True, slots=True)
class ConceptMap:
    """Concepts by name, in the order asked for, and how many passages each pair shares."""

    names: Sequence[str]
    links: dict[tuple[str, str], int]

    def linked_with(self, name: str) -> list[str]:
        """The others that share passages with this one, the most first."""
        counts = {
            (b if a == name else a): count for (a, b), count in self.links.items() if name in (a, b)
        }
        return sorted(counts, key=lambda other: (-counts[other], self.names.index(other)))


def map_concepts(session: Session, names: Sequence[str], space_ids: Sequence[str]) -> ConceptMap:
    """The map of those of the names that these spaces have as concepts."""
    if not names or not space_ids:
        return ConceptMap((), {})
    keys = {key_of(name): name for name in reversed(names)}
    rows = session.execute(
        select(Concept.id, Concept.key).where(
            Concept.space_id.in_(space_ids), Concept.key.in_(list(keys))
        )
    ).all()
    held = {concept_id: keys[key] for concept_id, key in rows}
    found = set(held.values())
    links: dict[tuple[str, str], int] = {}
    for one, other, count in _shared(session, sorted(held)):
        a, b = sorted((held[one], held[other]), key=names.index)
        if a != b:
            links[a, b] = links.get((a, b), 0) + count
    return ConceptMap([name for name in dict.fromkeys(names) if name in found], links)


def _shared(session: Session, ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """Pairs of concepts with the number of passages that mention both."""
    found: list[tuple[int, int, int]] = []
    for at, one in enumerate(ids[:-1]):
        own = (
            select(Mention.passage_number)
            .where(Mention.concept_id == one)
            .order_by(Mention.passage_number.desc())
            .limit(_MENTIONS)
            .subquery()
        )
        other = aliased(Mention)
        query = (
            select(other.concept_id, func.count())
            .join(own, own.c.passage_number == other.passage_number)
            .where(other.concept_id.in_(ids[at + 1 :]))
            .group_by(other.concept_id)
            .order_by(other.concept_id)
        )
        found += [(one, concept_id, count) for concept_id, count in session.execute(query)]
    return found
