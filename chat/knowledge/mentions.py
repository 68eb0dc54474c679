"""One concept: how many passages mention it, which others share these, and what they say.

Keeps true: all of it comes from documents of the given spaces that are there, or from one of these;
an excerpt is a literal part of its passage; a concept of many passages holds nobody up. Imports
association, excerpts, pace and the plain ground.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, TextClause, bindparam, text

from chat.database import Statements
from chat.errors import NotFound
from chat.knowledge.association import strength
from chat.knowledge.excerpts import Excerpt, excerpt
from chat.knowledge.pace import Pace

_STRONGEST = 8  # links of a concept that are told
_CONSIDERED = 60  # of those that share the most passages
_AT_ONCE = 400  # passages that one statement looks at: others are served in between
_SPACES: BindParameter[Sequence[str]] = bindparam("spaces", expanding=True)
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_NUMBERS: BindParameter[Sequence[int]] = bindparam("numbers", expanding=True)

_FIND = text(
    "SELECT id, name FROM concepts WHERE key = :key AND space_id IN :spaces ORDER BY passages DESC"
).bindparams(_SPACES)
_HELD = """FROM mentions m JOIN passages p ON p.number = m.passage_number
    WHERE m.concept_id IN :ids AND p.space_id IN :spaces"""
_ONE = " AND p.document_id = :document"
_SOME = f"""SELECT p.number, p.document_id {_HELD}{{one}} AND m.passage_number > :after
    ORDER BY p.number LIMIT :limit"""
_PASSAGES = f"""SELECT p.id, p.document_id, p.title, p.position, p.heading, p.place, p.text
    {_HELD}{{one}} ORDER BY p.number LIMIT :limit OFFSET :offset"""
_SHARED = text(
    """SELECT concept_id, count(*) FROM mentions
        WHERE passage_number IN :numbers AND concept_id NOT IN :ids GROUP BY concept_id"""
).bindparams(_NUMBERS, _IDS)
_OTHERS = text("SELECT id, key, name, passages FROM concepts WHERE id IN :ids").bindparams(_IDS)
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
    held = list(_held(session, given)) if found else []
    if not held:
        raise NotFound("There is no such concept.")
    return ConceptView(
        key,
        found[0][1],
        len(held),
        len({document for _, document in held}),
        _links(session, given, [number for number, _ in held]),
        _mentions(session, given, key, limit, offset),
    )


def _held(session: Statements, given: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """The passages that mention the concept, each with its document."""
    query, after = _statement(_SOME, given), 0
    pace = Pace()
    while True:
        rows = session.execute(query, {**given, "after": after, "limit": _AT_ONCE}).all()
        yield from ((row[0], row[1]) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]
        pace()


def _links(
    session: Statements, given: Mapping[str, object], numbers: Sequence[int]
) -> list[Linked]:
    """The strongest of those that share the most, by how many they share."""
    shared: Counter[int] = Counter()
    pace = Pace()
    for start in range(0, len(numbers), _AT_ONCE):
        pace()
        some = {"numbers": numbers[start : start + _AT_ONCE], "ids": given["ids"]}
        shared.update({row[0]: row[1] for row in session.execute(_SHARED, some)})
    total = int(session.execute(_TOTAL, {"spaces": given["spaces"]}).scalar_one())
    found = [
        Linked(key, name, both, strength(len(numbers), max(both, passages), both, total))
        for key, name, both, passages in _others(session, shared)
    ]
    strongest = sorted(found, key=lambda one: (-one.strength, one.key))[:_STRONGEST]
    return sorted(strongest, key=lambda one: (-one.shared, -one.strength, one.key))


def _others(session: Statements, shared: Counter[int]) -> Iterator[tuple[str, str, int, int]]:
    """Key, name, shared passages and all passages of those that share the most."""
    most = sorted(shared, key=lambda number: (-shared[number], number))[:_CONSIDERED]
    both: Counter[str] = Counter()
    passages: Counter[str] = Counter()
    names: dict[str, str] = {}
    for number, key, name, count in session.execute(_OTHERS, {"ids": most}):
        both[key] += shared[number]
        passages[key] += count
        names.setdefault(key, name)
    for key, name in names.items():
        yield key, name, both[key], passages[key]


def _mentions(
    session: Statements, given: Mapping[str, object], key: str, limit: int, offset: int
) -> list[Mentioned]:
    query = _statement(_PASSAGES, given)
    rows = session.execute(query, {**given, "limit": limit, "offset": offset})
    return [
        Mentioned(row[0], row[1], row[2], row[3] + 1, row[4], row[5], excerpt(row[6], key))
        for row in rows
    ]


def _statement(query: str, given: Mapping[str, object]) -> TextClause:
    return text(query.format(one=_ONE if given["document"] else "")).bindparams(_SPACES, _IDS)
