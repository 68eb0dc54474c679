"""International bank account numbers (ISO 13616): a country's length and structure, and modulo 97.

Imports the findings.
"""

import re
from collections.abc import Iterator

from chat.safety.personal.finding import Finding, Kind

_BEGIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ \u00a0\u202f.-]?[A-Za-z0-9])")
_LETTER = re.compile(r"[A-Za-z0-9]")
_SEPARATORS = " \u00a0\u202f.-"
_COUNTRIES = """15 NO|16 BE|18 DK FI FK FO GL NL SD|19 MK SI|20 AT BA EE KZ LT LU MN XK
|21 CH HR LI LV|22 BG BH CR DE GB GE IE ME RS VA|23 AE GI IL IQ OM SO TL
|24 AD CZ ES MD PK RO SA SE SK TN VG|25 LY PT ST|26 IS TR|27 BI DJ FR GR IT MC MR SM
|28 AL AZ BY CY DO GT HN HU LB NI PL SV|29 BR EG PS QA UA|30 JO KW MU YE|31 MT SC|32 LC|33 RU"""
_LENGTHS = {
    country: int(length)
    for length, *countries in map(str.split, _COUNTRIES.split("|"))
    for country in countries
}


def find_ibans(text: str) -> Iterator[Finding]:
    """Every account number, written together or in groups, in capitals or not."""
    end = 0
    for found in _BEGIN.finditer(text):
        length = _LENGTHS.get(found.group()[:2].upper())
        if length is None or found.start() < end:
            continue
        reached = _reach(text, found.start(), length)
        if reached and _holds(text[found.start() : reached]):
            end = reached
            yield Finding(Kind.IBAN, found.start(), end)


def _reach(text: str, start: int, length: int) -> int:
    """Where so many letters and digits end, single separators between them; 0 if they do not."""
    at, seen = start, 0
    while seen < length:
        if at >= len(text):
            return 0
        if _LETTER.match(text, at):
            seen += 1
        elif text[at] not in _SEPARATORS or text[at - 1] in _SEPARATORS:
            return 0
        at += 1
    return 0 if _LETTER.match(text, at) else at


def _holds(written: str) -> bool:
    from stdnum import iban  # loaded where there is something to check

    compact = "".join(_LETTER.findall(written)).upper()
    try:
        iban.validate(compact, check_country=False)
    except iban.ValidationError:
        return False
    return True
