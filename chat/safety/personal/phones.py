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
    Evidence,
    Place,
)
from chat.safety.personal.phone_numbers import is_of_a_region, is_usual
from chat.safety.personal.words import UNSPACED_SIGNS

_GAP = r"[ \u00a0\u2007\u2009\u202f.\-–‑‒/]{0,3}"
_AREA = r"\(\+?\d(?:[ -]?\d){0,4}\)"  # as `(030)`, `(0 30)`, `(+44)`
_GROUP = rf"(?:{_AREA}|\d)"
_EXTENSION = (
    r"[,;]?\s?\(?(?i:ext(?:ension|n)?|x|;ext=|durchwahl|dw|poste|int(?:erno)?|anexo|ramal|toestel|"
    r"wewn?|klapka|linka|dahili|anknytning|доб)\.?[:\s]{0,2}#?\d{1,5}\b\)?"
)
_CANDIDATE = re.compile(
    rf"(?=[+＋(\d])(?:(?:(?<![\w@#$€£&?%/-])|(?<=[{UNSPACED_SIGNS}]))(?<!\d[.:])"
    rf"|(?<={LINK})|(?<=tel://)|(?<=%2B))"
    r"(?P<number>(?:(?P<plus>[+＋]|00(?=[1-9 (]))\s?)?"
    rf"{_GROUP}(?:{_GAP}{_GROUP}){{5,16}})(?:{_EXTENSION})?"
    rf"(?!(?![{UNSPACED_SIGNS}])[\w%€$£]|[.:/]\d|-\w|\s?[×*=]\s?\d|\s?\+\s\d|\+\d)"
)
# A number that is free of charge, with a word in it; without the 1 it takes a word that says so.
_VANITY = re.compile(
    r"8(?:00|33|44|55|66|77|88)\)?[-. ](?=[A-Z0-9-]{0,6}[A-Z]{3})"
    r"(?P<word>[A-Z0-9]{1,9}(?:-[A-Z0-9]{1,7}){0,2})(?<=[A-Z])(?![\w-])"
)
_BEFORE_VANITY = re.compile(r"(?<![\w+-])(?P<free>\+?1[-. ]?|0)?\(?\Z")
_DAY = r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)"
_HOUR = r"(?:[01]\d|2[0-4])[0-5]\d"
_STAMP = r"20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{4}|\d{6})?"
_YEAR, _THIS_YEAR = r"(?:1[5-9]|20)\d\d", r"(?:19|20)\d\d"
# What is no number of a telephone: days, years, hours, decimals, the groups of a card, and postal
# codes of Brazil.
_DATE = re.compile(
    rf"{_DAY}(?:[ T]\d{{1,2}}(?:\W\d\d)*)?|{_YEAR}\s?[-–]\s?{_YEAR}"
    rf"|{_STAMP}|{_THIS_YEAR}\s?[-–/]\s?\d[-–/\d]*"
    rf"|[1-9]\d{{3}} (?:\d{{4}} )+\d{{4}}|{_HOUR}\s?[-–]\s?{_HOUR}|\d\.\d+(?: \d\.\d+)+"
    r"|\d{5}-\d{3}"
)
_WIDE = re.compile(r"\s[/–-]\s|\s{2,}|\s?/\s?(?=[0(])")  # between two numbers
_PLAIN = str.maketrans(
    {**dict.fromkeys("\u00a0\u2007\u2009\u202f", " "), **dict.fromkeys("–‑‒", "-")}
)
_MOST_LOOKED_UP = 300  # numbers of one text without a word beside them: a table of figures
_BESIDE = 60  # characters between two numbers of one list


def find_phones(text: str) -> Iterator[Finding]:
    """Every number that is one, with its extension."""
    looked_up, former = 0, Finding(Kind.PHONE, 0, 0)
    for found in _CANDIDATE.finditer(text):
        plus = found["plus"] or ""
        start, last = found.span("number")
        for begin, end in _spans(text, start, last, found.end(), plus):
            written = text[begin : min(end, last)].translate(_PLAIN)
            if not _may_be(written):
                continue
            looked_up += 1
            follows = _follows(text, former, begin, end)
            place = Place(text, begin, end, written, plus if begin == start else "", follows)
            if Evidence(place).holds(alone=looked_up <= _MOST_LOOKED_UP):
                yield (former := Finding(Kind.PHONE, begin, end))
                if end != found.end() and (rest := _rest(text, end, found.end())):
                    yield from rest
                break
    yield from _with_words(text)


def _with_words(text: str) -> Iterator[Finding]:
    for found in _VANITY.finditer(text):
        before = _BEFORE_VANITY.search(text, max(0, found.start() - 5), found.start())
        if not before or not LEAST <= sum(map(str.isalnum, found["word"])) < 11:
            continue
        if before["free"] or cue_before(text, found.start()).says("phone"):
            yield Finding(Kind.PHONE, before.start(), found.end())


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
    part = text[begin:end].translate(_PLAIN)
    is_other_way = "/" in text[start:begin] or part[:1] in "0("
    is_one = _may_be(part) and (is_of_a_region(part) if is_other_way else is_usual(part))
    return [Finding(Kind.PHONE, begin, end)] if is_one else []


def _may_be(written: str) -> bool:
    digits = [one for one in written if one.isdigit()]
    is_dull = len(set(digits)) < 3
    return LEAST_NAMED <= len(digits) <= MOST + 2 and not is_dull and not _DATE.fullmatch(written)


def _follows(text: str, former: Finding, start: int, end: int) -> bool:
    """Whether a number stands just before, or beside in a list where it looks the same."""
    if text[former.end : start].strip() == "/":
        return True
    return start - former.end < _BESIDE and _shape(text, start, end) == _shape(
        text, former.start, former.end
    )


def _shape(text: str, start: int, end: int) -> str:
    return re.sub(r"\d", "9", text[start:end])
