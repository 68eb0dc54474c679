"""Keys, tokens and passwords: by a vendor's prefix, by their form, by the words before them.

What only stands in the place of a secret (`<token>`, `${PASSWORD}`, `********`) is none, nor is the
sentence that goes on behind such a word. Imports the findings and the forms.
"""

import math
import re
from collections.abc import Iterator, Sequence

from chat.safety.personal.finding import Finding, Kind
from chat.safety.personal.secret_forms import (
    BEFORE,
    BLOCK,
    CONNECTION,
    HEADER,
    HEADER_BEGINNINGS,
    LONG,
    MAY_BLOCK,
    NAMED,
    OPTION_BEGINNINGS,
    OPTIONS,
    PAIR,
    PAIR_BEGINNINGS,
    SAID,
    WORD_BEGINNINGS,
)
from chat.safety.personal.secret_prefixes import LONG_WORD, PREFIXED

_LEAST_ALONE = 4.3  # bits of a character of a string that nothing names
# What is there in the place of a secret: a template's name, a word for what belongs there.
_STANDS_FOR = re.compile(
    r"(?i)[<\[{(%$#.•…x_\-*=]+\Z|[<\[{(=]|\$(?:[{(]|(?-i:[A-Z_][A-Z0-9_]*)\Z)|%(?:\w+%|[sd(])|&[a-z]|@[a-z]+\Z|[^<\[{(]*[>}]\Z|"
    r".*(?:x{4,}|\*{2,}|•+|\.{3}|…)|"
    r"(?:process\.env|os\.environ|getenv|env[.(\[]|secrets?\.|vault[.:]|config\.|settings\.|self\.|this\.|req\.)|"
    r"(?:your|my|the|some|any|insert|enter|put|set|example|sample|dummy|placeholder|redacted|hidden|"
    r"masked|changeme|todo|none|null|nil|true|false|undefined|string|str|int|bool|bytes|optional|"
    r"required|password|passwd|secret|token|key|api|access|here|value|paste|new|old|test|user|name)"
    r"(?:[\W_]?(?:password|passwd|passphrase|pass|secret|token|key|api|access|here|value|me|the|new))*\W?\Z"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-fA-F]+")
_CODE = re.compile(
    r"[\w.]+\([^)]*\)?|[A-Za-z_]+(?:\.[A-Za-z_]+)+|[A-Z][A-Z_]+|/.*|\w+://.*|[a-z-]+\.[a-z]{2,4}"
)
_GROUPED = re.compile(r"(?:[a-z]{4} ){3}[a-z]{4}")  # as Google writes its passwords for apps
_NEXT = re.compile(r"&\w+=.*")  # a further parameter of an address
_DIALLED = re.compile(r"\+[\d().-]{8,}")
_MIXED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]|[A-ZÀ-Þ]\w+-[A-ZÀ-Þ]")
_PROSE = re.compile(r"[^\W\d_]+(?:[-'’/][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*\w{0,2}|\W+")
_SPECIAL = re.compile(r"[^\W\d][\w-]*[!@#$%^&*+=~?_.][\w-]|[!@#$%^&*+=~?]\w")
_DULL_BEFORE = re.compile(
    r"(?i)(?:sha\d*|md5|integrity|base64|digest|checksum|fingerprint)[-:=,'\" ]*\Z|https?://\S*\Z|[/.@]\Z"
)
_CUT = re.compile(r"x{4}|\.{3}|\*{3}", re.IGNORECASE)
_END = ".,;:)?*`|"  # what ends a sentence, not a password


def find_secrets(text: str) -> Iterator[Finding]:
    """Every secret; of a name and a value, the value."""
    if MAY_BLOCK in text:
        for found in BLOCK.finditer(text):
            yield Finding(Kind.SECRET, found.start(), found.end())
    yield from _prefixed(text)
    if "://" in text:
        for found in CONNECTION.finditer(text):
            if not _STANDS_FOR.match(found["secret"]):
                yield _of(found)
    yield from _announced(text)


