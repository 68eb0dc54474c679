"""Characters that nobody sees: what they spell, and text that is shown in another order.

A character of the block of tags stands for a letter of ASCII, a variation selector for a byte
(Paul Butler's "Smuggling arbitrary data through an emoji", 2025), characters without a width for
bits. Joiners in emoji and in scripts that join, marks of Arabic and Hebrew, and flags are left
alone. Keeps true: never raises. Pure. Imports rule.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chat.safety.injection.finding import Kind

# Flags of regions are a black flag, up to six letters as tags, and the end of tags: none of ours.
_TAGS = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f|(?P<smuggled>[\U000e0020-\U000e007f]{2,})"
)
_SELECTED = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
_BITS = re.compile(
    "[\u034f\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]{6,}"
)
_LETTER = "[a-zA-Z\u00c0-\u024f\u0370-\u052f]"  # of scripts that never join
_INVISIBLE = (
    "[\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_WITHIN = re.compile(f"(?<={_LETTER}){_INVISIBLE}+(?={_LETTER})")
_SHREDDED = re.compile(f"(?:{_LETTER}{_INVISIBLE}+){{4,}}{_LETTER}")
_BESIDE = re.compile("(?<=[ -~])[\u200b-\u200d\u2060-\u2064\ufeff]+(?=[ -~]|$)")
_OVERRIDDEN = re.compile("[\u202d\u202e]([^\u202c\n]{2,})")
_TURNED = re.compile("[\u202b\u2067]([^\u202c\u2069\n]{4,})")
_LETTERS = 3
_SPREAD = 12  # characters without a width in Latin text, all together
_CODE = 8  # of two kinds in a row: as bits they are a letter
_BREAKS = 3  # letters with something invisible between them: fewer may be left of a web page


@dataclass(frozen=True, slots=True)
class Unseen:
    """A place, what it is, and what it spells, where that is known."""

    sign: str
    kind: Kind
    start: int
    end: int
    says: str = ""


def find_unseen(text: str) -> Iterator[Unseen]:
    """Everything of a text that hides from who reads it."""
    if text.isascii():
        return
    for found in _TAGS.finditer(text):
        if not found["smuggled"]:
            continue
        says = "".join(
            chr(ord(one) - 0xE0000) for one in found[0] if "\U000e0020" <= one < "\U000e007f"
        )
        yield Unseen("tags", "invisible", *found.span(), says)
    for found in _SELECTED.finditer(text):
        spelled = bytes(map(_byte, found[0])).decode("utf-8", "ignore")
        yield Unseen("selectors", "invisible", *found.span(), spelled)
    for found in _BITS.finditer(text):
        is_code = len(found[0]) >= _CODE and len(set(found[0])) > 1
        yield Unseen("coded" if is_code else "bits", "invisible", *found.span())
    beside = list(_BESIDE.finditer(text))
    if sum(len(found[0]) for found in beside) >= _SPREAD:
        yield Unseen("bits", "invisible", beside[0].start(), beside[-1].end())
    broken = list(_WITHIN.finditer(text))
    if len(broken) >= _BREAKS:
        yield Unseen("broken", "invisible", broken[0].start(), broken[-1].end())
    for found in _SHREDDED.finditer(text):
        yield Unseen("shredded", "invisible", *found.span())
    yield from _turned(text)


def _turned(text: str) -> Iterator[Unseen]:
    """Overrides and embeddings around what is not written from right to left."""
    for found in _OVERRIDDEN.finditer(text):
        if _count(found[1], "L") + _count(found[1], "EN") >= _LETTERS:
            yield Unseen("override_order", "bidi", *found.span(), found[1][::-1])
    for found in _TURNED.finditer(text):
        inner = found[1]
        if _count(inner, "L") >= _LETTERS and not _count(inner, "R") + _count(inner, "AL"):
            yield Unseen("turned_order", "bidi", *found.span())


def _count(text: str, direction: str) -> int:
    return sum(unicodedata.bidirectional(one) == direction for one in text[:200])


def _byte(selector: str) -> int:
    code = ord(selector)
    return code - 0xFE00 if code < 0xE0000 else (code - 0xE0100 + 16) & 0xFF
