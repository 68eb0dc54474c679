"""The texts that people search as SQLite keeps them, in FTS5: `texts.py` says what each does.

Keeps true: terms reach the search grammar only as quoted strings. The newest texts that suit are
read, and only of these the score is computed. Imports what is asked and the tables.
"""

import json
from collections.abc import Sequence

from sqlalchemy import column, literal_column, select, table, text

from chat.database import Statements
from chat.finding.asked import Term
from chat.finding.hits import LOOKED_AT, Hit
from chat.finding.scope import Scope
from chat.finding.tables import ENTRIES

_INDEX = table("search_index", column("rowid"))
_KNOWN = text(
    """SELECT v.term FROM json_each(:words) AS w CROSS JOIN search_vocabulary AS v
        ON v.term = w.value ORDER BY v.doc DESC"""
)
_BEGINNING = text("SELECT term FROM search_vocabulary WHERE term >= :low AND term < :high")


def find(
    session: Statements,
    terms: Sequence[Term],
    scope: Scope,
    *,
    every: bool = True,
    limit: int = LOOKED_AT,
) -> list[Hit]:
    number = _INDEX.c.rowid
    order = (number < 0, number) if scope.of_documents else (number > 0, number.desc())
    query = (
        select(ENTRIES.c.place_id, ENTRIES.c.text_id, ENTRIES.c.at)
        .add_columns(literal_column("bm25(search_index)"))
        .select_from(_INDEX.join(ENTRIES, ENTRIES.c.number == number))
        .where(text("search_index MATCH :words"), order[0], *scope.conditions)
        .order_by(order[1])
        .limit(limit)
    )
    given = {"words": _grammar(terms, every)}
    rows = session.execute(query, given)
    return [Hit(place, text_id, at, max(0.0, -badness)) for place, text_id, at, badness in rows]


def known(session: Statements, words: Sequence[str]) -> list[str]:
    return list(session.execute(_KNOWN, {"words": json.dumps(list(words))}).scalars())


def beginning(session: Statements, start: str) -> list[str]:
    given = {"low": start, "high": start[:-1] + chr(ord(start[-1]) + 1)}
    return list(session.execute(_BEGINNING, given).scalars())


def _grammar(terms: Sequence[Term], every: bool) -> str:
    return (" AND " if every else " OR ").join(map(_one, terms))


def _one(term: Term) -> str:
    """A word as it is counts besides every word of the same beginning, and so counts more."""
    whole = f'"{" ".join(term.words)}"'
    return f'({whole} OR "{term.beginning}"*)' if term.beginning else whole
