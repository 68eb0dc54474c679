"""Puts items back in the place of their placeholders, in a text that comes in pieces.

A placeholder is `[EMAIL_7Q2KX]`; a model may write it in other letters, with blanks, escapes or
emphasis inside, or leave its brackets out. Keeps true: the result does not depend on how the text
was cut; no more is held back than what may still become a placeholder. Pure; imports nothing.
"""

import re
from collections.abc import Mapping

NAMES = ("EMAIL", "PHONE", "CARD", "IBAN", "ID", "IP", "SECRET")
TAG_LENGTH = 5


def _cut_short(name: str) -> str:
    """A pattern for the beginnings of a name: `E`, `EM`, …, without the whole."""
    return "".join(f"(?:{letter}" for letter in name[:-1]) + ")?" * (len(name) - 2) + ")"


_ANY = "|".join(NAMES)
_SOME = "|".join(map(_cut_short, NAMES))
_OPEN, _CLOSE = r"\\?[\[【［]", r"\\?[\]】］]"
_MARKS = r"[ *_`]{0,3}"
_JOINT = r"[ \\_–-]{0,4}"
_LETTER, _CAPITAL = "[0-9A-Za-z]", "[0-9A-Z]"
_PLACEHOLDER = re.compile(
    rf"{_OPEN}{_MARKS}(?i:{_ANY}){_JOINT}(?P<tag>{_LETTER}{{{TAG_LENGTH}}}){_MARKS}{_CLOSE}"
    rf"|(?<!{_LETTER})(?:{_ANY})\\?_(?P<bare>{_CAPITAL}{{{TAG_LENGTH}}})(?!{_LETTER})"
)
# What may be the beginning of one at the end of a piece.
_REST = rf"{_JOINT}(?:{_LETTER}{{0,{TAG_LENGTH - 1}}}|{_LETTER}{{{TAG_LENGTH}}}{_MARKS}\\?)"
_BEGINNING = re.compile(
    rf"(?:\\|{_OPEN}{_MARKS}(?:(?i:{_SOME})?|(?i:{_ANY}){_REST})"
    rf"|(?<!{_LETTER})(?:{_SOME}|(?:{_ANY})(?:\\?|\\?_{_CAPITAL}{{0,{TAG_LENGTH}}})))\Z"
)
_LONGEST = 40  # characters of a placeholder, however it is written
# Most pieces have none of these, and are passed on as they are.
_MAY_MATTER = re.compile(
    rf"[\\\[【［]|(?<!{_LETTER})(?:{'|'.join(n[:2] for n in NAMES)}|[EPCIS]\Z)"
)


def tags_in(text: str) -> set[str]:
    """The tags of everything in a text that would be read as a placeholder."""
    if not _MAY_MATTER.search(text):
        return set()
    return {(found["tag"] or found["bare"]).upper() for found in _PLACEHOLDER.finditer(text)}


class Restorer:
    """Passes a text on with the item of each known tag in place of its placeholder."""

    __slots__ = ("_before", "_held", "_items")

    def __init__(self, items: Mapping[str, str]) -> None:
        self._items = items
        self._before = ""  # the last letter that was passed on, as it came
        self._held = ""

    def feed(self, text: str) -> str:
        """What of the text so far may be shown now."""
        if not self._held and text and not _MAY_MATTER.search(text):
            self._before = text[-1]
            return text
        text = self._before + self._held + text
        start = len(self._before)
        beginning = _BEGINNING.search(text, max(start, len(text) - _LONGEST))
        end = beginning.start() if beginning else len(text)
        self._held = text[end:]
        return self._pass_on(text[:end], start)

    def end(self) -> str:
        """What was held back."""
        text, start = self._before + self._held, len(self._before)
        self._held = ""
        return self._pass_on(text, start)

    def _pass_on(self, text: str, start: int) -> str:
        """`text` from `start` on."""
        self._before = text[-1:]
        parts: list[str] = []
        place = start
        for found in _PLACEHOLDER.finditer(text, start):
            item = self._items.get((found["tag"] or found["bare"]).upper())
            if item is not None:
                parts += text[place : found.start()], item
                place = found.end()
        return "".join((*parts, text[place:]))
