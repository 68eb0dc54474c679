"""What the words beside a number say that it is.

The nearest words count: `order 4711 … phone 030 …`. Imports the lexicon.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from chat.safety.personal.lexicon import PHRASES, UNSPACED

_BEFORE, _AFTER = 140, 56  # characters that are looked at
_WORDS_BEFORE, _WORDS_AFTER = 20, 7
_LONGEST = 4  # words of a phrase
_MOST_COLUMNS, _LONGEST_HEAD = 40, 1_000
_WORD = re.compile(r"[^\W\d_]+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


# What only leads from a word to its number is no distance.
_NUMBERING = frozenset(
    [
        "no",
        "nr",
        "n",
        "º",
        "o",
        "num",
        "number",
        "numero",
        "nummer",
        "numer",
        "code",
        "id",
        "is",
        "ist",
    ]
)


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


def cue_before(text: str, start: int) -> Cue:
    """The nearest phrase before `start` that says something, within its paragraph.

    In a table it is the head of the column.
    """
    if head := _head(text, start):
        words = _words(head)
        for first in range(len(words)):
            for last in range(min(len(words), first + _LONGEST), first, -1):
                if found := _says(words[first:last]):
                    return Cue(found)
    part = _part_before(text, start)
    places = list(_WORD.finditer(part))[-_WORDS_BEFORE:]
    words = [fold(place.group()) for place in places]
    for last in range(len(words), 0, -1):
        for first in range(max(0, last - _LONGEST), last):
            if found := _says(words[first:last]):
                between = sum(word not in _NUMBERING for word in words[last:])
                is_taken = any(map(str.isdigit, part[places[last - 1].end() :]))
                return Cue(found, between, is_taken)
    return _unspaced(part)


def _head(text: str, start: int) -> str:
    """The head of the column that `start` is in, where it stands in a table with one."""
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    if not line or not before:
        return ""
    top = text.rfind("\n\n", 0, line)
    begin = top + 2 if top >= 0 else 0
    head = text[begin : min(text.find("\n", begin), begin + _LONGEST_HEAD)]
    for mark in ("|", ";", "\t", ","):
        column = before.count(mark)
        cells = head.split(mark)
        if column and column < len(cells) <= _MOST_COLUMNS:
            return cells[column]
    return ""


def _says(words: Sequence[str]) -> frozenset[str]:
    return _lexicon().get(" ".join(words), frozenset())


def _part_before(text: str, start: int) -> str:
    part = text[max(0, start - _BEFORE) : start]
    if start > _BEFORE and part[:1].isalpha():
        part = part.partition(" ")[2]  # a word that is cut is none
    return _PARAGRAPH.split(part)[-1]


def cue_after(text: str, end: int) -> Cue:
    """The first phrase after `end`, on its line and before a further number."""
    part = re.split(r"[\n\d;]", text[end : end + _AFTER], maxsplit=1)[0]
    words = _words(part)[:_WORDS_AFTER]
    for first in range(len(words)):
        for last in range(min(len(words), first + _LONGEST), first, -1):
            if (found := _lexicon().get(" ".join(words[first:last]))) is not None:
                return Cue(found, first)
    return _unspaced(part)


def cue(text: str, start: int, end: int) -> Cue:
    """What stands before, or, where nothing there tells, what stands after."""
    before = cue_before(text, start)
    return before if before.tags else cue_after(text, end)


def tags_around(text: str, start: int, end: int) -> frozenset[str]:
    """What all the phrases before it say, and the first one behind it."""
    words = _words(_part_before(text, start))[-_WORDS_BEFORE:]
    tags = set(cue_before(text, start).tags | cue_after(text, end).tags)
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + _LONGEST) + 1):
            tags |= _says(words[first:last])
    return frozenset(tags)


def is_in_row(text: str, start: int, end: int) -> bool:
    """Whether it is a part of a longer row of digits: `1Z 999 AA1 01 2345 6784`."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[1:] == " " and before[0].isdigit()) or (after[:1] == " " and after[1:].isdigit())


def words_before(text: str, start: int, count: int) -> list[str]:
    """The last words before `start`."""
    return _words(text[max(0, start - 40) : start])[-count:]


def _words(part: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(part)]


def fold(word: str) -> str:
    """Lower case, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word)
    return "".join(one for one in parts if not unicodedata.combining(one)).replace("ı", "i")


def _unspaced(part: str) -> Cue:
    """Of a script that sets no spaces between words."""
    if part.isascii():
        return NOTHING
    found = ((part.rfind(one), tag) for tag, ones in UNSPACED.items() for one in ones)
    place, tag = max(found)
    return Cue(frozenset({tag})) if place >= 0 else NOTHING


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = {}
    for phrase, tag in _phrases():
        held.setdefault(" ".join(map(fold, _WORD.findall(phrase))), set()).add(tag)
    return {phrase: frozenset(tagged) for phrase, tagged in held.items() if phrase}


def _phrases() -> Iterator[tuple[str, str]]:
    for tag, listed in PHRASES.items():
        for phrase in listed.split("|"):
            yield phrase.strip(), tag
