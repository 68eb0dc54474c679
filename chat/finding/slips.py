"""Typing errors forgiven: the words that somebody most likely meant.

Keeps true: a word is offered only if a text that the viewer may see holds it; how long it takes
does not grow with the number of words that are known. Words within one error are tried out
(Damerau, 1964: four of five errors are single); of long words also those within two that begin
alike. Imports texts and spelling.
"""

import string
from collections.abc import Iterator, Sequence

from chat.database import Statements
from chat.finding.asked import Term, folded, term_of
from chat.finding.scope import Scope
from chat.finding.texts import texts_of, texts_within
from chat.knowledge.spelling import errors_between

_SHORTEST = 4  # letters: shorter words have too many neighbours
_LONG = 7  # letters of words that may have two errors
_ALIKE = 3  # letters at the beginning of a long word that are taken to be right
_TRIED = 12


def meant(session: Statements, term: Term, scopes: Sequence[Scope]) -> Term | None:
    """The visible word nearest to one that nobody wrote; None when there is none."""
    if len(term.words) > 1 or len(term.words[0]) < _SHORTEST:
        return None
    for words in _candidates(session, folded(term.words[0]), scopes):
        candidates = [term_of(word) for word in words[:_TRIED]]
        if not candidates or not is_visible(session, candidates, scopes):
            continue  # one look is enough for who may see nothing of them
        if len(candidates) == 1:
            return candidates[0]
        return next((one for one in candidates if is_visible(session, [one], scopes)), None)
    return None


def is_visible(session: Statements, terms: Sequence[Term], scopes: Sequence[Scope]) -> bool:
    """Whether a text of these scopes has one of the terms."""
    return any(texts_within(session, one).has_any(session, terms, one) for one in scopes)


def _candidates(session: Statements, word: str, scopes: Sequence[Scope]) -> Iterator[list[str]]:
    """Words that some text holds: within one error, then within two."""
    texts = texts_within(session, scopes[0]) if len(scopes) == 1 else texts_of(session)
    yield texts.known(session, sorted(set(_altered(word)) - {word}))
    yield texts.known(session, sorted(set(_longer(word))))
    for alike in texts.beginnings(session, word[:_ALIKE]) if len(word) >= _LONG else ():
        likely = (other for other in alike if other != word and _may_be_near(word, other))
        distances = ((errors_between(word, other, 2), other) for other in likely)
        yield [other for distance, other in sorted(distances) if distance <= 2]


def _may_be_near(word: str, other: str) -> bool:
    """Whether two errors can lead from one to the other, as far as their letters tell."""
    return abs(len(word) - len(other)) <= 2 and len(set(word) ^ set(other)) <= 4


def _altered(word: str) -> Iterator[str]:
    """Words one error away: a letter too many or wrong, or two that are swapped."""
    letters = _alphabet(word)
    for at in range(len(word)):
        left, right = word[:at], word[at:]
        yield left + right[1:]
        yield from (left + letter + right[1:] for letter in letters)
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]


def _longer(word: str) -> Iterator[str]:
    """Words one error away: a letter too few."""
    for at in range(len(word) + 1):
        yield from (word[:at] + letter + word[at:] for letter in _alphabet(word))


def _alphabet(word: str) -> str:
    """The letters that may have been meant: Latin ones, or those of the word's own script."""
    own = set(word)
    if word.isascii():
        return string.ascii_lowercase + "".join(sorted(own - set(string.ascii_lowercase)))
    first = min(ord(letter) for letter in own if not letter.isascii())
    block = (chr(first & ~0x3F | n) for n in range(0x40))
    return "".join(sorted(own | {letter for letter in block if letter.isalpha()}))
