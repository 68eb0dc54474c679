"""The full-text index as SQLite keeps it: the only file of knowledge that speaks its dialect.

Keeps true: what a person typed reaches the search grammar only as quoted terms; rows of spaces that
the viewer is not in are left out by the query itself. Rows are written by the triggers of revision
0004, so this file only reads. Imports the plain ground.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from chat.values import Passage

_TITLE, _HEADING, _TEXT = 1.0, 1.5, 1.0  # bm25's weights of the three columns
_MOST_COUNTED = 2000  # a term in more passages than this is simply common

_FIND = text(
    f"""SELECT p.id, p.document_id, p.title, p.heading, p.position, p.text, best.badness, p.number
        FROM (
            SELECT p.number, bm25(passage_index, {_TITLE}, {_HEADING}, {_TEXT}) AS badness
            FROM passage_index JOIN passages p ON p.number = passage_index.rowid
            WHERE passage_index MATCH :query AND p.space_id IN :spaces
            ORDER BY badness, p.number LIMIT :limit
        ) AS best JOIN passages p ON p.number = best.number
        ORDER BY best.badness, p.number"""  # the texts are read only for the best
).bindparams(bindparam("spaces", expanding=True))
_COUNT = text(
    """SELECT count(*) FROM (
        SELECT 1 FROM passage_index WHERE passage_index MATCH :query LIMIT :limit)"""
)
_VISIBLE = text(
    """SELECT p.title || ' ' || p.heading || ' ' || p.text
        FROM passage_index JOIN passages p ON p.number = passage_index.rowid
        WHERE passage_index MATCH :query AND p.space_id IN :spaces LIMIT 1"""
).bindparams(bindparam("spaces", expanding=True))
_VISIBLE_STEM = text(
    """SELECT p.title || ' ' || p.heading || ' ' || p.text
        FROM passage_instances i JOIN passages p ON p.number = i.doc
        WHERE i.term = :stem AND p.space_id IN :spaces LIMIT 1"""
).bindparams(bindparam("spaces", expanding=True))
_TOTAL = text("SELECT count(*) FROM passages")
_STEMS = text(
    """SELECT term, doc FROM passage_vocabulary
        WHERE term >= :low AND term < :high AND length(term) BETWEEN :least AND :most"""
)


def quoted(term: str, *, prefix: bool = False) -> str:
    """`term` as the grammar's string: nothing in it is an operator."""
    inner = term.replace('"', '""').replace("\0", " ")
    return f'"{inner}"*' if prefix else f'"{inner}"'


def any_of(terms: Iterable[str]) -> str:
    """A query for passages that hold at least one of the terms."""
    return " OR ".join(quoted(term) for term in terms)


def find(
    session: Session, query: str, space_ids: Sequence[str], limit: int
) -> list[tuple[Passage, int]]:
    """The passages of these spaces that suit `query` best, each with its number in the index."""
    if not query or not space_ids:
        return []
    given = {"query": query, "spaces": list(space_ids), "limit": limit}
    return [
        (Passage(row[0], row[1], row[2], row[3], row[4], row[5], max(0.0, -row[6])), row[7])
        for row in session.execute(_FIND, given)
    ]


def frequency(session: Session, query: str) -> int:
    """In how many passages `query` is found, counted to a bound."""
    return int(session.execute(_COUNT, {"query": query, "limit": _MOST_COUNTED}).scalar_one())


def passages_in_all(session: Session) -> int:
    """How many passages the index holds."""
    return int(session.execute(_TOTAL).scalar_one())


def a_text_with(session: Session, query: str, space_ids: Sequence[str]) -> str | None:
    """The words of some passage of these spaces that holds `query`; None when there is none."""
    if not space_ids:
        return None
    given = {"query": query, "spaces": list(space_ids)}
    found: str | None = session.execute(_VISIBLE, given).scalar()
    return found


def a_text_with_stem(session: Session, stem: str, space_ids: Sequence[str]) -> str | None:
    """The same for a stem as the index has it, which a query would stem once more."""
    given = {"stem": stem, "spaces": list(space_ids)}
    found: str | None = session.execute(_VISIBLE_STEM, given).scalar()
    return found


def stems_beginning(session: Session, start: str, least: int, most: int) -> list[tuple[str, int]]:
    """The indexed stems that begin with `start` and have `least` to `most` characters.

    Each with the number of passages that hold it.
    """
    high = start[:-1] + chr(ord(start[-1]) + 1)
    given = {"low": start, "high": high, "least": least, "most": most}
    return [(row[0], row[1]) for row in session.execute(_STEMS, given)]
