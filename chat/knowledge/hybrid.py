"""Finds passages by their words (bm25), by their meaning (cosine), and joins both rankings.

How much each ranking counts depends on the question: the words as far as the best passage holds
them, the meaning for the rest; where there is no rest, the meaning is not looked at. Keeps true:
only passages of the viewer's spaces are read. Imports the index, meaning, fusion and words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from msgspec import structs
from sqlalchemy import bindparam, select

from chat import models
from chat.database import Statements
from chat.knowledge.fusion import fuse
from chat.knowledge.index import index_of
from chat.knowledge.meaning.folding import fold_question
from chat.knowledge.meaning.nearest import Embedded, Near, nearest
from chat.knowledge.words import ENGLISH, stem, stems
from chat.statements import Prepared
from chat.values import Passage

Found = list[tuple[Passage, int]]
_LEAST = 0.1  # cosine: less is chance
_MODEL = 0.5  # of the weight that a model's ranking has at least
_LITTLE, _ENOUGH = 0.2, 0.5  # of the terms' weight: with less meaning alone counts, with more words
_BELOW = 0.5  # of the least score of words: the most that a passage without them gets

_PASSAGES = models.Passage.metadata.tables["passages"]
_READ = Prepared(
    select(
        *(
            _PASSAGES.c[name]
            for name in ("id", "document_id", "title", "heading", "position", "text")
        ),
        _PASSAGES.c.place,
        _PASSAGES.c.number,
        _PASSAGES.c.findings,
    ).where(
        _PASSAGES.c.number.in_(bindparam("numbers", expanding=True)),
        _PASSAGES.c.space_id.in_(bindparam("space_ids", expanding=True)),
    )
)


class Way(StrEnum):
    """How passages are found."""

    WORDS = "bm25"
    MEANING = "meaning"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The terms of a question with their weights; `telling` are those to search words with.

    `embedded` is the question as a model has placed it, where one was asked.
    """

    weights: Mapping[str, float]
    telling: Sequence[str]
    language: str
    embedded: Embedded | None = None

    @property
    def searched(self) -> list[str]:
        """Each telling term; in another language than English its stem too, as it is indexed."""
        if self.language == ENGLISH:
            return list(self.telling)
        stemmed = (stem(term, self.language) for term in self.telling)
        return list(dict.fromkeys([*self.telling, *stemmed]))


def find(
    session: Statements,
    wanted: Wanted,
    space_ids: Sequence[str],
    most: int,
    way: Way = Way.BOTH,
) -> tuple[Found, float]:
    """The passages that suit what is wanted best, and how much the words leave to the meaning."""
    by_words: Found = []
    if way is not Way.MEANING:
        by_words = index_of(session).find(session, wanted.searched, space_ids, most)
    if way is Way.WORDS:
        return by_words, 0.0
    doubt, embedded = doubt_of(wanted, by_words), wanted.embedded
    if not doubt and embedded is None:
        return by_words, 0.0
    also = [number for _, number in by_words]
    asked = fold_question(wanted.weights, wanted.language)
    near = nearest(session, asked, space_ids, most, least=_LEAST, also=also)
    rankings = [(1 - doubt, also), (doubt, _numbers(near))]
    if embedded is not None:
        asked, model = embedded.vector, embedded.model
        by_model = nearest(session, asked, space_ids, most, least=_LEAST, model=model)
        rankings.append((max(_MODEL, doubt), _numbers(by_model)))
    return _joined(session, by_words, near, fuse(rankings)[:most], space_ids), doubt


def _numbers(near: Near) -> list[int]:
    return [number for number, _ in near.ranked]


def doubt_of(wanted: Wanted, found: Found) -> float:
    """How much of the question the best passage lacks: 0 where it holds half of its weight."""
    if not found:
        return 1.0
    best = found[0][0]
    weights, language = wanted.weights, wanted.language
    held = frozenset(stems(f"{best.title} {best.heading} {best.text}", language))
    share = sum(weight for term, weight in weights.items() if stem(term, language) in held)
    share /= sum(weights.values()) or 1.0
    return min(1.0, max(0.0, (_ENOUGH - share) / (_ENOUGH - _LITTLE)))


def _joined(
    session: Statements, by_words: Found, near: Near, order: Sequence[int], space_ids: Sequence[str]
) -> Found:
    words = {number: passage for passage, number in by_words}
    others = [number for number in order if number not in words]
    known = words | _read(session, others, space_ids, _scored(near, by_words))
    return [
        (structs.replace(known[number], nearness=near.cosines.get(number, 0.0)), number)
        for number in order
        if number in known
    ]


def _scored(near: Near, by_words: Found) -> dict[int, float]:
    """Scores of what is near: below all that the words have found."""
    top = _BELOW * min((passage.score for passage, _ in by_words), default=1 / _BELOW)
    return {number: top * cosine for number, cosine in near.ranked}


def _read(
    session: Statements,
    numbers: Sequence[int],
    space_ids: Sequence[str],
    scores: Mapping[int, float],
) -> dict[int, Passage]:
    if not numbers:
        return {}
    rows = _READ.rows(session, {"numbers": numbers, "space_ids": space_ids})
    return {
        row.number: Passage(
            row.id,
            row.document_id,
            row.title,
            row.heading,
            row.position,
            row.text,
            scores.get(row.number, 0.0),
            row.place,
            findings=row.findings,
        )
        for row in rows
    }
