"""One concept: how many passages mention it, which others share these, and what they say.

Keeps true: all of it comes from documents of the given spaces that are there, or from one of these;
an excerpt is a literal part of its passage. Imports association, excerpts and tallies' ground.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, TextClause, bindparam, text

from chat.database import Statements
from chat.errors import NotFound
from chat.knowledge.association import strength
from chat.knowledge.excerpts import Excerpt, excerpt

_STRONGEST = 8  # links of a concept that are told
_CONSIDERED = 60  # of those that share the most passages
_SPACES: BindParameter[Sequence[str]] = bindparam("spaces", expanding=True)
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)

_FIND = text(
    "SELECT id, name FROM concepts WHERE key = :key AND space_id IN :spaces ORDER BY passages DESC"
).bindparams(_SPACES)
_HELD = """FROM mentions m JOIN passages p ON p.number = m.passage_number
    WHERE m.concept_id IN :ids AND p.space_id IN :spaces"""
_ONE = " AND p.document_id = :document"
_COUNT = "SELECT count(*), count(DISTINCT p.document_id) " + _HELD
_SHARING = f"""SELECT c.key, min(c.name), sum(held.shared), sum(c.passages)
    FROM (SELECT other.concept_id, count(*) AS shared
          FROM (SELECT m.passage_number {_HELD}{{one}}) AS own
          JOIN mentions other ON other.passage_number = own.passage_number
          WHERE other.concept_id NOT IN :ids GROUP BY other.concept_id) AS held
    JOIN concepts c ON c.id = held.concept_id
    GROUP BY c.key ORDER BY sum(held.shared) DESC, c.key LIMIT :most"""
_PASSAGES = f"""SELECT p.id, p.document_id, p.title, p.position, p.heading, p.place, p.text
    {_HELD}{{one}} ORDER BY p.number LIMIT :limit OFFSET :offset"""
_TOTAL = text(
    "SELECT coalesce(sum(passages), 0) FROM documents WHERE space_id IN :spaces"
).bindparams(_SPACES)


@dataclass(frozen=True, slots=True)
class Linked:
    """A concept that shares passages with another."""

    key: str
    name: str
    shared: int
    strength: float


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A passage that mentions a concept; `number` counts it in its document from 1."""

    passage_id: str
    document_id: str
    title: str
    number: int
    heading: str
    place: str
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class ConceptView:
    """A concept with its strongest links, and a page of its passages."""

    key: str
    name: str
    passages: int
    documents: int
    links: Sequence[Linked]
    mentions: Sequence[Mentioned]


def read_concept(
    session: Statements,
    space_ids: Sequence[str],
    key: str,
    *,
    document_id: str = "",
    limit: int = 3,
    offset: int = 0,
) -> ConceptView:
    """The concept of this key. NotFound where no document of the spaces mentions it."""
    spaces = list(space_ids)
    found = session.execute(_FIND, {"key": key, "spaces": spaces}).all() if spaces else []
    given = {"ids": [row[0] for row in found], "spaces": spaces, "document": document_id}
    passages, documents = _count(session, given) if found else (0, 0)
    if not passages:
        raise NotFound("There is no such concept.")
    return ConceptView(
        key,
        found[0][1],
        passages,
        documents,
        _links(session, given, passages),
        _mentions(session, given, key, limit, offset),
    )


def _count(session: Statements, given: Mapping[str, object]) -> tuple[int, int]:
    query = _statement(_COUNT + (_ONE if given["document"] else ""))
    passages, documents = session.execute(query, given).one()
    return passages, documents


def _links(session: Statements, given: Mapping[str, object], passages: int) -> list[Linked]:
    """The strongest of those that share the most, by how many they share."""
    query = _statement(_SHARING.format(one=_ONE if given["document"] else ""))
    total = int(session.execute(_TOTAL, {"spaces": given["spaces"]}).scalar_one())
    found = [
        Linked(key, name, int(shared), strength(passages, int(all_), int(shared), total))
        for key, name, shared, all_ in session.execute(query, {**given, "most": _CONSIDERED})
    ]
    strongest = sorted(found, key=lambda one: (-one.strength, one.key))[:_STRONGEST]
    return sorted(strongest, key=lambda one: (-one.shared, -one.strength, one.key))


def _mentions(
    session: Statements, given: Mapping[str, object], key: str, limit: int, offset: int
) -> list[Mentioned]:
    query = _statement(_PASSAGES.format(one=_ONE if given["document"] else ""))
    rows = session.execute(query, {**given, "limit": limit, "offset": offset})
    return [
        Mentioned(row[0], row[1], row[2], row[3] + 1, row[4], row[5], excerpt(row[6], key))
        for row in rows
    ]


def _statement(query: str) -> TextClause:
    return text(query).bindparams(_SPACES, _IDS)
