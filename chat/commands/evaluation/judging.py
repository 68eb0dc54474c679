"""Whether an answer, or a passage, holds what a question was labelled with.

Imports nothing of Parley.
"""

import re
import string
from collections.abc import Sequence

_MARKER = re.compile(r"\s*\[(\d+)\]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def sentences_of(text: str) -> list[str]:
    """The sentences of an answer: each ends with its marker (and the stop after it)."""
    parts = _MARKER.split(text)
    return parts[0::2][: len(parts) // 2] or [text]


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the gold answers is in `text`, both normalised."""
    said = normal(text)
    return any(normal(one) in said for one in answers)


def normal(text: str) -> str:
    """Case, punctuation, articles and white space taken away, as SQuAD's own script does."""
    plain = text.casefold().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())
