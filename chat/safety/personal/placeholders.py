"""Stable placeholders for the items of one conversation, and texts with them in place.

A tag is a keyed hash of the item: it tells nothing of it, and is the same in every run of the
conversation without being stored. Keeps true: no text of a run holds by itself what a placeholder
of that run is read as; an item that was found in one text is hidden in all of them. Pure. Imports
the findings and what is read as a placeholder.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence

from chat.safety.personal.finding import Finding, Kind
from chat.safety.personal.restoring import TAG_LENGTH, Restorer, tags_in

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"  # without vowels and look-alikes: no words
_NAMES = {kind: "ID" if kind is Kind.NATIONAL_ID else kind.name for kind in Kind}
Find = Callable[[str], Sequence[Finding]]


class Placeholders:
    """Of one run over `texts`, everything that is going to be sent; `key` is the conversation's."""

    def __init__(self, key: bytes, texts: Iterable[str], find: Find) -> None:
        self._key = key
        self._find = find
        self._items: dict[str, str] = {}  # by their tags
        self._written: dict[str, str] = {}  # the placeholder of each item
        texts = [text for text in texts if text]
        taken = set[str]().union(*map(tags_in, texts))
        for text in texts:
            for one in find(text):
                self._add(one.kind, text[one.start : one.end], taken)

    def __len__(self) -> int:
        return len(self._items)

    def hide(self, text: str) -> str:
        """The text with a placeholder for each item."""
        if not self._written:
            return text
        known = _any_of(item for item in self._written if item in text)
        parts: list[str] = []
        place = 0
        for one in self._find(text):
            parts += (
                self._hide_known(known, text[place : one.start]),
                self._written[text[one.start : one.end]],
            )
            place = one.end
        return "".join((*parts, self._hide_known(known, text[place:])))

    def restorer(self) -> Restorer:
        """What puts the items back into one stream of text."""
        return Restorer(self._items)

    def _hide_known(self, known: re.Pattern[str], text: str) -> str:
        return known.sub(lambda found: self._written[found.group()], text)

    def _add(self, kind: Kind, item: str, taken: set[str]) -> None:
        if item in self._written:
            return
        number = 0
        while (tag := self._tag(kind, item, number)) in taken:
            number += 1
        taken.add(tag)
        self._items[tag] = item
        self._written[item] = f"[{_NAMES[kind]}_{tag}]"

    def _tag(self, kind: Kind, item: str, number: int) -> str:
        said = f"{kind}\0{number}\0{item}".encode("utf-8", "surrogatepass")
        value = int.from_bytes(hmac.digest(self._key, said, hashlib.sha256)[:8])
        letters = []
        for _ in range(TAG_LENGTH):
            value, place = divmod(value, len(_ALPHABET))
            letters.append(_ALPHABET[place])
        return "".join(letters)


def without_items(text: str, find: Find) -> str:
    """The text with the kind of each item in its place, which nothing puts back."""
    parts: list[str] = []
    place = 0
    for one in find(text):
        parts += text[place : one.start], f"[{_NAMES[one.kind]}]"
        place = one.end
    return "".join((*parts, text[place:]))


def _any_of(items: Iterable[str]) -> re.Pattern[str]:
    """Any of the items where it is not a part of something longer; the longest first."""
    ordered = sorted(items, key=len, reverse=True)
    return re.compile("|".join(map(_whole, ordered)) or r"(?!)")


def _whole(item: str) -> str:
    before = r"(?<![A-Za-z0-9])" if _is_plain(item[0]) else ""
    after = r"(?![A-Za-z0-9])" if _is_plain(item[-1]) else ""
    return f"{before}{re.escape(item)}{after}"


def _is_plain(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
