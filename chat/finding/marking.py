"""The words that were looked for, marked in a text, and the part of it that has most of them.

Imports what is asked, and normal forms.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from chat.finding.asked import Term, folded
from chat.normal_forms import normalized

Marked = Sequence[tuple[str, bool]]  # pieces of a text in order, and whether each is marked
_LENGTH = 240  # characters of an excerpt
_BEFORE = 60  # of them before the first marked word
_LETTERS = 4_096  # that are remembered as they are compared
_MOST = 40_000  # characters of a text that are looked at
_SYNTAX = re.compile(r"(?m)^[^\S\n]*(?:#{1,6}|>|[-*+]|\d+\.)\s+|[*`|]+|~~~+|\[\d+\]")


def mark(text: str, terms: Sequence[Term]) -> Marked:
    """The whole text with every form of the words marked."""
    text = normalized("NFC", text)
    return _pieces(text, _spans(text, terms))


def excerpt(text: str, terms: Sequence[Term]) -> Marked:
    """About two lines of a Markdown text, where the most of the terms stand close together."""
    text = normalized("NFC", " ".join(_SYNTAX.sub(" ", text[:_MOST]).split()))
    spans = _spans(text, terms)
    start, end = _window(text, spans)
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    pieces = list(_pieces(text[start:end], inside))
    head = [("…", False)] if start else []
    return [*head, *pieces, *([("…", False)] if end < len(text) else [])]


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    pattern = "|".join(map(pattern_of, terms))
    plain = text.lower() if text.isascii() else "".join(map(_plain, text))
    return [found.span() for found in re.finditer(rf"(?<![^\W_])(?:{pattern})", plain)]


def pattern_of(term: Term) -> str:
    """What a term looks like in a text as words are compared; it begins where a word does."""
    if term.beginning:
        return re.escape(folded(term.beginning)) + r"[^\W_]*"
    return r"[\W_]+".join(re.escape(folded(word)) for word in term.words) + r"(?![^\W_])"


@lru_cache(maxsize=_LETTERS)
def _plain(letter: str) -> str:
    """One letter as it is compared; always one, so that places in the text stay."""
    return letter if letter.isspace() else folded(letter)[:1] or letter


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where an excerpt begins and ends, at words; the first of the places with the most marks."""
    firsts = [a for a, _ in spans] or [0]
    far = _LENGTH - _BEFORE
    counts = (bisect_left(firsts, first + far) - at for at, first in enumerate(firsts))
    best = firsts[max(enumerate(counts), key=lambda one: (one[1], -one[0]))[0]]
    start = max(0, best - _BEFORE)
    if start:
        space = text.find(" ", start, best)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", best, end), best + 1, end - 30)
    return start, end


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Marked:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]
