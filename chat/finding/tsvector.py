"""The texts that people search as PostgreSQL keeps them: `texts.py` says what each does.

Keeps true: only letters and digits reach the search grammar. The newest texts that suit are read,
and only of these the score is computed. Imports what is asked and the tables.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from chat.database import Statements
from chat.finding.asked import Term, folded, widened
from chat.finding.hits import LOOKED_AT, Hit
from chat.finding.scope import Scope
from chat.finding.tables import ENTRIES

_BY_LENGTH = 1  # ts_rank's normalisation: divided by 1 + ln(length)
_READ = 80  # of the texts with a word of a beginning, so many are read for their words
_TOKENS = literal_column("tokens", TSVECTOR)
_WORDS = cast(bindparam("words", type_=String), TSQUERY)
_SAMPLE = 100  # of the newest texts tell how usual words are
_USUAL = 0.15  # of the texts: with more the index leads to too many rows
_USUAL_IN_DOCUMENTS = 0.06  # most people see most documents, but few of the conversations
_NEWEST = 8_000  # texts that are read one after another then
_NEAR = 1_000  # of them, where one is enough
_DOCUMENTS, _SAID = text("number < 0"), text("number > 0")  # as the indexes have it
_KNOWN = text(
    """SELECT w.word FROM unnest(CAST(:words AS text[])) AS w (word)
        WHERE EXISTS (SELECT FROM search_entries
            WHERE tokens @@ CAST(w.word AS tsquery) AND number > 0)
        OR EXISTS (SELECT FROM search_entries
            WHERE tokens @@ CAST(w.word AS tsquery) AND number < 0)"""
)
_BEGINNING = text(
    "SELECT word FROM ts_stat(:texts) WHERE starts_with(word, :start) ORDER BY ndoc DESC, word"
)
_TEXTS = """SELECT tokens FROM search_entries
    WHERE tokens @@ '{start}:*'::tsquery AND number {side} 0
    ORDER BY abs(number) DESC LIMIT {read}"""


def find(
    session: Statements, terms: Sequence[Term], scope: Scope, *, every: bool = True
) -> list[Hit]:
    given = {"words": _grammar(terms, every)}
    usual = _USUAL_IN_DOCUMENTS if scope.of_documents else _USUAL
    if not scope.places and _share(session, scope, given) >= usual:
        hits = _hits(session, _newest(scope, _NEWEST).limit(LOOKED_AT), given)
        if len(hits) == LOOKED_AT:
            return hits
    return _hits(session, _by_index(scope).limit(LOOKED_AT), given)


def has_any(session: Statements, terms: Sequence[Term], scope: Scope) -> bool:
    given = {"words": _grammar(terms, every=False)}
    is_near = not scope.places and _share(session, scope, given) > 0
    if is_near and session.execute(_newest(scope, _NEAR).limit(1), given).first():
        return True
    return session.execute(_by_index(scope).limit(1), given).first() is not None


def _share(session: Statements, scope: Scope, given: dict[str, str]) -> float:
    """How many of the newest texts have the words, whoever may see them."""
    some = _texts(scope).limit(_SAMPLE).subquery()
    found = select(func.count()).select_from(some).where(some.c.tokens.op("@@")(_WORDS))
    return session.execute(found, given).scalar_one() / _SAMPLE


def _newest(scope: Scope, read: int) -> Select[int]:
    """What suits of the newest texts, read one after another: enough where words are usual."""
    some = _texts(scope).limit(read).subquery()
    has_words = some.c.tokens.op("@@")(_WORDS)  # comes last: tokens are kept beside the rows
    return select(some.c.number).where(*scope.conditions(some), has_words)


def _texts(scope: Scope) -> Select[Any]:
    return _in_order(select(ENTRIES, _TOKENS), scope, ENTRIES.c.number)


def _by_index(scope: Scope) -> Select[int]:
    """All that suit, the newest first, as the index of words finds them.

    By `number + 0`: the order of the primary key would be searched row by row.
    """
    suits = select(ENTRIES.c.number).where(_TOKENS.op("@@")(_WORDS), *scope.conditions(ENTRIES))
    if scope.places:
        suits = suits.where(ENTRIES.c.place_id.in_(scope.places))
    return _in_order(suits, scope, ENTRIES.c.number + literal_column("0"))


def _in_order(query: Select[Any], scope: Scope, number: ColumnElement[int]) -> Select[Any]:
    if scope.of_documents:
        return query.where(_DOCUMENTS).order_by(number)
    return query.where(_SAID).order_by(number.desc())


def _hits(session: Statements, newest: Select[int], given: dict[str, str]) -> list[Hit]:
    numbers = newest.subquery()  # of numbers alone: what is sorted is many rows
    rank = func.ts_rank(_TOKENS, _WORDS, _BY_LENGTH)
    query = select(ENTRIES.c.place_id, ENTRIES.c.text_id, ENTRIES.c.at, rank)
    query = query.join(numbers, numbers.c.number == ENTRIES.c.number)
    return [Hit(*row) for row in session.execute(query, given)]


def known(session: Statements, words: Sequence[str]) -> list[str]:
    return list(session.execute(_KNOWN, {"words": [folded(word) for word in words]}).scalars())


def beginnings(session: Statements, start: str) -> Iterator[list[str]]:
    """Of what people said, then of documents."""
    start = folded(start)
    for side in "><" if start.isalnum() else "":
        texts = _TEXTS.format(start=start, side=side, read=_READ)
        yield list(session.execute(_BEGINNING, {"texts": texts, "start": start}).scalars())


def _grammar(terms: Sequence[Term], every: bool) -> str:
    return (" & " if every else " | ").join(map(_one, widened(terms)))


def _one(term: Term) -> str:
    """A word as it is counts besides every word of the same beginning, and so counts more."""
    whole = " <-> ".join(f"'{folded(word)}'" for word in term.words)
    return f"({whole} | '{folded(term.beginning)}':*)" if term.beginning else f"({whole})"
