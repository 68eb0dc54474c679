"""A text as rules read it: small letters of one form, without accents and invisible characters.

Keeps true: `Folded.place` leads back to the text as it was. Pure. Imports normal forms.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from chat.normal_forms import normalized

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0000-\U000e01ef]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_LOOKALIKES = str.maketrans(
    "авеіјкмнорсԁѕтухһցԛԝαβεικνορτυχ",
    "abeijkmhopcdstyxhgqwabeikvoptux",
)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[a-z]")
_OTHER = re.compile("[\u0370-\u052f]")  # Greek or Cyrillic
_QUOTES = str.maketrans(dict.fromkeys("’‘´‚‹›", "'") | dict.fromkeys("“”„«»＂", '"'))


@dataclass(frozen=True)
class Folded:
    """`text` is what rules read of `original`."""

    original: str
    text: str

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stands in the original."""
        if len(self.text) == len(self.original):
            return start, end
        places = self._places
        if not places:
            return 0, len(self.original)
        last = len(places) - 1
        return places[min(start, last)], places[min(max(end - 1, 0), last)] + 1

    @cached_property
    def _places(self) -> list[int]:
        """Of each folded character, where the one that it was made of stands."""
        return [at for at, one in enumerate(self.original) for _ in _plain(one)]


def fold(text: str) -> Folded:
    """The text as rules read it."""
    if text.isascii():
        return Folded(text, text.lower())
    plain = _plain(text)
    if any("\u0370" <= one <= "\u052f" for one in plain):
        plain = _WORD.sub(_unmixed, plain)
    return Folded(text, plain)


def without_accents(text: str) -> str:
    """Letters without the marks that Latin, Greek and Cyrillic put on them."""
    if text.isascii():
        return text
    parts = _ACCENTS.sub("", normalized("NFD", text))
    return normalized("NFC", parts)


def _unmixed(word: re.Match[str]) -> str:
    """A word in Latin letters, where it has some of them among Greek or Cyrillic ones."""
    is_mixed = _LATIN.search(word[0]) and _OTHER.search(word[0])
    return word[0].translate(_LOOKALIKES) if is_mixed else word[0]


def _plain(text: str) -> str:
    lowered = normalized("NFKC", _INVISIBLE.sub("", text)).lower()
    return without_accents(lowered).translate(_QUOTES)
