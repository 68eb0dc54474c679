"""Which passages of the viewer's spaces are nearest in meaning to a question.

A process keeps the signs of a space's vectors, looks through them, and reads the vectors of the
few that look near. Keeps true: what it keeps is of the version of the space's library that it read,
and it asks for that version each time; passages of other spaces are left out by the query that
reads vectors, too. Imports packed and the tables.
"""

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select

from chat.database import Statements, engine_of
from chat.knowledge.meaning.packed import nearness, signature
from chat.knowledge.pace import Pace
from chat.models import Passage, PassageVector, Space
from chat.statements import Prepared

CONCEPTS = ""  # the model of vectors that no model has made: those of the concept space
_CANDIDATES = 100  # whose vectors are read: of the ten nearest nine are among them
_AT_ONCE = 2000  # signs that are compared before others may be served
_MOST_KEPT = 200_000  # passages of all spaces that a process keeps the signs of: 15 MB

_SPACES, _PASSAGES = Space.metadata.tables["spaces"], Passage.metadata.tables["passages"]
_VECTORS = PassageVector.metadata.tables["passage_vectors"]
_OF_PASSAGES = _PASSAGES.join(_VECTORS, _VECTORS.c.passage_number == _PASSAGES.c.number)
_OF_MODEL = _VECTORS.c.model == bindparam("model")
_VERSIONS = Prepared(
    select(_SPACES.c.id, _SPACES.c.library_version).where(
        _SPACES.c.id.in_(bindparam("space_ids", expanding=True))
    )
)
_SIGNS = (
    select(_PASSAGES.c.number, _VECTORS.c.signs)
    .select_from(_OF_PASSAGES)
    .where(_PASSAGES.c.space_id == bindparam("space_id"), _OF_MODEL)
    .order_by(_PASSAGES.c.number)
)
_FOUND = Prepared(
    select(_PASSAGES.c.number, _VECTORS.c.vector)
    .select_from(_OF_PASSAGES)
    .where(
        _PASSAGES.c.number.in_(bindparam("numbers", expanding=True)),
        _PASSAGES.c.space_id.in_(bindparam("space_ids", expanding=True)),
        _OF_MODEL,
    )
)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The signs of one space's vectors at one version of its library."""

    version: int
    numbers: "array[int]"
    signs: list[int]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A question as a model has placed it: a packed vector in the space of that model."""

    model: str
    vector: bytes


_Shelves = OrderedDict[tuple[str, str], _Shelf]  # by space and model, the last used at the end
_kept: WeakKeyDictionary[Engine, _Shelves] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest passages, best first, and the cosines of all that were looked at closely."""

    ranked: Sequence[tuple[int, float]]
    cosines: Mapping[int, float]


def nearest(
    session: Statements,
    asked: bytes,
    space_ids: Sequence[str],
    most: int,
    *,
    least: float,
    also: Sequence[int] = (),
    model: str = CONCEPTS,
) -> Near:
    """The passages with a cosine of at least `least`, by number; the cosines of `also` too."""
    if not asked or not space_ids:
        return Near((), {})
    numbers = {*_candidates(_shelves(session, space_ids, model), asked), *also}
    given = {"numbers": list(numbers), "space_ids": list(space_ids), "model": model}
    rows = _FOUND.rows(session, given)
    cosines = nearness(asked, [row[1] for row in rows])
    near = {row[0]: cosine for row, cosine in zip(rows, cosines, strict=True)}
    ranked = sorted((-cosine, number) for number, cosine in near.items() if cosine >= least)
    return Near([(number, -negative) for negative, number in ranked[:most]], near)


def _candidates(shelves: Sequence[_Shelf], asked: bytes) -> list[int]:
    """The passages whose signs differ least."""
    pace, own = Pace(), int.from_bytes(signature(asked), "big")
    apart: list[int] = []
    for shelf in shelves:
        for start in range(0, len(shelf.signs), _AT_ONCE):
            some = shelf.signs[start : start + _AT_ONCE]
            apart += [(one ^ own).bit_count() for one in some]
            pace()
    if not apart:
        return []
    most = sorted(apart)[min(_CANDIDATES, len(apart)) - 1]
    numbers = chain.from_iterable(shelf.numbers for shelf in shelves)
    near = [number for number, far in zip(numbers, apart, strict=True) if far <= most]
    return near[: 2 * _CANDIDATES]


def _shelves(session: Statements, space_ids: Sequence[str], model: str) -> list[_Shelf]:
    kept = _kept.setdefault(engine_of(session), OrderedDict())
    found = []
    for space_id, version in _VERSIONS.rows(session, {"space_ids": space_ids}):
        key = space_id, model
        shelf = kept.get(key)
        if shelf is None or shelf.version != version:
            shelf = kept[key] = _read(session, space_id, version, model)
        kept.move_to_end(key)
        found.append(shelf)
    _forget(kept)
    return found


def _read(session: Statements, space_id: str, version: int, model: str) -> _Shelf:
    pace, shelf = Pace(), _Shelf(version, array("q"), [])
    rows = session.execute(_SIGNS, {"space_id": space_id, "model": model})
    for some in rows.partitions(_AT_ONCE // 4):
        for number, digits in some:
            shelf.numbers.append(number)
            shelf.signs.append(int.from_bytes(digits, "big"))
        pace()
    return shelf


def _forget(kept: _Shelves) -> None:
    """Drop what was not used for the longest time, as far as there is too much."""
    held = sum(len(shelf.numbers) for shelf in kept.values())
    while held > _MOST_KEPT and len(kept) > 1:
        _, shelf = kept.popitem(last=False)
        held -= len(shelf.numbers)
