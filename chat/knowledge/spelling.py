"""Help for typing errors: the word of the library that a person most likely meant.

Keeps true: a word is offered only if a document that the viewer may see holds it. Imports words and
the index.
"""

from collections.abc import Sequence

from chat.database import Statements
from chat.knowledge.index import index_of
from chat.knowledge.pace import Pace
from chat.knowledge.words import spelled, stem, words

_SHORTEST = 4  # shorter words have too many neighbours
_LONG_STEM, _ENDING = 5, 4  # letters: a stem that stands for its word, the longest ending


def meant(session: Statements, word: str, space_ids: Sequence[str]) -> str | None:
    """The visible word nearest to `word`, which the library does not hold; None when none is."""
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    whole = index_of(session).a_text_with_beginning(session, word, space_ids)
    if whole is not None:  # the beginning of a longer word: `confid` of `confidence`
        return _nearest_surface(word, whole, prefix=True)
    for candidate in _candidates(session, word):
        seen = index_of(session).a_text_with_stem(session, candidate, space_ids)
        near = _nearest_surface(word, seen, prefix=False) if seen is not None else None
        if near is not None:
            return near
    return None


def is_slip(word: str, known: str) -> bool:
    """Whether `word` is surely `known` mistyped: one error in a word of six letters or more."""
    return len(word) >= 6 and errors_between(word, known, 1) == 1


def _candidates(session: Statements, word: str) -> list[str]:
    """Indexed stems within one error (two in words of eight letters or more).

    The nearest come first, and of equally near ones those that most passages hold.
    """
    own, index = stem(word), index_of(session)
    allowed = 1 if len(word) < 8 else 2
    shortest = min(len(own) - allowed, max(_LONG_STEM, len(word) - _ENDING))
    found: set[tuple[int, int, str]] = set()
    pace = Pace()
    for start in dict.fromkeys((own[0], own[1])):
        for other, held in index.stems_beginning(session, start, shortest, len(own) + allowed):
            pace()
            distance = errors_between(own, other, allowed)
            if len(other) >= _LONG_STEM and word.startswith(other):
                distance = min(distance, 1)  # the error is in the ending: `confidense`
            if distance <= allowed:
                found.add((distance, -held, other))
    return [other for _, _, other in sorted(found)[:5]]


def _nearest_surface(word: str, text: str, *, prefix: bool) -> str | None:
    """The word of `text` nearest to `word`."""
    known = {spelled(other) for other in words(text)}
    if prefix:
        known = {other for other in known if other.startswith(word)}
    near = min(known, key=lambda other: (errors_between(word, other, 4), other), default=None)
    return near if near is not None and (prefix or errors_between(word, near, 4) <= 3) else None


def errors_between(left: str, right: str, most: int) -> int:
    """Damerau-Levenshtein distance (optimal alignment), or more than `most` once it is that far."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[-1] + 1, last[j] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
