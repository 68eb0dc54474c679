"""The full-text index as SQLite keeps it, in FTS5.

Keeps true: what a person typed reaches the search grammar only as quoted terms; rows of spaces that
the viewer is not in are left out by the query itself. Index rows are written by the triggers of
revision 0016. `index.py` says what each function does. Imports the plain ground and the tables.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, insert, text

from chat import models
from chat.database import Statements
from chat.statements import Prepared
from chat.values import Passage

_TITLE, _HEADING, _TEXT, _STEMS_TOO = 1.0, 1.5, 1.0, 1.0  # bm25's weights of the columns
_WEIGHTS = f"{_TITLE}, {_HEADING}, {_TEXT}, {_STEMS_TOO}"
_MOST_COUNTED = 2000  # a term in more passages than this is simply common

_FIND = Prepared(
    text(
        f"""SELECT p.id, p.document_id, p.title, p.heading, p.position, p.text, best.badness,
               p.place, p.number, p.findings
        FROM (
            SELECT p.number, bm25(passage_index, {_WEIGHTS}) AS badness
            FROM passage_index JOIN passages p ON p.number = passage_index.rowid
            WHERE passage_index MATCH :query AND p.space_id IN :spaces
            ORDER BY badness, p.number LIMIT :limit
        ) AS best JOIN passages p ON p.number = best.number
        ORDER BY best.badness, p.number"""  # the texts are read only for the best
    ).bindparams(bindparam("spaces", expanding=True))
)
_COUNT = """(SELECT count(*) FROM (
    SELECT 1 FROM passage_index WHERE passage_index MATCH :query{n} LIMIT :limit))"""
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
_TOTAL = Prepared(text("SELECT count(*) FROM passages"))
# FTS5 keeps what a statement writes as a part of its own, and a search looks into every part. Two
# alike in size are joined, so that there are few of them however many documents there are; that is
# bounded work (pages of 4 KB), and what is left of it is done with the next document.
_JOIN = (
    text("INSERT INTO passage_index (passage_index, rank) VALUES ('usermerge', 2)"),
    text("INSERT INTO passage_index (passage_index, rank) VALUES ('merge', 64)"),
    text("INSERT INTO search_index (search_index, rank) VALUES ('merge', 64)"),  # people's
)
_STEMS = text(
    """SELECT term, doc FROM passage_vocabulary
        WHERE term >= :low AND term < :high AND length(term) BETWEEN :least AND :most"""
)


def add(session: Statements, rows: Sequence[Mapping[str, Any]]) -> None:
    session.execute(insert(models.Passage), rows)
    for statement in _JOIN:
        session.execute(statement)


def find(
    session: Statements, terms: Sequence[str], space_ids: Sequence[str], limit: int
) -> list[tuple[Passage, int]]:
    if not terms or not space_ids:
        return []
    query = " OR ".join(quoted(term) for term in terms)
    given = {"query": query, "spaces": space_ids, "limit": limit}
    return [(_passage(row), row[8]) for row in _FIND.rows(session, given)]


def _passage(row: Any) -> Passage:
    score = max(0.0, -row[6])
    return Passage(row[0], row[1], row[2], row[3], row[4], row[5], score, row[7], findings=row[9])


def frequencies(session: Statements, terms: Sequence[str]) -> list[int]:
    if not terms:
        return []
    given = {f"query{n}": quoted(term) for n, term in enumerate(terms)}
    return list(_counts(len(terms)).first(session, {**given, "limit": _MOST_COUNTED}) or ())


@lru_cache(maxsize=32)
def _counts(count: int) -> Prepared:
    """One statement for all: a statement costs more than the counting in it."""
    return Prepared(text("SELECT " + ", ".join(_COUNT.format(n=n) for n in range(count))))


def passages_in_all(session: Statements) -> int:
    return int(_TOTAL.rows(session, {})[0][0])


def a_text_with_beginning(session: Statements, start: str, space_ids: Sequence[str]) -> str | None:
    if not space_ids:
        return None
    given = {"query": f"{quoted(start)}*", "spaces": list(space_ids)}
    found: str | None = session.execute(_VISIBLE, given).scalar()
    return found


def a_text_with_stem(session: Statements, stem: str, space_ids: Sequence[str]) -> str | None:
    given = {"stem": stem, "spaces": list(space_ids)}
    found: str | None = session.execute(_VISIBLE_STEM, given).scalar()
    return found


def stems_beginning(
    session: Statements, start: str, least: int, most: int
) -> list[tuple[str, int]]:
    high = start[:-1] + chr(ord(start[-1]) + 1)
    given = {"low": start, "high": high, "least": least, "most": most}
    return [(row[0], row[1]) for row in session.execute(_STEMS, given)]


def quoted(term: str) -> str:
    """`term` as the grammar's string: nothing in it is an operator."""
    inner = term.replace('"', '""').replace("\0", " ")
    return f'"{inner}"'
