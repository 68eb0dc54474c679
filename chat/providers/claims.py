"""What a sentence of a model's text claims.

Keeps true: questions, small talk and what only leads up to a list claim nothing. Imports knowledge
and citations.
"""

import re
from collections.abc import Sequence

from chat.knowledge.words import STOP, each_word, spelled, word_set
from chat.providers.citations import split_markers

_LABEL = re.compile(r"(\*\*|__)(?:(?!\1).)+\1:?\Z|.*(?::|\?)[\"'”’)»*_]*\Z", re.DOTALL)
_CLOSERS = "\"'”’)»*_"  # what may follow the last sign of a sentence
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_SMALL_TALK = STOP | word_set(
    """yes ok okay sure certainly absolutely indeed hello hi hey thank thanks welcome great good
    question hope help helps happy know summary overall finally sorry source sources references"""
)


def claim_of(sentence: str) -> tuple[str, Sequence[int]] | None:
    """What it says without its markers, and their numbers; None for a label, a question, small
    talk, a lead-up to a list. Of a script that sets no spaces between words nothing can be said.
    """
    if not sentence.isascii() and _UNSPACED.search(sentence):
        return None
    text, numbers = split_markers(sentence)
    if not numbers and _is_label(sentence.strip()):
        return None
    return (text, numbers) if _says_something(text) else None


def _says_something(text: str) -> bool:
    for word in each_word(text):
        if word[0].isdigit():
            return True
        if spelled(word) not in _SMALL_TALK:
            return True
    return False


def _is_label(text: str) -> bool:
    is_open = text.rstrip(_CLOSERS).endswith((":", "?"))
    return (is_open or text.startswith(("**", "__"))) and _LABEL.match(text) is not None
