"""The full-text index as PostgreSQL keeps it: a `tsvector` a passage, and a GIN index over them.

Keeps true: only tokens reach the search grammar, and a token holds nothing but letters and digits;
a passage and its index row are one row; rows of spaces that the viewer is not in are left out by
the query itself. PostgreSQL's own ranks know no rarity of words, so the score is bm25 as FTS5
computes it, over `counts` (how often a passage holds a token, headings counting more) and what the
triggers of revision 0004 count. `index.py` says what each function does. Imports tokens and the
plain ground.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from chat.database import Statements
from chat.knowledge.tokens import tokens
from chat.values import Passage

_WEIGHTS = {"title": 1.0, "heading": 1.5, "text": 1.0, "stems": 1.0}
_LEAST_RARITY = 1e-6
_MOST_COUNTED = 2000  # a phrase in more passages than this is simply common
_GAP = 10  # positions between two fields: no phrase goes across
_LAST = 16_383  # PostgreSQL's last position of a token
_MOST_BYTES = 400_000  # of a tsvector, which holds a megabyte

_ADD = text(  # one statement, so that the triggers count once
    """INSERT INTO passages
        (id, document_id, space_id, position, title, heading, place, text, stems, findings,
         tokens, counts, length)
        SELECT id, document_id, space_id, position, title, heading, place, text, stems, findings,
               CAST(tokens AS tsvector), CAST(counts AS jsonb), length
        FROM unnest(CAST(:id AS text[]), CAST(:document_id AS text[]), CAST(:space_id AS text[]),
                    CAST(:position AS int[]), CAST(:title AS text[]), CAST(:heading AS text[]),
                    CAST(:place AS text[]), CAST(:text AS text[]), CAST(:stems AS text[]),
                    CAST(:findings AS text[]),
                    CAST(:tokens AS text[]), CAST(:counts AS text[]), CAST(:length AS int[]))
            AS r (id, document_id, space_id, position, title, heading, place, text, stems,
                  findings, tokens, counts, length)"""
)
# bm25 with k1 = 1.2 and b = 0.75, as in sqlite.org/fts5.html#the_bm25_function
_FIND = text(
    """WITH asked AS (
            SELECT * FROM unnest(CAST(:words AS text[]), CAST(:phrases AS text[]),
                                 CAST(:rarities AS float[])) AS a (word, phrase, rarity)
        ), best AS (
            SELECT p.number, sum(a.rarity * f.n * 2.2
                       / (f.n + 1.2 * (0.25 + 0.75 * p.length / :mean))) AS score
            FROM passages p CROSS JOIN asked a CROSS JOIN LATERAL (
                SELECT CASE WHEN a.phrase IS NULL OR p.tokens @@ CAST(a.phrase AS tsquery)
                       THEN CAST(p.counts ->> a.word AS float) END AS n) f
            WHERE p.tokens @@ CAST(:query AS tsquery) AND p.space_id = ANY(:spaces)
              AND f.n IS NOT NULL
            GROUP BY p.number ORDER BY score DESC, p.number LIMIT :limit
        )
        SELECT p.id, p.document_id, p.title, p.heading, p.position, p.text, best.score, p.place,
               p.number, p.findings
        FROM best JOIN passages p USING (number) ORDER BY best.score DESC, p.number"""
)
_SUMS = text("SELECT passages, tokens FROM passage_sums")
_HELD = text("SELECT word, passages FROM passage_words WHERE word = ANY(:words)")
_COUNT = text(
    """SELECT count(*) FROM (
        SELECT 1 FROM passages WHERE tokens @@ CAST(:query AS tsquery) LIMIT :limit) AS found"""
)
_VISIBLE = text(
    """WITH found AS MATERIALIZED (
            SELECT number FROM passages
            WHERE tokens @@ CAST(:query AS tsquery) AND space_id = ANY(:spaces)
        )
        SELECT title || ' ' || heading || ' ' || text
        FROM passages WHERE number = (SELECT min(number) FROM found)"""
)
_STEMS = text(
    """SELECT word, passages FROM passage_words
        WHERE word >= :low AND word < :high AND length(word) BETWEEN :least AND :most"""
)


def add(session: Statements, rows: Sequence[Mapping[str, Any]]) -> None:
    whole = [{**row, **_indexed(row)} for row in rows]
    session.execute(_ADD, {column: [row[column] for row in whole] for column in whole[0]})


def find(
    session: Statements, terms: Sequence[str], space_ids: Sequence[str], limit: int
) -> list[tuple[Passage, int]]:
    phrases = [phrase for phrase in map(tokens, terms) if phrase]
    held = _held(session, phrases)
    asked = [phrase for phrase in phrases if all(word in held for word in phrase)]
    if not asked or not space_ids:
        return []
    passages, length = session.execute(_SUMS).one()
    given = {
        "words": [min(phrase, key=lambda word: held[word]) for phrase in asked],
        "phrases": [_query(phrase) if len(phrase) > 1 else None for phrase in asked],
        "rarities": [_rarity(_frequency(session, phrase, held), passages) for phrase in asked],
        "query": " | ".join(f"({_query(phrase)})" for phrase in asked),
        "spaces": list(space_ids),
        "limit": limit,
        "mean": max(1.0, length / max(1, passages)),
    }
    return [(_passage(row), row[8]) for row in session.execute(_FIND, given)]


def _passage(row: Any) -> Passage:
    return Passage(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], findings=row[9])


def frequencies(session: Statements, terms: Sequence[str]) -> list[int]:
    phrases = [tokens(term) for term in terms]
    held = _held(session, phrases)
    return [_frequency(session, phrase, held) if phrase else 0 for phrase in phrases]


def passages_in_all(session: Statements) -> int:
    return int(session.execute(_SUMS).one()[0])


def a_text_with_beginning(session: Statements, start: str, space_ids: Sequence[str]) -> str | None:
    phrase = tokens(start)
    return _a_text(session, f"{_query(phrase)}:*", space_ids) if phrase else None


def a_text_with_stem(session: Statements, stem: str, space_ids: Sequence[str]) -> str | None:
    return _a_text(session, _query([stem]), space_ids)


def stems_beginning(
    session: Statements, start: str, least: int, most: int
) -> list[tuple[str, int]]:
    high = start[:-1] + chr(ord(start[-1]) + 1)
    given = {"low": start, "high": high, "least": least, "most": most}
    return [(row[0], row[1]) for row in session.execute(_STEMS, given)]


def _held(session: Statements, phrases: Sequence[Sequence[str]]) -> dict[str, int]:
    """The words of the phrases that the index holds, each with its number of passages."""
    words = list({word for phrase in phrases for word in phrase})
    return {row[0]: row[1] for row in session.execute(_HELD, {"words": words})} if words else {}


def _frequency(session: Statements, phrase: Sequence[str], held: Mapping[str, int]) -> int:
    if len(phrase) == 1 or any(word not in held for word in phrase):
        return min(held.get(word, 0) for word in phrase)
    given = {"query": _query(phrase), "limit": _MOST_COUNTED}
    return int(session.execute(_COUNT, given).scalar_one())


def _rarity(count: int, total: int) -> float:
    return max(_LEAST_RARITY, math.log((total - count + 0.5) / (count + 0.5)))


def _a_text(session: Statements, query: str, space_ids: Sequence[str]) -> str | None:
    found: str | None = session.execute(
        _VISIBLE, {"query": query, "spaces": list(space_ids)}
    ).scalar()
    return found


def _query(phrase: Sequence[str]) -> str:
    """A phrase in the search grammar."""
    return " <-> ".join(f"'{word}'" for word in phrase)


def _indexed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the index holds of a passage: where its tokens stand, their counts, its length."""
    places: dict[str, list[int]] = defaultdict(list)
    counts: dict[str, float] = defaultdict(float)
    length = 0
    for word, position, weight in _placed(row):
        places[word].append(min(position, _LAST))
        counts[word] += weight
        length += 1
    vector = " ".join(f"'{word}':{','.join(map(str, at[:255]))}" for word, at in places.items())
    return {"tokens": vector, "counts": json.dumps(counts), "length": length}


def _placed(row: Mapping[str, Any]) -> Iterator[tuple[str, int, float]]:
    """Each token of a passage with its position and its weight, as far as a tsvector has room."""
    position, room = 0, _MOST_BYTES
    for field, weight in _WEIGHTS.items():
        for word in tokens(row[field]):
            position += 1
            room -= len(word.encode()) + 8
            if room < 0:
                return
            yield word, position, weight
        position += _GAP
