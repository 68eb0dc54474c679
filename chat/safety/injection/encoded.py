"""Texts that are written so that a reader does not see what they say: decoded, to be looked at.

Base64, base32, hex, percent signs, escapes, entities, bits, rot13, letters backwards or one by one,
digits for letters. Keeps true: what is decoded is bounded, and read as text only where it is one;
never raises. Pure. Imports nothing of Parley.
"""

import base64
import binascii
import codecs
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

_LONGEST = 8_000  # characters that are decoded at once
_MOST = 12  # pieces of one text
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_=-])(?:[A-Za-z0-9+/_-]{40,}\r?\n)*[A-Za-z0-9+/_-]{20,}={0,2}(?![A-Za-z0-9+/_-])"
)
_IN_ADDRESS = re.compile(
    r"https?://[^\s\"'<>)]{0,300}?[?&/#][\w-]{0,24}=?([A-Za-z0-9+/_-]{24,}={0,2})(?![A-Za-z0-9+/_-])"
)
_BASE32 = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{24,}={0,6}(?![A-Za-z0-9])")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s:,;-]?){12,}(?![0-9a-fA-F])")
_PERCENT = re.compile(r"(?:[\w.~-]{0,12}%[0-9a-fA-F]{2}){4,}[\w.~%-]*")
_ESCAPES = re.compile(r"(?:\\u\{?[0-9a-fA-F]{4}\}?|\\x[0-9a-fA-F]{2}|\\[0-7]{3}){6,}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};\s?){6,}")
_BINARY = re.compile(r"(?<!\d)(?:[01]{8}\s?){6,}(?!\d)")
_DECIMAL = re.compile(r"(?<!\d)(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[\s,]+){12,}\d{2,3}(?!\d)")
_ROT13 = ("vtaber", "sbetrg", "qvfertneq", "bireevqr", "vafgehpgvba", "cerivbhf", "flfgrz",
          "cebzcg", "erirny", "nffvfgnag", "cnffjbeq", "nyjnlf", "vafgrnq", "erfcbaq")  # fmt: skip
_BACKWARDS = ("erongi", "tegrof", "drager", "edirrevo", "noitcurtsni", "suoiverp", "metsys",
              "tpmorp", "laever", "tnatsissa", "drowssap", "syawla", "daetsni")  # fmt: skip
_SPELLED = re.compile(r"(?<!\w)(?:\w(?:[ \t]{1,3}|[.\-_*|/~])){7,}\w(?!\w)")
_JOINED = re.compile(r"[.\-_*|/~]")
_DIGITS = re.compile(r"\b(?=\w*[a-z@$])(?=\w*[013457@$])[a-z013457@$]{4,}\b", re.IGNORECASE)
_DIGIT_WITHIN = re.compile(r"[a-z][013457@$]|[013457@$][a-z]")
_PLAIN = str.maketrans("013457@$", "oieastas")
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a part of a text says, and how that was written."""

    says: str
    start: int
    end: int
    how: str

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole text, turned, of which parts may say something in clear."""
        return self.how in ("rot13", "backwards", "digits")


def find_encoded(text: str) -> Iterator[Decoded]:
    """The parts of a text that say something else than they show."""
    for count, found in enumerate(_all(text)):
        if count >= _MOST:
            return
        yield found


def find_carried(text: str) -> Iterator[Decoded]:
    """Texts that an address has within it, encoded."""
    for found in _IN_ADDRESS.finditer(text):
        says = _from_base64(found[1]) or (_from_hex(found[1]) if _HEX.fullmatch(found[1]) else "")
        if reads_as_text(says):
            yield Decoded(says, *found.span(), "address")


def reads_as_text(decoded: str) -> bool:
    """Whether it has words, and hardly anything else than letters and signs of writing."""
    if len(decoded) < 8:
        return False
    odd = sum(
        not (one.isalnum() or one.isspace() or one in ".,;:!?'\"()-/_<>{}[]=&#@|*`+%$\\")
        for one in decoded
    )
    words = _WORDS.findall(decoded)
    return (
        odd <= len(decoded) * 0.05
        and len(words) >= 2
        and sum(map(len, words)) >= len(decoded) * 0.5
    )


def _all(text: str) -> Iterator[Decoded]:
    yield from _in(text, _BASE64, "base64", _from_base64)
    yield from _in(text, _BASE32, "base32", _from_base32)
    yield from _in(text, _HEX, "hex", _from_hex)
    if "%" in text:
        yield from _in(text, _PERCENT, "percent", unquote)
    if "\\" in text:
        yield from _in(text, _ESCAPES, "escapes", _from_escapes)
    if "&#" in text:
        yield from _in(
            text, _ENTITIES, "entities", lambda part: html.unescape(part.replace(" &#", "&#"))
        )
    yield from _in(text, _BINARY, "binary", _from_binary)
    yield from _in(text, _DECIMAL, "decimal", _from_decimal)
    yield from _whole(text)


def _whole(text: str) -> Iterator[Decoded]:
    """Texts that are turned as a whole, told by the words that they would hold."""
    part = text[:_LONGEST]
    end = len(part)
    if _holds_two(part, _ROT13):
        yield Decoded(codecs.encode(part, "rot13"), 0, end, "rot13")
    if _holds_two(part, _BACKWARDS):
        yield Decoded("\n".join(line[::-1] for line in part.split("\n")), 0, end, "backwards")
    for found in _SPELLED.finditer(part):
        is_joined = len(_JOINED.findall(found[0])) > len(found[0]) / 4  # then a space ends a word
        says = re.sub(r"[ \t]+" if is_joined else r"[ \t]{2,}", "\0", found[0])
        yield Decoded(
            re.sub(r"[ \t.\-_*|/~]", "", says).replace("\0", " "), *found.span(), "spelled"
        )
    if len(_DIGIT_WITHIN.findall(part)) < 3:
        return
    if len([one for one in _DIGITS.findall(part) if not one.isdigit()]) >= 2:
        plain = _DIGITS.sub(lambda word: word[0].translate(_PLAIN), part)
        if plain != part:
            yield Decoded(plain, 0, end, "digits")


def _holds_two(text: str, words: Sequence[str]) -> bool:
    lowered = text.lower()
    return sum(word in lowered for word in words) >= 2


def _in(
    text: str, pattern: re.Pattern[str], how: str, decode: Callable[[str], str]
) -> Iterator[Decoded]:
    for found in pattern.finditer(text):
        says = decode(found[0][:_LONGEST])
        if reads_as_text(says):
            yield Decoded(says, *found.span(), how)


def _from_base64(part: str) -> str:
    tight = re.sub(r"\s", "", part).rstrip("=").replace("-", "+").replace("_", "/")
    tight = tight[: len(tight) - (len(tight) % 4 == 1)]
    try:
        return base64.b64decode(tight + "=" * (-len(tight) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _from_base32(part: str) -> str:
    tight = part.rstrip("=")
    try:
        return base64.b32decode(tight + "=" * (-len(tight) % 8)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _from_hex(part: str) -> str:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", part)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return ""


def _from_escapes(part: str) -> str:
    codes = re.findall(r"\\u\{?([0-9a-fA-F]{4})\}?|\\x([0-9a-fA-F]{2})|\\([0-7]{3})", part)
    values = (int(u or x, 16) if u or x else int(octal, 8) for u, x, octal in codes)
    return "".join(map(chr, values)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _from_binary(part: str) -> str:
    bits = re.sub(r"\s", "", part)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)).decode(
        "utf-8", "replace"
    )


def _from_decimal(part: str) -> str:
    return "".join(chr(int(code)) for code in re.findall(r"\d+", part))
