"""What speaks for a number of a telephone: the words beside it, its place, or its form alone.

The clearer the words are, the less a number has to look like one. Imports those words, and what
telephone numbers are like.
"""

import re
from functools import cached_property
from typing import NamedTuple

from chat.safety.personal.context import (
    NOTHING,
    Cue,
    cue_after,
    cue_before,
    is_in_row,
    tags_around,
    words_before,
)
from chat.safety.personal.phone_numbers import is_international, is_of_a_region, is_usual

LEAST, MOST = 7, 15  # digits (E.164)
LEAST_NAMED = 6
LINK = "wa.me/"  # what follows has its country's code, without a plus
SPACES = r"\u00a0\u2007\u2009\u202f"
# A number in Lisbon or in Oslo, or an amount, or numbers drawn by lot.
_DOUBTFUL = re.compile(
    rf"\d{{1,3}}(?:[ .{SPACES}]\d{{3}})+|[2-9]\d(?: \d\d){{3}}|\d{{3}} \d\d \d{{3}}"
)
_AMOUNT = re.compile(rf"[1-9](?:[ .{SPACES}]\d{{3}})+")
_LOCAL = re.compile(r"\d{3}[- ]\d{4}")
# As signatures have it: `T 030 …`, `m: 0171 …`.
_LETTER = re.compile(r"(?<![^\W_])(?:[TMFP]|[TMFPCDHOWtmfpcdhow]\s?[:.])\s?\Z")
_AROUND = ("", *"/|,;:()<>\"'[]{}·•—–-.!?«»")  # what stands beside a field of a list
_FIELD_BEFORE, _FIELD_AFTER = re.compile(r"\d\W{1,4}\Z"), re.compile(r"\W{1,4}\d")
_PREPOSITIONS = frozenset(["unter", "at", "on", "al", "au", "ao", "pod", "op", "pa", "via", "no"])
_OTHERS = ("other", "version", "card", "iban")
_CALLED = Cue(frozenset(["phone"]))
_NEAR, _FAR = 1, 4  # words in which one that says something else counts
_SHORT = 9  # digits; a shorter one needs its word closer


class Place(NamedTuple):
    """Where a number may stand in a text; `follows` is whether one of its shape stands before."""

    text: str
    start: int
    end: int
    written: str
    plus: str
    follows: bool


class Evidence:
    """What speaks for a number, and what against it; words are looked up where they matter."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._digits = sum(map(str.isdigit, place.written))
        self._begins_national = place.written[0] in "0("
        self._before = cue_before(place.text, place.start)
        tags = self._before.tags
        # `port`, `cep`: a word that may say either says nothing.
        self._is_torn = "phone" in tags and not tags.isdisjoint(("ip", *_OTHERS))

    def holds(self, *, alone: bool) -> bool:
        """Whether it is a number; `alone`, also where no word says so."""
        place = self._place
        if place.plus or place.written.startswith("(+") or self._is_linked:
            return self._is_international()
        if self._said.says("phone") and not self._is_other and self._is_said():
            return True
        if self._is_other or not alone or self._digits < LEAST:
            return False
        return (self._is_torn or not self._is_id) and self._is_by_itself()

    @property
    def _is_linked(self) -> bool:
        return self._place.text.endswith(LINK, 0, self._place.start)

    def _is_international(self) -> bool:
        plus, written = self._place.plus, self._place.written
        number = "+" + re.sub(r"\A(?:00|\(?[+＋])", "", written)
        if written.startswith("(+"):
            number = number.replace(")", "", 1)
        may_be = plus != "00" or not self._is_other
        return may_be and is_international(number, is_said=self._said.says("phone"))

    @cached_property
    def _has_letter(self) -> bool:
        start = self._place.start
        return bool(_LETTER.search(self._place.text[max(0, start - 5) : start]))

    @cached_property
    def _is_called(self) -> bool:
        """Whether it is said, though an order or the like is nearer: `call about it on …`."""
        place = self._place
        return self._stands_behind_preposition and "phone" in tags_around(
            place.text, place.start, place.end, self._before
        )

    @cached_property
    def _is_other(self) -> bool:
        """Whether the words just before say that it is something else."""
        near = 0 if self._begins_national else _NEAR
        is_denied = self._before.denies(*_OTHERS, within=near)
        return is_denied and not (self._is_torn or self._has_letter or self._is_called)

    @cached_property
    def _is_id(self) -> bool:
        before = self._before
        names_one = before.says("id", "ip", within=_FAR) or (
            before.countries and before.distance <= _FAR
        )
        return bool(names_one) and not before.is_taken and not self._has_letter

    @cached_property
    def _said(self) -> Cue:
        """The phrase that says that it is one; the letters of signatures count as one."""
        if self._has_letter:
            return _CALLED
        if self._is_torn:
            return NOTHING
        if self._before.says("phone"):
            return self._before
        if self._before.tags:
            return _CALLED if self._is_called else NOTHING
        return cue_after(self._place.text, self._place.end)

    def _is_said(self) -> bool:
        """Whether it is one, where words say so: those that name one more than those that call."""
        said, written = self._said, self._place.written
        is_amount = bool(_AMOUNT.fullmatch(written))
        if said.denies("tel", within=_NEAR) and not is_amount:
            is_enough = self._digits >= LEAST or said.distance == 0
            return is_enough and not self._is_measured
        if self._digits < LEAST:
            return False
        if _LOCAL.fullmatch(written):
            return True
        if self._begins_national:
            is_apart = not written.isdigit() and self._digits <= 13
            return is_apart or is_of_a_region(written)
        if (said.is_taken and not self._place.follows) or self._is_cut:
            return False
        near = 1 if is_amount else 2 if self._digits < _SHORT else 12
        return said.distance <= near and is_of_a_region(written) and not self._is_measured

    @property
    def _is_cut(self) -> bool:
        """Whether the row of digits goes on behind it."""
        after = self._place.text[self._place.end : self._place.end + 2]
        return after[:1] == " " and after[1:].isdigit()

    @property
    def _is_measured(self) -> bool:
        """Whether a unit follows: `1234567 times`."""
        return cue_after(self._place.text, self._place.end).says("unit", within=0)

    def _is_by_itself(self) -> bool:
        """Whether its form or its place alone tells that it is one."""
        text, start, end, written, _, follows = self._place
        if not _DOUBTFUL.fullmatch(written) or follows:
            if is_in_row(text, start, end):
                return False
            return is_of_a_region(written) if follows else is_usual(written)
        is_at = not self._before.tags and self._stands_behind_preposition
        is_placed = is_at or self._is_field
        return is_placed and not _AMOUNT.fullmatch(written) and is_of_a_region(written)

    @property
    def _is_field(self) -> bool:
        """Whether it fills a field of a list, and no number does so beside it."""
        text, start, end = self._place[:3]
        before, after = text[max(0, start - 9) : start], text[end : end + 9]
        is_between = before.rstrip()[-1:] in _AROUND and after.lstrip()[:1] in _AROUND
        return is_between and not _FIELD_BEFORE.search(before) and not _FIELD_AFTER.match(after)

    @property
    def _stands_behind_preposition(self) -> bool:
        return not _PREPOSITIONS.isdisjoint(words_before(self._place.text, self._place.start, 1))
