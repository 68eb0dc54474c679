"""Telephone numbers: international ones, and national ones by their form or the words beside them.

What a number has to be like, and how people of a region write it, is libphonenumber's to say.
Imports the findings and those words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from chat.safety.personal.context import cue_after, cue_before
from chat.safety.personal.finding import Finding, Kind

_GAP = r"[ \u00a0\u202f.\-–‑/]{0,3}"
_GROUP = r"(?:\(\d{1,5}\)|\d)"
_CANDIDATE = re.compile(
    r"(?<![\w@#$€£&?%/.-])(?<!\d[ :])(?<!=\s)"
    r"(?P<number>(?P<plus>\+|00(?=[1-9 (]))?\s?(?:\(\+?\d{1,5}\)|\d)"
    rf"(?:{_GAP}{_GROUP}){{5,16}})"
    r"(?:,?\s?(?:ext\.?|extension|x|;ext=|Durchwahl|DW|poste|int\.)\s?\d{1,5})?"
    r"(?![\w%€$£@]|[.:/-]\d|,\d{3}(?!\d)|\s?[×*=+]\s?\d)"
)
_DAY = r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)"
_HOUR = r"(?:[01]\d|2[0-4])[0-5]\d"
_DATE = re.compile(
    rf"{_DAY}(?:[ T]\d{{1,2}}(?:\W\d\d)*)?|(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d"
    rf"|(?:\d{{4}} ){{2,}}\d{{4}}|{_HOUR}\s?[-–]\s?{_HOUR}"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})+")
_LOCAL = re.compile(r"\d{3}[- ]\d{4}")
_NORTH_AMERICAN = re.compile(r"(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. /])\d{3}[-. ]\d{4}")
_COUNTRIES = (
    "US|GB|DE|FR|IT|ES|PT|NL|BE|AT|CH|IE|PL|CZ|SK|HU|RO|BG|GR|HR|SI|DK|SE|NO|FI|IS|EE|LV|LT|LU|MT|CY|"
    "UA|RU|TR|IL|EG|ZA|NG|KE|MA|IN|PK|BD|LK|CN|HK|TW|JP|KR|SG|MY|TH|VN|PH|ID|AU|NZ|BR|AR|MX|CL|CO|PE|"
    "VE|EC|UY|SA|AE"
)
_REGIONS = _COUNTRIES.split("|")
_OTHERS = ("other", "version", "card", "iban")
_NEAR = 3  # words in which one of them counts
_LEAST, _MOST = 7, 15  # digits (E.164)
_LEAST_ALONE = 9
_MOST_LOOKED_UP = 300  # numbers of one text without a word beside them: a table of figures


def find_phones(text: str) -> Iterator[Finding]:
    """Every number that is one, with its extension."""
    looked_up = 0
    for found in _CANDIDATE.finditer(text):
        written, start = found["number"].lstrip(), found.start()
        start += len(found["number"]) - len(written)
        if not _may_be(written):
            continue
        looked_up += 1
        if _is_phone(text, start, found.end(), written, found["plus"] or "", looked_up):
            yield Finding(Kind.PHONE, start, found.end())


def _may_be(written: str) -> bool:
    digits = [one for one in written if one.isdigit()]
    is_dull = len(set(digits)) < 3
    return _LEAST <= len(digits) <= _MOST + 2 and not is_dull and not _DATE.fullmatch(written)


def _is_phone(text: str, start: int, end: int, written: str, plus: str, looked_up: int) -> bool:
    before = cue_before(text, start)
    is_other = before.says(*_OTHERS, within=_NEAR)
    is_said = before.says("phone") or before.says("letter", within=0)
    is_said = is_said or (not before.tags and cue_after(text, end).says("phone"))
    if plus:
        number = written if plus == "+" else f"+{written[2:]}"
        return (plus == "+" or not is_other) and _is_international(number, is_said=is_said)
    if is_other or before.says("id") or before.countries:
        return False
    if is_said:
        return _LOCAL.fullmatch(written) is not None or _is_of_a_region(written)
    return not before.says("ip") and looked_up < _MOST_LOOKED_UP and _is_usual(written)


def _is_international(number: str, *, is_said: bool) -> bool:
    """Valid, or, where a word or its groups tell that it is one, at least of a possible length."""
    library = _library()
    try:
        read = library.parse(number.replace("(0)", ""), None)
    except library.NumberParseException:
        return False
    is_grouped = len(re.findall(r"\d+", number)) > 2
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
    if _NORTH_AMERICAN.fullmatch(written):
        return any(region == "US" for region, _ in _read(written))
    if len(parts) == 1:
        return written[0] == "0" and digits in (10, 11) and any(map(_is_mobile, _read(written)))
    if digits < _LEAST_ALONE or _THOUSANDS.fullmatch(written) or min(map(len, parts)) < 2:
        return False
    library, shape = _library(), _shape(written)
    style = library.PhoneNumberFormat.NATIONAL
    for _, number in _read(written):
        usual = _shape(library.format_number(number, style))
        has_area = written[0] in "0(" and len(parts[0]) == len(usual.split()[0])
        if usual == shape or has_area:
            return True
    return False


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
