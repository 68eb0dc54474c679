"""What stands beside a number: the phrase that says what it is, and how far away that is.

The nearest words count: `order 4711 … phone 030 …`. Imports the words.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from chat.safety.personal.lexicon import UNITS, UNSPACED
from chat.safety.personal.words import Word, fold, phrases_from, words_of

_BEFORE, _AFTER = 140, 56  # characters that are looked at
_WORDS_BEFORE, _WORDS_AFTER = 20, 7
_MOST_COLUMNS, _LONGEST_LINE = 40, 1_000
_LINES_ABOVE_A_HEAD = 3
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_UNITS = frozenset(UNITS.split())
_WORD_AFTER = re.compile(r"\s?([^\W\d_]{1,14})(?![^\W_])")
_END_OF_AFTER = re.compile(r"[\n\d;]")
_OF_THE_NEXT = re.compile(r"(?:[^\W\d]{1,4})?[\s:.#=]*[+(]?\Z")

# What only leads from a word to its number is no distance.
_NUMBERING = {
    *("no", "nr", "n", "º", "o", "num", "number", "numero", "nummer", "numer", "nro", "code", "id"),
    *("is", "ist", "are", "sind", "lautet", "es", "e", "est", "er", "ar", "jest", "to", "zijn"),
    *("the", "my", "der", "die"),
}


class Cue(NamedTuple):
    """The tags of a phrase, and how many words are between it and the number.

    It `is_taken` where another number stands between them, whose it may be.
    """

    tags: frozenset[str]
    distance: int = 0
    is_taken: bool = False

    def says(self, *tags: str, within: int = 12) -> bool:
        """Whether it says one of these, no further away than so many words."""
        return self.distance <= within and not self.tags.isdisjoint(tags)

    def denies(self, *tags: str, within: int) -> bool:
        """Whether it says one of these of this number, and no other."""
        return not self.is_taken and self.says(*tags, within=within)

    @property
    def countries(self) -> set[str]:
        """Those whose numbers of persons it names; empty where it names none, or no country."""
        return {tag[3:] for tag in self.tags if tag.startswith("id:")}


NOTHING = Cue(frozenset())


def cue_before(text: str, start: int, heeds: frozenset[str] | None = None) -> Cue:
    """The nearest phrase before `start` that says something, within its paragraph.

    In a table it is the head of the column, or stands in the same row. Where only some tags are
    heeded, phrases without one are passed over.
    """
    head = _head(text, start)
    if head and (said := _says_of_head(head, heeds)):
        return Cue(said)
    part = _part_before(text, start, in_row=head is not None)
    words = words_of(part)[-_WORDS_BEFORE:]
    if (nearest := _last(words, heeds)) is None:
        return _unspaced(part)
    last, said = nearest
    between = sum(word.text not in _NUMBERING for word in words[last:])
    return Cue(said, between, any(map(str.isdigit, part[words[last - 1].end :])))


@lru_cache(maxsize=64)
def _says_of_head(head: str, heeds: frozenset[str] | None) -> frozenset[str]:
    words = words_of(head)
    phrases = (said for first in range(len(words)) for _, said in _phrases(words, first, heeds))
    return next(phrases, NOTHING.tags)


def _phrases(
    words: Sequence[Word], first: int, heeds: frozenset[str] | None
) -> Iterator[tuple[int, frozenset[str]]]:
    """Those that begin with a word and say one of what is heeded."""
    for last, said in phrases_from(words, first):
        if heeds is None or not heeds.isdisjoint(said):
            yield last, said


def _last(words: Sequence[Word], heeds: frozenset[str] | None) -> tuple[int, frozenset[str]] | None:
    """The phrase that ends last, the longest of those that do."""
    best: tuple[int, frozenset[str]] | None = None
    for first in range(len(words) - 1, -1, -1):
        for last, said in _phrases(words, first, heeds):
            if best is None or last >= best[0]:
                best = last, said
        if best and first < best[0] - 3:
            break
    return best


def _head(text: str, start: int) -> str | None:
    """The head of the column that `start` is in; `None` where it stands in no table with one."""
    line = text.rfind("\n", 0, start) + 1
    if not line or start - line > _LONGEST_LINE:
        return None
    end = text.find("\n", start)
    row = text[line : min(end if end >= 0 else len(text), line + _LONGEST_LINE)]
    marks = [mark for mark in "|;\t," if mark in row]
    if not marks:
        return None
    top = text.rfind("\n\n", 0, line)
    above = top + 2 if top >= 0 else 0
    lines = text[above : min(line, above + _LONGEST_LINE)].split("\n", _LINES_ABOVE_A_HEAD)
    for mark in marks:
        column = text.count(mark, line, start)
        for head in lines[:_LINES_ABOVE_A_HEAD]:
            cells = head.split(mark)
            if column < len(cells) <= _MOST_COLUMNS and len(cells) >= _cells(row, mark, head):
                return cells[column]
    return None


def _cells(row: str, mark: str, head: str) -> int:
    """How many cells a row has at least; commas may stand within one, and between words."""
    if mark == ",":
        return _MOST_COLUMNS + 1 if ", " in head else 2
    return row.count(mark) + 1


def _part_before(text: str, start: int, *, in_row: bool) -> str:
    begin = max(0, start - _BEFORE)
    if in_row and (line := text.rfind("\n", begin, start) + 1):
        return text[line:start]
    part = text[begin:start]
    if begin and part[:1].isalpha():
        part = part.partition(" ")[2]  # a word that is cut is none
    return _PARAGRAPH.split(part)[-1]


def cue_after(text: str, end: int, heeds: frozenset[str] | None = None) -> Cue:
    """The first phrase after `end`, on its line and before a further number.

    What leads to that number, as in `…, mobile: 07700 …`, says nothing of this one.
    """
    after = text[end : end + _AFTER]
    part = _END_OF_AFTER.split(after, maxsplit=1)[0]
    words = words_of(part)[:_WORDS_AFTER]
    for first in range(len(words)):
        for last, said in _phrases(words, first, heeds):
            leads_on = after[len(part) : len(part) + 1].isdigit() and _OF_THE_NEXT.match(
                part[words[last - 1].end :].lstrip()
            )
            return NOTHING if leads_on else Cue(said, first)
    return _unspaced(part)


def cue(text: str, start: int, end: int, heeds: frozenset[str] | None = None) -> Cue:
    """What stands before, or, where nothing there tells, what stands after."""
    before = cue_before(text, start, heeds)
    return before if before.tags else cue_after(text, end, heeds)


def tags_around(text: str, start: int, end: int, before: Cue | None = None) -> frozenset[str]:
    """What all the phrases before it say, and the first one behind it."""
    before = before or cue_before(text, start)
    part = _part_before(text, start, in_row=_head(text, start) is not None)
    words = words_of(part)[-_WORDS_BEFORE:]
    tags = set(before.tags | cue_after(text, end).tags)
    for first in range(len(words)):
        for _, said in phrases_from(words, first):
            tags |= said
    return frozenset(tags)


def is_in_row(text: str, start: int, end: int) -> bool:
    """Whether it is a part of a longer row of digits: `1Z 999 AA1 01 2345 6784`."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[1:] == " " and before[0].isdigit()) or (after[:1] == " " and after[1:].isdigit())


def is_measured(text: str, end: int) -> bool:
    """Whether a unit follows, or what is counted: `1234567 times`."""
    word = _WORD_AFTER.match(text, end)
    return word is not None and fold(word[1]) in _UNITS


def words_before(text: str, start: int, count: int) -> list[str]:
    """The last words before `start`."""
    return [word.text for word in words_of(text[max(0, start - 40) : start])[-count:]]


def _unspaced(part: str) -> Cue:
    """Of a script that sets no spaces between words."""
    if part.isascii():
        return NOTHING
    found = ((part.rfind(one), tag) for tag, ones in UNSPACED.items() for one in ones)
    place, tag = max(found)
    return Cue(frozenset({tag})) if place >= 0 else NOTHING
