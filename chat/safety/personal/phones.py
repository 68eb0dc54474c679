"""Telephone numbers: international ones, and national ones by their form or the words beside them.

What a number has to be like, and how people of a region write it, is libphonenumber's to say.
Imports the findings and those words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from chat.safety.personal.context import cue_after, cue_before, is_in_row, tags_around, words_before
from chat.safety.personal.finding import Finding, Kind

_GAP = r"[ \u00a0\u202f.\-–‑/]{0,3}"
_GROUP = r"(?:\(\d{1,5}\)|\d)"
_CANDIDATE = re.compile(
    r"(?:(?<![\w@#$€£&?%/-])(?<!\d[.:])|(?<=wa\.me/))"
    r"(?P<number>(?P<plus>\+|00(?=[1-9 (]))?\s?(?:\(\+?\d{1,5}\)|\d)"
    rf"(?:{_GAP}{_GROUP}){{5,16}})"
    r"(?:,?\s?(?:ext\.?|extension|x|;ext=|Durchwahl|DW|poste|int\.)\s?\d{1,5})?"
    r"(?![\w%€$£]|[.:/-]\d|\s?[×*=+]\s?\d)"
)
_DAY = r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)"
_HOUR = r"(?:[01]\d|2[0-4])[0-5]\d"
_DATE = re.compile(
    rf"{_DAY}(?:[ T]\d{{1,2}}(?:\W\d\d)*)?|(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d"
    rf"|(?:\d{{4}} ){{2,}}\d{{4}}|{_HOUR}\s?[-–]\s?{_HOUR}"
)
_WIDE = re.compile(r"\s[/–-]\s|\s{2,}|\s?/\s?(?=0)")  # between two numbers
# A number in Lisbon or in Oslo, or an amount, or numbers drawn by lot.
_DOUBTFUL = re.compile(r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|[2-9]\d(?: \d\d){3}|\d{3} \d\d \d{3}")
_AROUND = ("", *"/|,;:()<>\"'[]{}·•—–-.!?")  # what stands beside a field of a list
_LOCAL = re.compile(r"\d{3}[- ]\d{4}")
_NORTH_AMERICAN = re.compile(r"(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. /])\d{3}[-. ]\d{4}")
_COUNTRIES = (
    "US|GB|DE|FR|IT|ES|PT|NL|BE|AT|CH|IE|PL|CZ|SK|HU|RO|BG|GR|HR|SI|DK|SE|NO|FI|IS|EE|LV|LT|LU|MT|CY|"
    "UA|RU|TR|IL|EG|ZA|NG|KE|MA|IN|PK|BD|LK|CN|HK|TW|JP|KR|SG|MY|TH|VN|PH|ID|AU|NZ|BR|AR|MX|CL|CO|PE|"
    "VE|EC|UY|SA|AE"
)
_REGIONS = _COUNTRIES.split("|")
_OTHERS = ("other", "version", "card", "iban")
_NEAR = 1  # words in which one of them counts
_LETTERS = frozenset("tmfp")  # `T: …`, as signatures have it
_PREPOSITIONS = frozenset(["unter", "at", "on", "al", "au", "ao", "pod", "op", "pa", "via", "no"])
_FAR = 12
_LEAST, _MOST = 7, 15  # digits (E.164)
_LEAST_ALONE = 9
_MOST_LOOKED_UP = 300  # numbers of one text without a word beside them: a table of figures


def find_phones(text: str) -> Iterator[Finding]:
    """Every number that is one, with its extension."""
    looked_up = 0
    for found in _CANDIDATE.finditer(text):
        written, start = found["number"].lstrip(), found.start()
        start += len(found["number"]) - len(written)
        plus = found["plus"] or ""
        for begin, end in _spans(text, start, start + len(written), found.end(), plus):
            part = text[begin : min(end, start + len(written))]
            if not _may_be(part):
                continue
            looked_up += 1
            if _is_phone(text, begin, end, part, plus if begin == start else "", looked_up):
                yield Finding(Kind.PHONE, begin, end)
                if end != found.end() and (rest := _rest(text, end, found.end())):
                    yield from rest
                break


def _spans(text: str, start: int, last: int, end: int, plus: str) -> Iterator[tuple[int, int]]:
    """The whole; what stands before a wide gap; without its last groups, or its first."""
    yield start, end
    if wide := _WIDE.search(text, start, last):
        yield start, wide.start()
    groups = [group.span() for group in re.finditer(r"\(?\d+\)?", text[start:last])]
    for dropped in range(1, min(3, len(groups) - 1)):
        yield start, start + groups[-1 - dropped][1]
    for dropped in range(1, min(3, len(groups) - 1)) if not plus else ():
        begin = start + groups[dropped][0]
        if text[begin] in "0(" and cue_before(text, start).says("phone"):
            yield begin, end


def _rest(text: str, start: int, end: int) -> list[Finding]:
    """A number that follows another one, after a wide gap."""
    begin = start + len(text[start:end]) - len(text[start:end].lstrip(" /–-\u00a0"))
    part = text[begin:end]
    is_one = _may_be(part) and (_is_of_a_region(part) if part[:1] in "0(" else _is_usual(part))
    return [Finding(Kind.PHONE, begin, end)] if is_one else []


def _may_be(written: str) -> bool:
    digits = [one for one in written if one.isdigit()]
    is_dull = len(set(digits)) < 3
    return _LEAST <= len(digits) <= _MOST + 2 and not is_dull and not _DATE.fullmatch(written)


def _is_phone(text: str, start: int, end: int, written: str, plus: str, looked_up: int) -> bool:
    before = cue_before(text, start)
    is_other = before.denies(*_OTHERS, within=_NEAR)
    is_said = before.says("phone") or (not before.tags and _stands_behind(_LETTERS, text, start))
    is_said = is_said or (not before.tags and cue_after(text, end).says("phone"))
    if is_other and _stands_behind(_PREPOSITIONS, text, start):  # `call the customer on …`
        is_other = not (is_said := "phone" in tags_around(text, start, end))
    if plus:
        number = written if plus == "+" else f"+{written[2:]}"
        return (plus == "+" or not is_other) and _is_international(number, is_said=is_said)
    if is_said and not is_other:
        is_near = before.says("phone", within=4) and written[0] in "0(" and " " in written
        return is_near or bool(_LOCAL.fullmatch(written)) or _is_of_a_region(written)
    is_id = before.denies("id", "ip", within=_FAR) or (before.countries and not before.is_taken)
    if is_other or is_id or looked_up > _MOST_LOOKED_UP:
        return False
    if _DOUBTFUL.fullmatch(written):
        is_field = text[:start].rstrip()[-1:] in _AROUND and text[end:].lstrip()[:1] in _AROUND
        is_at = not before.tags and _stands_behind(_PREPOSITIONS, text, start)
        return (is_field or is_at) and _is_of_a_region(written)
    return not is_in_row(text, start, end) and _is_usual(written)


def _stands_behind(words: frozenset[str], text: str, start: int) -> bool:
    return not words.isdisjoint(words_before(text, start, 1))


def _is_international(number: str, *, is_said: bool) -> bool:
    """Valid, or, where a word or its groups tell that it is one, at least of a possible length."""
    library = _library()
    try:
        read = library.parse(number.replace("(0)", ""), None)
    except library.NumberParseException:
        return False
    is_grouped = len(re.findall(r"\d+", number)) > 2 or len(number) > 10
    return bool(
        library.is_valid_number(read)
        or ((is_said or is_grouped) and library.is_possible_number(read))
    )


@lru_cache(maxsize=512)
def _is_of_a_region(written: str) -> bool:
    return any(True for _ in _read(written))


@lru_cache(maxsize=512)
def _is_usual(written: str) -> bool:
    """Whether people of some region write it so, which nothing else is written like."""
    parts = re.findall(r"\d+", written)
    digits = sum(map(len, parts))
    if _NORTH_AMERICAN.fullmatch(written) and _is_in(written, "US"):
        return True
    if len(parts) == 1:
        return written[0] == "0" and digits in (10, 11) and any(map(_is_mobile, _read(written)))
    if digits < (_LEAST if written[0] == "(" else _LEAST_ALONE) or min(map(len, parts)) < 2:
        return False
    library, shape = _library(), _shape(written)
    style = library.PhoneNumberFormat.NATIONAL
    for _, number in _read(written):
        usual = _shape(library.format_number(number, style))
        has_area = written[0] in "0(" and len(parts[0]) == len(usual.split()[0])
        if usual == shape or has_area:
            return True
    return False


def _is_in(written: str, region: str) -> bool:
    return any(one == region for one, _ in _read(written))


def _is_mobile(read: tuple[str, Any]) -> bool:
    return bool(_library().number_type(read[1]) == _library().PhoneNumberType.MOBILE)


def _shape(written: str) -> str:
    return re.sub(r"\d", "9", re.sub(r"\D+", " ", written)).strip()


def _read(written: str) -> Iterator[tuple[str, Any]]:
    """The number as each region reads it where it is valid."""
    library = _library()
    for region in _REGIONS:
        try:
            number = library.parse(written, region)
        except library.NumberParseException:
            continue
        if library.is_valid_number(number):
            yield region, number


@lru_cache(maxsize=1)
def _library() -> Any:
    import phonenumbers  # loaded where there is something to check

    return phonenumbers
