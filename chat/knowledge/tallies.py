"""What is counted for a graph: in how many passages concepts are, and how many two of them share.

Keeps true: only documents of the given spaces that are there are counted. The stored counts hold
those that are being stored or taken out too, so what these add is taken off. A concept of several
spaces is one: it is known by its key. Imports the plain ground.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby
from operator import itemgetter

from sqlalchemy import BindParameter, bindparam, text

from chat.database import Statements
from chat.knowledge.pace import Pace

Pairs = Counter[tuple[str, str]]

_FEW = 400  # in fewer passages than this, one that is shared makes a link; else two
_AT_ONCE = 40  # concepts whose links one statement reads: others are served in between
_SPACES: BindParameter[Sequence[str]] = bindparam("spaces", expanding=True)

_TOTAL = """SELECT coalesce(sum(passages), 0) FROM documents WHERE space_id IN :spaces"""
_TOTAL_OF_ALL = text(_TOTAL).bindparams(_SPACES)
_TOTAL_OF_ONE = text(f"{_TOTAL} AND id = :document").bindparams(_SPACES)
_WEIGHTIEST = text(
    """SELECT id, key, name, passages FROM concepts WHERE space_id = :space AND passages > 0
        ORDER BY passages DESC, key DESC LIMIT :most"""
)
_NAMED = text(
    """SELECT id, key, name, passages FROM concepts
        WHERE space_id IN :spaces AND key IN :keys AND passages > 0"""
).bindparams(_SPACES, bindparam("keys", expanding=True))
_OF_DOCUMENT = text(
    """SELECT m.passage_number, m.concept_id, c.key, c.name
        FROM passages p JOIN mentions m ON m.passage_number = p.number
        JOIN concepts c ON c.id = m.concept_id
        WHERE p.document_id = :document AND p.space_id IN :spaces ORDER BY m.passage_number"""
).bindparams(_SPACES)
_HIDDEN = text(
    """SELECT m.passage_number, m.concept_id
        FROM documents d JOIN passages p ON p.document_id = d.id
        JOIN mentions m ON m.passage_number = p.number
        WHERE d.passages = 0 AND d.space_id IN :spaces ORDER BY m.passage_number"""
).bindparams(_SPACES)
_LINKS = """SELECT concept_id, other_id, passages FROM links
    WHERE concept_id IN :some AND other_id IN :all AND passages > """
_SOME: tuple[BindParameter[Sequence[int]], ...] = (
    bindparam("some", expanding=True),
    bindparam("all", expanding=True),
)
_ALL_LINKS = text(f"{_LINKS} 0").bindparams(*_SOME)
_SHARED_LINKS = text(f"{_LINKS} 1").bindparams(*_SOME)  # an index holds no others


@dataclass(frozen=True, slots=True)
class Tally:
    """Concepts by their key, with the ids under which they are stored, of `total` passages.

    `rows` are mentions (passage, concept id): of the one document, or what is to be taken off.
    """

    total: int
    of_document: bool = False
    names: dict[str, str] = field(default_factory=dict)
    passages: Counter[str] = field(default_factory=Counter)
    keys: dict[int, str] = field(default_factory=dict)
    rows: list[tuple[int, int]] = field(default_factory=list)


def tally(
    session: Statements, space_ids: Sequence[str], document_id: str, candidates: int
) -> Tally:
    """The concepts of one document, or so many of each space that are in the most passages."""
    if not space_ids:
        return Tally(0)
    given = {"spaces": list(space_ids)}
    if document_id:
        return _tally_of_document(session, {**given, "document": document_id})
    found = Tally(int(session.execute(_TOTAL_OF_ALL, given).scalar_one()))
    for number, key, name, passages in _candidates(session, space_ids, candidates):
        found.names.setdefault(key, name)
        found.passages[key] += passages
        found.keys[number] = key
    for passage, number in session.execute(_HIDDEN, given):
        if number in found.keys:
            found.passages[found.keys[number]] -= 1
            found.rows.append((passage, number))
    return found


def pairs(session: Statements, tallied: Tally, keys: Iterable[str]) -> Pairs:
    """How many passages each two of these concepts share, as (lower key, higher key)."""
    wanted = set(keys)
    chosen = {number: key for number, key in tallied.keys.items() if key in wanted}
    read = _read_pairs(tallied.rows, chosen)
    if tallied.of_document:
        return read
    stored = _stored_pairs(session, chosen, tallied.total)
    stored.subtract(read)
    return stored


def _tally_of_document(session: Statements, given: Mapping[str, object]) -> Tally:
    found = Tally(int(session.execute(_TOTAL_OF_ONE, given).scalar_one()), of_document=True)
    for passage, number, key, name in session.execute(_OF_DOCUMENT, given):
        found.names[key] = name
        found.passages[key] += 1
        found.keys[number] = key
        found.rows.append((passage, number))
    return found


def _candidates(
    session: Statements, space_ids: Sequence[str], most: int
) -> Iterable[tuple[int, str, str, int]]:
    found = [
        (row[0], row[1], row[2], row[3])
        for space_id in space_ids
        for row in session.execute(_WEIGHTIEST, {"space": space_id, "most": most})
    ]
    if len(space_ids) == 1:
        return found
    everywhere = _everywhere(session, space_ids, sorted({row[1] for row in found}))
    return sorted(everywhere, key=lambda row: (-row[3], row[0]))  # the name of the space with most


def _everywhere(
    session: Statements, space_ids: Sequence[str], keys: Sequence[str]
) -> Iterator[tuple[int, str, str, int]]:
    for start in range(0, len(keys), 400):
        given = {"spaces": list(space_ids), "keys": keys[start : start + 400]}
        for row in session.execute(_NAMED, given):
            yield row[0], row[1], row[2], row[3]


def _stored_pairs(session: Statements, chosen: Mapping[int, str], total: int) -> Pairs:
    query = _ALL_LINKS if total < _FEW else _SHARED_LINKS
    found: Pairs = Counter()
    pace, numbers = Pace(), sorted(chosen)
    for start in range(0, len(numbers), _AT_ONCE):
        pace()
        given = {"some": numbers[start : start + _AT_ONCE], "all": numbers}
        for one, other, passages in session.execute(query, given):
            found[_pair(chosen[one], chosen[other])] += passages
    return found


def _read_pairs(rows: Sequence[tuple[int, int]], chosen: Mapping[int, str]) -> Pairs:
    found: Pairs = Counter()
    pace = Pace()
    for _, mentions in groupby(rows, key=itemgetter(0)):
        pace()
        keys = sorted(chosen[number] for _, number in mentions if number in chosen)
        found.update(combinations(keys, 2))
    return found


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
