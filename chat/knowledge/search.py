"""Finds the passages that a question needs.

Keeps true: only passages of the viewer's spaces are read; the same question over the same library
gives the same passages. Imports questions, hybrid, the index, spelling and concepts.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs
from sqlalchemy import bindparam, select

from chat.database import Statements
from chat.knowledge import concepts
from chat.knowledge.hybrid import Found, Wanted, Way, find
from chat.knowledge.index import index_of
from chat.knowledge.languages import language_of
from chat.knowledge.meaning.folding import is_english
from chat.knowledge.meaning.nearest import Embedded
from chat.knowledge.pace import Pace
from chat.knowledge.questions import understand
from chat.knowledge.spelling import is_slip, meant
from chat.knowledge.words import ENGLISH, stem
from chat.models import Document
from chat.statements import Prepared
from chat.values import Depth, Retrieval, Turn

_AT_ONCE = 8  # terms that one statement counts: others are served in between
_MOST_TERMS = 32  # of a long question the rarest are kept
_RECALLED = 0.5  # the weight of a term that only an earlier turn named
_GUESSED = 0.5  # of the weight of a word that was perhaps meant
_COMMON = 0.25  # of the weight of a word that one passage holds: less is too common to search
_LITTLE = 5  # fewer passages than this are little: linked concepts widen the search
_WIDER = 0.5  # of the least score: the most that a passage found by widening gets
_LINKED = 8  # concepts that are followed then

_DOCUMENTS = Document.metadata.tables["documents"]
_IN_LANGUAGE = Prepared(
    select(_DOCUMENTS.c.id)
    .where(
        _DOCUMENTS.c.language == bindparam("language"),
        _DOCUMENTS.c.space_id.in_(bindparam("space_ids", expanding=True)),
    )
    .limit(1)
)


def search(
    session: Statements,
    question: str,
    *,
    space_ids: Sequence[str],
    depth: Depth,
    history: Sequence[Turn] = (),
    way: Way = Way.BOTH,
    embedded: Embedded | None = None,
) -> Retrieval:
    """The passages of these spaces that suit `question`, best first, and how it was understood."""
    asked = understand(question, history, _language(session, question, space_ids))
    if asked.intent == "greeting" or not space_ids:
        return Retrieval(asked.intent, {}, (), ())
    pace = Pace()
    total = index_of(session).passages_in_all(session)
    weights = _weigh(session, asked.terms, space_ids, total, asked.language)
    recalled = _weigh(session, asked.recalled, space_ids, total, asked.language)
    weights |= {term: weight * _RECALLED for term, weight in recalled.items()}
    pace()
    wanted = Wanted(weights, _telling(weights, total), asked.language, embedded)
    found, doubt = find(session, wanted, space_ids, depth.passages, way)
    pace()
    looked_at = [row[2] for row in _concepts(session, found, depth)]
    if len(found) < _LITTLE:
        found += _widened(session, weights, found, space_ids, depth)
    passages = [passage for passage, _ in found]
    return Retrieval(asked.intent, weights, passages, looked_at, asked.language, doubt)


def _language(session: Statements, question: str, space_ids: Sequence[str]) -> str:
    """The language of a question, where the library has documents in it."""
    language = language_of(question)
    if language == ENGLISH or not space_ids:
        return ENGLISH
    given = {"language": language, "space_ids": space_ids}
    return language if _IN_LANGUAGE.first(session, given) else ENGLISH


def _weigh(
    session: Statements, terms: Sequence[str], space_ids: Sequence[str], total: int, language: str
) -> dict[str, float]:
    """Each term with its rarity; a slip of the pen is replaced by the word that was meant.

    A word that the library does not hold keeps its weight, unless it is surely a slip: what is
    not covered must count against the answer.
    """
    weights: dict[str, float] = {}
    pace, index = Pace(), index_of(session)
    for term, count in _counted(session, terms, language):
        pace()
        is_strange = count == 0 and not (language == ENGLISH and is_english(stem(term)))
        better = meant(session, term, space_ids) if is_strange else None
        if better is None or not is_slip(term, better):
            weights[term] = _rarity(count, total)
        if better is not None:
            [count] = index.frequencies(session, [better])
            share = 1.0 if is_slip(term, better) else _GUESSED
            weights[better] = max(weights.get(better, 0.0), share * _rarity(count, total))
    rarest = sorted(weights, key=lambda term: -weights[term])[:_MOST_TERMS]
    return {term: weight for term, weight in weights.items() if term in rarest}


def _counted(session: Statements, terms: Sequence[str], language: str) -> Iterator[tuple[str, int]]:
    """Each term with the number of passages that hold it or its stem, a few at a time."""
    index = index_of(session)
    for start in range(0, len(terms), _AT_ONCE):
        some = terms[start : start + _AT_ONCE]
        counts = index.frequencies(session, some)
        if language != ENGLISH:
            inflected = index.frequencies(session, [stem(term, language) for term in some])
            counts = [max(pair) for pair in zip(counts, inflected, strict=True)]
        yield from zip(some, counts, strict=True)


def _telling(weights: Mapping[str, float], total: int) -> list[str]:
    """The terms to search with: beside rare ones, common ones cost much and find little."""
    least = _COMMON * _rarity(1, total)
    return [term for term, weight in weights.items() if weight >= least] or list(weights)


def _rarity(count: int, total: int) -> float:
    """bm25's inverse document frequency: ln(1 + (N - n + 0.5) / (n + 0.5)) of n among N."""
    count = min(count, total)
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _concepts(session: Statements, found: Found, depth: Depth) -> list[tuple[int, str, str]]:
    return concepts.concepts_of(session, [number for _, number in found], depth.passages)


def _widened(
    session: Statements,
    weights: dict[str, float],
    found: Found,
    space_ids: Sequence[str],
    depth: Depth,
) -> Found:
    """Further passages that speak of concepts linked with those of the question."""
    named = concepts.named_in(session, [stem(term) for term in weights], space_ids)
    near = _concepts(session, found, depth)[:_LINKED]
    own = [*named, *(row[0] for row in near)]
    if not own:
        return []
    names = [row[2] for row in near] + concepts.linked_with(session, own, _LINKED)
    known = {passage.id for passage, _ in found}
    more = index_of(session).find(session, names, space_ids, depth.passages)
    fresh = [pair for pair in more if pair[0].id not in known][: depth.passages - len(found)]
    return _below(min((passage.score for passage, _ in found), default=1.0), fresh)


def _below(score: float, found: Found) -> Found:
    """The same passages with scores below `score`: they suit the question less than any before."""
    best = max((passage.score for passage, _ in found), default=0.0) or 1.0
    return [
        (structs.replace(passage, score=score * _WIDER * passage.score / best), number)
        for passage, number in found
    ]
