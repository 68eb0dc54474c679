"""What a number of a telephone has to be like, and how people of a region write it.

That is libphonenumber's to say, which is loaded where there is something to check. Imports nothing
of Parley.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_COUNTRIES = (
    "US|GB|DE|FR|IT|ES|PT|NL|BE|AT|CH|IE|PL|CZ|SK|HU|RO|BG|GR|HR|SI|DK|SE|NO|FI|IS|EE|LV|LT|LU|MT|CY|"
    "UA|RU|TR|IL|EG|ZA|NG|KE|MA|IN|PK|BD|LK|CN|HK|TW|JP|KR|SG|MY|TH|VN|PH|ID|AU|NZ|BR|AR|MX|CL|CO|PE|"
    "VE|EC|UY|SA|AE"
)
_REGIONS = _COUNTRIES.split("|")
_NORTH_AMERICAN = re.compile(r"(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. /])\d{3}[-. ]\d{4}")
_SPACED = re.compile(r"[\d\s]+")  # as those write it that dial no zero first
_MOBILE_IN_TWO = re.compile(r"0\d{2,4}[ /-]\d{6,8}")
_LEAST, _LEAST_ALONE = 7, 9  # digits
_IN_A_ROW = "012345678901234567890"


def is_international(number: str, *, is_said: bool) -> bool:
    """Whether `+49…` is valid, or, where a word or its groups tell that it is one, may be."""
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
def is_of_a_region(written: str) -> bool:
    """Whether it is valid in some region."""
    return written not in _IN_A_ROW and any(True for _ in _read(written))


@lru_cache(maxsize=512)
def is_usual(written: str) -> bool:
    """Whether people of some region write it so, which nothing else is written like."""
    if _NORTH_AMERICAN.fullmatch(written) and any(one == "US" for one, _ in _read(written)):
        return True
    parts = re.findall(r"\d+", written)
    digits = sum(map(len, parts))
    if len(parts) == 1:
        is_like_one = written[0] == "0" and digits in (10, 11, 12) and len(set(written)) > 4
        is_drawn = is_like_one and written not in _IN_A_ROW
        return is_drawn and any(map(_is_mobile, _read(written)))
    if digits < (_LEAST if written[0] == "(" else _LEAST_ALONE) or min(map(len, parts)) < 2:
        return False
    is_national = written[0] in "0("
    if is_series(written):
        return False
    if not is_national and not _SPACED.fullmatch(written):
        return False
    is_in_two = bool(_MOBILE_IN_TWO.fullmatch(written))
    return any(
        _is_written_so(written, parts, number, is_national=is_national)
        or (is_in_two and _is_mobile((region, number)))
        for region, number in _read(written)
    )


def is_series(written: str) -> bool:
    """Whether its groups count up or down: `01 02 03 04 05`."""
    groups = [int(group) for group in re.findall(r"\d+", written)]
    steps = {after - before for before, after in zip(groups, groups[1:], strict=False)}
    return len(groups) > 2 and len(steps) == 1


def _is_written_so(written: str, parts: list[str], number: Any, *, is_national: bool) -> bool:
    library = _library()
    usual = _shape(library.format_number(number, library.PhoneNumberFormat.NATIONAL))
    has_area = is_national and len(parts[0]) == len(usual.split()[0])
    return has_area or usual == _shape(written)


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