def _prefixed(text: str) -> Iterator[Finding]:
    for word in LONG_WORD.finditer(text):
        for found in PREFIXED.finditer(text, *word.span()):
            if len(set(found.group()[4:])) > 5 and not _CUT.search(found.group()):
                yield Finding(Kind.SECRET, found.start(), found.end())
        yield from _alone(text, *word.span())


def _announced(text: str) -> Iterator[Finding]:
    """What stands behind a header, an option of a command, or a word that names a secret."""
    lower = text.lower()
    if len(lower) != len(text):  # some letters have small forms of two
        lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    for pattern, beginnings in ((HEADER, HEADER_BEGINNINGS), (OPTIONS, OPTION_BEGINNINGS)):
        for place in _places(lower, beginnings):
            found = pattern.match(text, place)
            if found and not _STANDS_FOR.match(found["secret"]):
                yield _of(found)
    for place in _places(lower, PAIR_BEGINNINGS):
        found = PAIR.match(text, place)
        if found and _is_value(found["secret"], quoted=False, named=False):
            yield _of(found)
    for place in _places(lower, WORD_BEGINNINGS):
        before = BEFORE.search(text, max(0, place - 90), place)
        if before and _is_value(before["secret"], quoted=False, named=False):
            yield _of(before)
        for pattern in (NAMED, SAID):
            found = pattern.match(text, place)
            quoted = bool(found and found["quote"])
            if found and _is_value(found["secret"], quoted=quoted, named=pattern is NAMED):
                yield _of(found)


def _places(text: str, beginnings: Sequence[str]) -> Iterator[int]:
    for beginning in beginnings:
        place = text.find(beginning)
        while place >= 0:
            yield place
            place = text.find(beginning, place + 1)


def _is_value(value: str, *, quoted: bool, named: bool) -> bool:
    """Whether what a word announces may be a secret, and is no word that goes on a sentence.

    What is `named`, as in `password: …`, is one more readily than what is only said.
    """
    bare = _NEXT.sub("", value).rstrip(_END)
    if len(bare) < 5 or _STANDS_FOR.match(bare) or _CODE.fullmatch(bare):
        return False
    if _DIALLED.fullmatch(bare):
        return False
    if _GROUPED.fullmatch(bare):
        return named
    if re.search(r"\s", bare):
        return quoted and bits(bare) > 3 and any(map(str.isdigit, bare))
    if quoted and named and len(bare) > 7:
        return True
    if _PROSE.fullmatch(bare):
        is_number = bare.isdigit() and len(bare) > 5
        return named and (is_number or bare.count("-") > 1 or bool(_MIXED.search(bare)))
    has_letter, has_digit = any(map(str.isalpha, bare)), any(map(str.isdigit, bare))
    return (has_letter and has_digit) or bool(_SPECIAL.search(bare) or _MIXED.search(bare))


def _alone(text: str, start: int, end: int) -> Iterator[Finding]:
    """A long string that looks as if drawn by lot, and is none of those that are no secret."""
    for found in LONG.finditer(text, start, end):
        value = found.group()
        if _HEX.fullmatch(value) or _UUID.fullmatch(value) or not _is_mixed(value):
            continue
        before = text[max(0, found.start() - 80) : found.start()]
        if bits(value) >= _LEAST_ALONE and not _DULL_BEFORE.search(before):
            yield Finding(Kind.SECRET, found.start(), found.end())


def _is_mixed(value: str) -> bool:
    upper, lower = any(map(str.isupper, value)), any(map(str.islower, value))
    signs = sum(value.count(one) for one in "/-_")
    return upper and lower and sum(map(str.isdigit, value)) > 2 and signs <= 4


def bits(value: str) -> float:
    """Shannon's entropy of the characters of a value, in bits for one."""
    counts = [value.count(one) for one in set(value)]
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts)


def _of(found: re.Match[str]) -> Finding:
    start, end = found.span("secret")
    if not found.groupdict().get("quote"):
        end = start + len(_NEXT.sub("", found["secret"]).rstrip(_END)) or end
    return Finding(Kind.SECRET, start, max(end, start + 1))
