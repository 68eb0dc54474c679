"""What speaks for a number of a telephone: the words beside it, its place, or its form alone.

The clearer the words are, the less a number has to look like one. Imports those words, and what
telephone numbers are like.
"""

import re
from typing import NamedTuple

from chat.safety.personal.context import (
    NOTHING,
    Cue,
    cue_after,
    cue_before,
    is_in_row,
    is_measured,
    tags_around,
    words_before,
)
from chat.safety.personal.phone_numbers import is_international, is_of_a_region, is_series, is_usual

LEAST, MOST = 7, 15  # digits (E.164)
LEAST_NAMED = 6
LINK = "wa.me/"  # what follows has its country's code, without a plus
# A number in Lisbon or in Oslo, or an amount, or numbers drawn by lot.
_DOUBTFUL = re.compile(r"\d{1,3}(?:[ .]\d{3})+|[2-9]\d(?: \d\d){3}|\d{3} \d\d \d{3}")
_AMOUNT = re.compile(r"[1-9](?:[ .]\d{3})+")
_LOCAL = re.compile(r"\d{3}[- ]\d{4}")
# As signatures have it: `T 030 …`, `m: 0171 …`.
_LETTER = re.compile(r"(?<![^\W_])(?:[TMFP]|[TMFPCDHOWtmfpcdhow]\s?[:.])\s?\Z")
_AROUND = ("", *"/|,;:()<>\"'[]{}·•—–-.!?«»")  # what stands beside a field of a list
_FIELD_BEFORE, _FIELD_AFTER = re.compile(r"\d\W{1,4}\Z"), re.compile(r"\W{1,4}\d")
_PREPOSITIONS = frozenset(["unter", "at", "on", "al", "au", "ao", "pod", "op", "pa", "via", "no"])
_OTHERS = ("other", "figure", "version", "card", "iban")
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
        place, is_other, said = self._place, self._is_other(), self._said()
        is_called = said.says("phone")
        if place.plus or place.written.startswith("(+") or self._is_linked:
            may_be = place.plus != "00" or not is_other
            return may_be and self._is_international(is_said=is_called)
        if is_called and not is_other and self._is_said(said):
            return True
        if is_other or not alone or self._digits < LEAST:
            return False
        return (self._is_torn or not self._is_id()) and self._is_by_itself()

    @property
    def _is_linked(self) -> bool:
        return self._place.text.endswith(LINK, 0, self._place.start)

    def _is_international(self, *, is_said: bool) -> bool:
        written = self._place.written
        number = "+" + re.sub(r"\A(?:00|\(?[+＋])", "", written)
        if written.startswith("(+"):
            number = number.replace(")", "", 1)
        return is_international(number, is_said=is_said)

    def _has_letter(self) -> bool:
        start = self._place.start
        return bool(_LETTER.search(self._place.text[max(0, start - 5) : start]))

    def _is_called(self) -> bool:
        """Whether it is said, though an order or the like is nearer: `call about it on …`."""
        place, before = self._place, self._before
        may_be = self._stands_behind_preposition or (
            self._begins_national
            and "numbered" not in before.tags
            and not self._is_cut
            and is_usual(place.written)
        )
        return may_be and "phone" in tags_around(place.text, place.start, place.end, before)

    def _is_other(self) -> bool:
        """Whether the words just before say that it is something else."""
        near = 0 if self._begins_national else _NEAR
        is_denied = self._before.denies(*_OTHERS, within=near)
        return is_denied and not (self._is_torn or self._has_letter() or self._is_called())

    def _is_id(self) -> bool:
        before = self._before
        names_one = before.says("id", "ip", within=_FAR) or (
            before.countries and before.distance <= _FAR
        )
        return bool(names_one) and not before.is_taken and not self._has_letter()

    def _said(self) -> Cue:
        """The phrase that says that it is one; the letters of signatures count as one."""
        if self._has_letter():
            return _CALLED
        if self._is_torn:
            return NOTHING
        if self._before.says("phone"):
            return self._before
        if self._before.tags:
            return _CALLED if self._is_called() else NOTHING
        return cue_after(self._place.text, self._place.end)

    def _is_said(self, said: Cue) -> bool:
        """Whether it is one, where words say so: those that name one more than those that call."""
        written = self._place.written
        is_amount = bool(_AMOUNT.fullmatch(written))
        if said.denies("tel", within=_NEAR):
            is_enough = self._digits >= LEAST or said.distance == 0
            is_one = is_of_a_region(written) if is_amount else is_enough
            return is_one and not is_measured(self._place.text, self._place.end)
        if self._digits < LEAST:
            return False
        if _LOCAL.fullmatch(written):
            return True
        if self._begins_national:
            is_apart = not written.isdigit() and self._digits <= 13
            return is_apart or is_of_a_region(written)
        if (said.is_taken and not self._place.follows) or self._is_cut:
            return False
        near = 12 if self._digits >= _SHORT else 1 if written.isdigit() else 2
        is_near = said.distance <= near and not is_amount and not is_series(written)
        return (
            is_near
            and is_of_a_region(written)
            and not is_measured(self._place.text, self._place.end)
        )

    @property
    def _is_cut(self) -> bool:
        """Whether the row of digits goes on behind it."""
        after = self._place.text[self._place.end : self._place.end + 2]
        return after[:1] == " " and after[1:].isdigit()

    def _is_by_itself(self) -> bool:
        """Whether its form or its place alone tells that it is one."""
        text, start, end, written, _, follows = self._place
        is_doubtful = _DOUBTFUL.fullmatch(written) and not follows
        if not is_doubtful and is_in_row(text, start, end):
            return False
        if is_series(written) and not follows:
            return False
        if not self._begins_national and (_AMOUNT.fullmatch(written) or is_measured(text, end)):
            return False
        if not is_doubtful:
            return is_of_a_region(written) if follows else is_usual(written)
        is_at = not self._before.tags and self._stands_behind_preposition
        return (is_at or self._is_field) and is_of_a_region(written)

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
