"""What somebody looks for: words, phrases in quotation marks, and what the results must be.

Keeps true: a term holds letters and digits and nothing else, so that no search grammar sees what a
person typed; there are few of them, however long the text. Imports words of knowledge
and normal forms.
"""

import os.path
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chat.knowledge.words import STOP, spelled, stem
from chat.normal_forms import normalized

_MOST_TERMS = 8
_LONGEST = 60  # letters of a word that are looked for
_LEAST_PREFIX = 3  # shorter beginnings begin too much
_MANY, _LONG_BEGINNING = 3, 5  # terms, and letters: of so many, shorter beginnings begin too much
_PIECE = re.compile(r'"([^"]*)"|([^"\s]+)')
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together, in lower case; `beginning` is of all forms of a single word."""

    words: tuple[str, ...]
    beginning: str = ""

    @property
    def exact(self) -> "Term":
        """Only as it was typed."""
        return Term(self.words)

    def __str__(self) -> str:
        text = " ".join(self.words)
        return f'"{text}"' if len(self.words) > 1 else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the results must be; None does not narrow. `person_id` wrote, asked, or added it."""

    space_id: str | None = None
    person_id: str | None = None
    since: datetime | None = None


def terms_of(text: str) -> list[Term]:
    """The terms of what was typed; words that carry no meaning are left out beside others."""
    found = list(dict.fromkeys(_terms(text)))
    telling = [term for term in found if len(term.words) > 1 or term.words[0] not in STOP]
    return (telling or found)[:_MOST_TERMS]


def term_of(word: str) -> Term:
    """The term of one word."""
    return Term((word,), _beginning(word))


def widened(terms: Sequence[Term]) -> list[Term]:
    """The terms as they are looked for: of many words, short ones count as they are typed.

    The last one may be still being typed. What few letters begin is very many words.
    """
    if len(terms) < _MANY:
        return list(terms)
    *others, last = terms
    return [*(replace(one, beginning=_long(one.beginning)) for one in others), last]


def _long(beginning: str) -> str:
    return beginning if len(beginning) >= _LONG_BEGINNING else ""


def folded(text: str) -> str:
    """Text in lower case and without accents, as words are compared."""
    return _MARKS.sub("", normalized("NFD", text)).lower()


def _terms(text: str) -> Iterator[Term]:
    text = normalized("NFC", text).lower()
    for phrase, loose in _PIECE.findall(text):
        words = [word[:_LONGEST] for word in _WORD.findall(phrase or loose)]
        if phrase and len(words) > 1:
            yield Term(tuple(words[:_MOST_TERMS]))
        else:
            yield from map(term_of, words)


def _beginning(word: str) -> str:
    """What `roll`, `rolls` and `rolling` begin with; empty for a word that is too short."""
    if len(word) < _LEAST_PREFIX:
        return ""
    common = os.path.commonprefix([word, stem(spelled(word))])
    if len(common) > _LEAST_PREFIX and common[-1] in "iy":  # policy, policies
        common = common[:-1]
    return common if len(common) >= _LEAST_PREFIX else word
