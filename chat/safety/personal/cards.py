"""Numbers of payment cards: a network's first digits and lengths, and Luhn's checksum.

Imports the findings and the words beside them.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from chat.safety.personal.context import cue
from chat.safety.personal.finding import Finding, Kind

_GAP = r"[ \u00a0\u2009\u202f.\-–_/]{0,2}"
_NUMBER = re.compile(rf"(?<![\w+])(?<!\d[.-])\d(?:{_GAP}\d){{11,30}}(?!\w|\.\d)")
_LENGTHS = range(12, 20)  # digits
_GROUP = re.compile(r"\d+")
_DIGITS = re.compile(r"\D")
# ISO/IEC 7812 first digits, with the lengths that the networks issue.
_NETWORKS = (
    (re.compile(r"4"), (13, 16, 19)),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"6011|64[4-9]|65"), (16, 17, 18, 19)),  # Discover
    (re.compile(r"3(?:0[0-5]|095|[689])"), (14, 15, 16, 17, 18, 19)),  # Diners Club
    (re.compile(r"35(?:2[89]|[3-8])"), (16, 17, 18, 19)),  # JCB
    (re.compile(r"62|81"), (16, 17, 18, 19)),  # UnionPay
    (
        re.compile(r"5018|5020|5038|5893|6304|6759|676[1-3]"),
        (12, 13, 14, 15, 16, 18, 19),
    ),  # Maestro
    (re.compile(r"220[0-4]"), (16, 17, 18, 19)),  # Mir
)
# What of the words matters. Few numbers of persons are as long as a card's.
_LONG_IDS = frozenset(["id:id", "id:cn", "id:ae", "id:fr"])
_HEEDED = frozenset(["card", "other", "iban", "version"])
_HEEDED_OF_LONG, _HEEDED_OF_SHORT = _HEEDED | _LONG_IDS, _HEEDED | {"phone", "person"}
_LONG_GROUPS = ((4, 6, 5), (4, 6, 4))  # which no number of a telephone has
_NEAR = 1  # words in which a word that says something else counts
# How the digits are grouped on cards, and in print.
_PRINTED = (
    "4-4-4-4|4-6-5|4-6-4|4-4-4-4-3|4-4-4-1|4-5-6|6-13|8-8|4-4-4-3|4-4-4|4-4-4-2|5-5-5|4-8-4|"
    "6-10|4-12"
)
_GROUPS = {tuple(map(int, groups.split("-"))) for groups in _PRINTED.split("|")}


def find_cards(text: str) -> Iterator[Finding]:
    """Every number of a card; one that is said to be something else is none."""
    for found in _NUMBER.finditer(text):
        for start, end in _spans(found):
            written = text[start:end]
            digits = _DIGITS.sub("", written)
            if _is_card(text, start, end, written, digits):
                yield Finding(Kind.CARD, start, end)
                break


def _spans(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Neighbouring groups of digits, the longest first: a month or a row may stand beside."""
    groups = [group.span() for group in _GROUP.finditer(found.string, *found.span())]
    before = [0, *accumulate(end - start for start, end in groups)]  # digits
    spans = [
        (groups[a][0], groups[b][1])
        for a in range(len(groups))
        for b in range(a, len(groups))
        if before[b + 1] - before[a] in _LENGTHS
    ]
    yield from sorted(spans, key=lambda span: span[0] - span[1])


def _is_card(text: str, start: int, end: int, written: str, digits: str) -> bool:
    if len(set(digits)) < 2 or not luhn(digits):
        return False
    groups = tuple(len(one) for one in _GROUP.findall(written))
    is_long = len(digits) > 15 or groups in _LONG_GROUPS
    said = cue(text, start, end, _HEEDED_OF_LONG if is_long else _HEEDED_OF_SHORT)
    if said.says("card") and digits[0] != "0":
        return True
    networks = [lengths for first, lengths in _NETWORKS if first.match(digits)]
    is_printed = len(groups) == 1 or groups in _GROUPS
    is_common = any(len(digits) in lengths for lengths in networks)
    is_other = said.denies("other", "iban", "phone", "version", within=_NEAR)
    is_id = said.denies("person", within=12)
    return bool(is_printed and is_common and not (is_other or is_id))


def luhn(digits: str) -> bool:
    """Whether the last digit is the checksum of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
