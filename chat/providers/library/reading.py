"""Takes a passage apart into the units that an answer may quote: sentences, items, rows, code.

Keeps true: a unit's quote is a literal part of its passage; code between fences stays whole. What
was read is remembered for a bounded number of passages. Imports knowledge.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chat.knowledge.blocks import Block, markdown_blocks
from chat.knowledge.languages import stop_words
from chat.knowledge.sentences import sentence_spans
from chat.knowledge.words import ENGLISH, spelled, stem, words

UnitKind = Literal["sentence", "item", "row", "code"]
# Nobody sees a comment, but in code, between backticks.
_COMMENT = re.compile(r"(?<!`)<!--(?:(?!-->)[^`])*(?:-->|\Z)")
_ITEM = re.compile(r"^(?:[-*+]|\d{1,9}[.)])[ \t]+", re.MULTILINE)
_ROW_RULE = re.compile(r"[\s|:-]+$")
_REMEMBERED = 200  # passages: about 1.5 MB
_LONG_ITEM = 60  # words: a longer item is quoted sentence by sentence
_READ = 10_000  # characters of a unit; only code is longer
_SHORT = 3  # words: a shorter sentence belongs to the one before it


@dataclass(frozen=True, slots=True)
class Unit:
    """A quotable part of a passage.

    `block` counts the blocks of the passage, `place` the items of an ordered list (0: not in one).
    `stems` are those of its words in order, each between spaces; `letters` are the words that carry
    meaning, as spelled, each between spaces. (Strings: sets of them take ten times the memory.)
    """

    kind: UnitKind
    quote: str
    block: int
    place: int
    stems: str
    letters: str


@lru_cache(maxsize=_REMEMBERED)
def units_of(text: str, language: str = ENGLISH) -> tuple[Unit, ...]:
    """The units of a passage's text, in order, their words taken apart in this language."""
    units: list[Unit] = []
    text = _COMMENT.sub("\n\n", text) if "<!--" in text else text
    for number, block in enumerate(markdown_blocks(text)):
        parts = _units(text[block.start : block.end], block)
        units += [_unit(part, number, language) for part in parts]
    return tuple(units)


@dataclass(frozen=True, slots=True)
class _Part:
    """A unit to be; `place` as there."""

    kind: UnitKind
    quote: str
    place: int = 0


def _units(text: str, block: Block) -> list[_Part]:
    if block.kind in ("heading", "rule"):
        return []
    if block.kind == "code":
        return [_Part("code", text)]
    if block.kind == "table":
        rows = [line for line in text.split("\n") if not _ROW_RULE.match(line)]
        return [_Part("row", row.strip()) for row in rows if row.strip()]
    if block.kind == "list":
        return _items(text)
    return [_Part("sentence", part) for part in _sentences(text)]


def _items(text: str) -> list[_Part]:
    starts = [match.start() for match in _ITEM.finditer(text)]
    units: list[_Part] = []
    ordered = text[:1].isdigit()
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), 1):
        item = _ITEM.sub("", text[start:end].strip(), count=1)
        parts = _sentences(item) if len(item.split()) > _LONG_ITEM and "```" not in item else [item]
        units += [_Part("item", part, place if ordered else 0) for part in parts if part]
    return units


def _sentences(text: str) -> list[str]:
    """The sentences, very short ones (`Certainly!`) joined to their neighbours."""
    spans = sentence_spans(text)
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        short = len(text[start:end].split()) < _SHORT
        before_short = joined and len(text[joined[-1][0] : joined[-1][1]].split()) < _SHORT
        if joined and (short or before_short):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [text[start:end] for start, end in joined]


def _unit(part: _Part, number: int, language: str) -> Unit:
    found = [spelled(word) for word in words(part.quote[:_READ])]
    stop = stop_words(language)
    carrying = [word for word in found if word not in stop]
    stemmed = (stem(word, language) for word in found)
    return Unit(part.kind, part.quote, number, part.place, spaced(stemmed), spaced(carrying))


def spaced(parts: Iterable[str]) -> str:
    """The parts with a space before, between and after them, so that ` one ` finds a whole one."""
    return f" {' '.join(parts)} "
