"""Telephone numbers, in whatever way people group their digits, with their extensions.

Imports the findings, the words beside them, and what speaks for a number.
"""

import re
from collections.abc import Iterator

from chat.safety.personal.context import cue_before
from chat.safety.personal.finding import Finding, Kind
from chat.safety.personal.phone_evidence import (
    LEAST,
    LEAST_NAMED,
    LINK,
    MOST,
    SPACES,
    Evidence,
    Place,
)
from chat.safety.personal.phone_numbers import is_of_a_region, is_usual
from chat.safety.personal.words import UNSPACED_SIGNS

_GAP = rf"[ {SPACES}.\-–‑‒/]{{0,3}}"
_GROUP = r"(?:\(\d{1,5}\)|\d)"
_EXTENSION = (
    r"[,;]?\s?\(?(?i:ext(?:ension|n)?|x|;ext=|durchwahl|dw|poste|int(?:erno)?|anexo|ramal|toestel|"
    r"wewn?|klapka|linka|dahili|anknytning|доб)\.?[:\s]{0,2}#?\d{1,5}\b\)?"
)
_CANDIDATE = re.compile(
    rf"(?:(?:(?<![\w@#$€£&?%/-])|(?<=[{UNSPACED_SIGNS}]))(?<!\d[.:])"
    rf"|(?<={LINK})|(?<=tel://)|(?<=%2B))"
    r"(?P<number>(?:(?P<plus>[+＋]|00(?=[1-9 (]))\s?)?(?:\(\+?\d{1,5}\)|\d)"
    rf"(?:{_GAP}{_GROUP}){{5,16}})(?:{_EXTENSION})?"
    rf"(?!(?![{UNSPACED_SIGNS}])[\w%€$£]|[.:/]\d|-\w|\s?[×*=+]\s?\d)"
)
# A number that is free of charge, with a word in it; without the 1 it takes a word that says so.
_VANITY = re.compile(
    r"(?<![\w+-])(?P<free>(?:\+?1[-. ])?\(?8(?:00|33|44|55|66|77|88)\)?|0800|0900|1300|1800)[-. ]"
    r"(?=[A-Z0-9-]{0,6}[A-Z]{3})[A-Z0-9]{1,9}(?:-[A-Z0-9]{1,7}){0,2}(?<=[A-Z])(?![\w-])"
)
_DAY = r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)"
_HOUR = r"(?:[01]\d|2[0-4])[0-5]\d"
_YEAR, _THIS_YEAR = r"(?:1[5-9]|20)\d\d", r"(?:19|20)\d\d"
# What is no number of a telephone: days, years, hours, decimals, the groups of a card, and postal
# codes of Brazil.
_DATE = re.compile(
    rf"{_DAY}(?:[ T]\d{{1,2}}(?:\W\d\d)*)?|{_YEAR}\s?[-–]\s?{_YEAR}"
    rf"|{_THIS_YEAR}\s?[-–/]\s?\d[-–/\d]*"
    rf"|[1-9]\d{{3}} (?:\d{{4}} )+\d{{4}}|{_HOUR}\s?[-–]\s?{_HOUR}|\d\.\d+(?: \d\.\d+)+"
    r"|\d{5}-\d{3}"
)
_WIDE = re.compile(r"\s[/–-]\s|\s{2,}|\s?/\s?(?=0)")  # between two numbers
_MOST_LOOKED_UP = 300  # numbers of one text without a word beside them: a table of figures
_BESIDE = 60  # characters between two numbers of one list


def find_phones(text: str) -> Iterator[Finding]:
    """Every number that is one, with its extension."""
    looked_up, former = 0, Finding(Kind.PHONE, -_BESIDE, -_BESIDE)
    for found in _CANDIDATE.finditer(text):
        plus = found["plus"] or ""
        start, last = found.span("number")
        for begin, end in _spans(text, start, last, found.end(), plus):
            written = text[begin : min(end, last)]
            if not _may_be(written):
                continue
            looked_up += 1
            follows = begin - former.end < _BESIDE and _shape(written) == _shape(
                text[former[1] : former[2]]
            )
            place = Place(text, begin, end, written, plus if begin == start else "", follows)
            if Evidence(place).holds(alone=looked_up <= _MOST_LOOKED_UP):
                yield (former := Finding(Kind.PHONE, begin, end))
                if end != found.end() and (rest := _rest(text, end, found.end())):
                    yield from rest
                break
    yield from _with_words(text)


def _with_words(text: str) -> Iterator[Finding]:
    for found in _VANITY.finditer(text):
        is_free = len(found["free"]) > 3 or cue_before(text, found.start()).says("phone")
        if is_free and LEAST <= sum(map(str.isalnum, found.group()[len(found["free"]) :])) < 11:
            yield Finding(Kind.PHONE, *found.span())


def _spans(text: str, start: int, last: int, end: int, plus: str) -> Iterator[tuple[int, int]]:
    """The whole; what stands before a wide gap; without its last groups, or its first."""
    yield start, end
    if wide := _WIDE.search(text, start, last):
        yield start, wide.start()
    groups = [group.span() for group in re.finditer(r"\(?\d+\)?", text[start:last])]
    for dropped in range(1, min(3, len(groups) - 1)):
        if text[start + groups[-1 - dropped][1]] not in ".-–‑‒":
            yield start, start + groups[-1 - dropped][1]
    for dropped in range(1, min(3, len(groups) - 1)) if not plus else ():
        begin = start + groups[dropped][0]
        if text[begin] in "0(" and cue_before(text, start).says("phone"):
            yield begin, end


def _rest(text: str, start: int, end: int) -> list[Finding]:
    """A number that follows another one, after a wide gap."""
    begin = start + len(text[start:end]) - len(text[start:end].lstrip(" /–-\u00a0"))
    part = text[begin:end]
    is_one = _may_be(part) and (is_of_a_region(part) if part[:1] in "0(" else is_usual(part))
    return [Finding(Kind.PHONE, begin, end)] if is_one else []


def _may_be(written: str) -> bool:
    digits = [one for one in written if one.isdigit()]
    is_dull = len(set(digits)) < 3
    return LEAST_NAMED <= len(digits) <= MOST + 2 and not is_dull and not _DATE.fullmatch(written)


def _shape(written: str) -> str:
    return re.sub(r"\d", "9", written)
