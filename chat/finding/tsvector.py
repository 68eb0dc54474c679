"""The texts that people search as PostgreSQL keeps them: `texts.py` says what each does.

Keeps true: only letters and digits reach the search grammar. The newest texts that suit are read,
and only of these the score is computed. Imports what is asked and the tables.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, cast, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from chat.database import Statements
from chat.finding.asked import Term, folded
from chat.finding.hits import LOOKED_AT, Hit
from chat.finding.scope import Scope
from chat.finding.tables import ENTRIES

_BY_LENGTH = 1  # ts_rank's normalisation: divided by 1 + ln(length)
_READ = 500  # of the texts with a word of a beginning, so many are read for their words
_TOKENS = literal_column("tokens", TSVECTOR)
_WORDS = cast(bindparam("words"), TSQUERY)
# The indexes know these signs as written. By `number + 0` the newest are sorted out of what an
# index of words has found: the order of the primary key would be searched row by row.
_DOCUMENTS, _SAID = text("number < 0"), text("number > 0")
_KNOWN = text(
    """SELECT w.word FROM unnest(CAST(:words AS text[])) AS w (word)
        WHERE EXISTS (SELECT FROM search_entries
            WHERE tokens @@ CAST(w.word AS tsquery) AND number > 0)
        OR EXISTS (SELECT FROM search_entries
            WHERE tokens @@ CAST(w.word AS tsquery) AND number < 0)"""
)
_BEGINNING = text("SELECT word FROM ts_stat(:texts) WHERE starts_with(word, :start)")
_TEXTS = """(SELECT tokens FROM search_entries WHERE tokens @@ '{start}:*'::tsquery AND number > 0
    ORDER BY number + 0 DESC LIMIT {read})
    UNION ALL (SELECT tokens FROM search_entries WHERE tokens @@ '{start}:*'::tsquery AND number < 0
    ORDER BY number + 0 LIMIT {read})"""


def find(
    session: Statements,
    terms: Sequence[Term],
    scope: Scope,
    *,
    every: bool = True,
    limit: int = LOOKED_AT,
) -> list[Hit]:
    number = ENTRIES.c.number + literal_column("0")
    newest = (
        select(ENTRIES.c.place_id, ENTRIES.c.text_id, ENTRIES.c.at, _TOKENS)
        .where(_TOKENS.op("@@")(_WORDS), *scope.conditions)
        .where(_DOCUMENTS if scope.of_documents else _SAID)
        .order_by(number if scope.of_documents else number.desc())
        .limit(limit)
        .subquery()
    )
    rank = func.ts_rank(newest.c.tokens, _WORDS, _BY_LENGTH)
    query = select(newest.c.place_id, newest.c.text_id, newest.c.at, rank)
    given = {"words": _grammar(terms, every)}
    return [Hit(*row) for row in session.execute(query, given)]


def known(session: Statements, words: Sequence[str]) -> list[str]:
    return list(session.execute(_KNOWN, {"words": [folded(word) for word in words]}).scalars())


def beginning(session: Statements, start: str) -> list[str]:
    start = folded(start)
    if not start.isalnum():
        return []
    texts = _TEXTS.format(start=start, read=_READ)
    return list(session.execute(_BEGINNING, {"texts": texts, "start": start}).scalars())


def _grammar(terms: Sequence[Term], every: bool) -> str:
    return (" & " if every else " | ").join(map(_one, terms))


def _one(term: Term) -> str:
    """A word as it is counts besides every word of the same beginning, and so counts more."""
    whole = " <-> ".join(f"'{folded(word)}'" for word in term.words)
    return f"({whole} | '{folded(term.beginning)}':*)" if term.beginning else f"({whole})"
