"""The texts that people search as SQLite keeps them, in FTS5: `texts.py` says what each does.

Keeps true: terms reach the search grammar only as quoted strings. The newest texts that suit are
read, and only of these the score is computed. Imports what is asked and the tables.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, column, literal_column, select, table, text

from chat.database import Statements
from chat.finding.asked import Term, widened
from chat.finding.hits import LOOKED_AT, Hit
from chat.finding.scope import Scope
from chat.finding.tables import ENTRIES

_INDEX = table("search_index", column("rowid"))
_START = 3  # letters: what begins alike is read at once
_OFTEN = 20  # words that begin alike: fewer are looked up one by one
_MATCH = text("search_index MATCH :words")
_BADNESS: ColumnElement[float] = literal_column("bm25(search_index)")
_KNOWN = text(
    """SELECT v.term FROM json_each(:words) AS w CROSS JOIN search_vocabulary AS v
        ON v.term = w.value ORDER BY v.doc DESC"""
)
_BEGINNING = text(
    """SELECT term FROM search_vocabulary WHERE term >= :low AND term < :high
        ORDER BY doc DESC, term"""
)


def find(
    session: Statements, terms: Sequence[Term], scope: Scope, *, every: bool = True
) -> list[Hit]:
    """Of a single word, what has it as it is, where that is as much as is looked at.

    All that begins alike would be put in order first, and of a usual word that is very much.
    """
    if len(terms) == 1 and terms[0].beginning:
        hits = _hits(session, [terms[0].exact], scope, every=every)
        if len(hits) == LOOKED_AT:
            return hits
    return _hits(session, terms, scope, every=every)


def _hits(session: Statements, terms: Sequence[Term], scope: Scope, *, every: bool) -> list[Hit]:
    number = _INDEX.c.rowid
    query = (
        _within(scope, ENTRIES.c.place_id, ENTRIES.c.text_id, ENTRIES.c.at, _BADNESS)
        .order_by(number if scope.of_documents else number.desc())
        .limit(LOOKED_AT)
    )
    rows = session.execute(query, {"words": _grammar(terms, every)})
    return [Hit(place, text_id, at, max(0.0, -badness)) for place, text_id, at, badness in rows]


def has_any(session: Statements, terms: Sequence[Term], scope: Scope) -> bool:
    query = _within(scope, ENTRIES.c.number).limit(1)
    return session.execute(query, {"words": _grammar(terms, every=False)}).first() is not None


def known(session: Statements, words: Sequence[str]) -> list[str]:
    wanted = set(words)
    starts = Counter(word[:_START] for word in wanted)
    often = [start for start, count in starts.items() if count >= _OFTEN]
    found = [word for start in often for word in _beginning(session, start) if word in wanted]
    others = [word for word in words if word[:_START] not in often]
    return found + list(session.execute(_KNOWN, {"words": json.dumps(others)}).scalars())


def beginnings(session: Statements, start: str) -> Iterator[list[str]]:
    yield _beginning(session, start)


def _beginning(session: Statements, start: str) -> list[str]:
    given = {"low": start, "high": start[:-1] + chr(ord(start[-1]) + 1)}
    return list(session.execute(_BEGINNING, given).scalars())


def _within(scope: Scope, *columns: Any) -> Select[*tuple[Any, ...]]:
    number = _INDEX.c.rowid
    return (
        select(*columns)
        .select_from(_INDEX.join(ENTRIES, ENTRIES.c.number == number))
        .where(_MATCH, number < 0 if scope.of_documents else number > 0, *scope.conditions(ENTRIES))
    )


def _grammar(terms: Sequence[Term], every: bool) -> str:
    return (" AND " if every else " OR ").join(map(_one, widened(terms)))


def _one(term: Term) -> str:
    """A word as it is counts besides every word of the same beginning, and so counts more."""
    whole = f'"{" ".join(term.words)}"'
    return f'({whole} OR "{term.beginning}"*)' if term.beginning else whole
