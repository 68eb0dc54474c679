"""Cuts a text and reads it: everything that a document needs before it is stored.

Needs no transaction, and yields to other greenlets, so that a large document freezes nobody.
Imports passages, phrases, languages and meaning.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

from chat.errors import Invalid
from chat.knowledge import phrases
from chat.knowledge.languages import indexed_stems, language_of
from chat.knowledge.meaning.folding import fold_passage
from chat.knowledge.passages import Cut, cut, title_of
from chat.knowledge.words import ENGLISH
from chat.safety.injection import kinds_in


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is cut and read, ready to be stored.

    Each passage has its concepts, its vector in the concept space, and, unless it is in English,
    the stems of its words.
    """

    title: str
    text: str
    kind: str
    sha256: str
    passages: Sequence[Cut]
    concepts: Sequence[dict[str, str]]
    vectors: Sequence[bytes]
    language: str = ENGLISH
    stems: Sequence[str] = ()
    findings: Sequence[str] = ()  # kinds of what speaks to the model, of each passage


def prepare(title: str, text: str, kind: str) -> Prepared:
    """Cut a text ('markdown' or 'text') and find its concepts. Invalid when nothing is in it."""
    title = " ".join((title or title_of(text, kind) or "Untitled").split())[:200]
    pieces: list[Cut] = []
    for piece in cut(text, kind, title):
        pieces.append(piece)
        time.sleep(0)
    if not pieces:
        raise Invalid(f"{title} holds no text to answer from. Add a document with some text in it.")
    digest = hashlib.sha256(text.encode()).hexdigest()
    found: list[dict[str, str]] = []
    for start in range(0, len(pieces), 20):
        some = [(piece.heading, piece.text) for piece in pieces[start : start + 20]]
        found += phrases.concepts_in(some)
        time.sleep(0)
    language = language_of(text)
    folded, stems, findings = [], [], []
    for piece in pieces:
        folded.append(fold_passage(title, piece.heading, piece.text, language))
        stems.append(indexed_stems(f"{title} {piece.heading} {piece.text}", language))
        findings.append(kinds_in(piece.heading, piece.text))
        time.sleep(0)
    return Prepared(title, text, kind, digest, pieces, found, folded, language, stems, findings)
