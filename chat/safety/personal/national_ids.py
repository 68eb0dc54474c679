"""Numbers that a state gives to a person: by their form, their checksum, and the words beside them.

A form that nothing else has, with a checksum, is enough; where a checksum is weak or the form is
common, words have to say what it is. The checks are python-stdnum's, and those of `own_checks`.
Imports the findings, the words, and the table of forms.
"""

import re
import string
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from chat.safety.personal import own_checks
from chat.safety.personal.context import cue, is_in_row, tags_around
from chat.safety.personal.finding import Finding, Kind
from chat.safety.personal.id_forms import FORMS, Form

# A number begins with a digit or a capital: most words are left alone.
_BEGIN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{0,6}\d|[A-Z]{1,6}(?![a-z])|[a-z]{1,6}\d)[A-Za-z0-9]*"
)
_PIECE = re.compile(r"[A-Za-z0-9]+")
_REST = re.compile(r"[^0-9A-Za-z]")
_SHAPE = str.maketrans(
    {
        **dict.fromkeys(string.digits, "9"),
        **dict.fromkeys(string.ascii_letters, "A"),
        **dict.fromkeys("\u00a0\u202f", " "),
        **dict.fromkeys("–‑", "-"),
    }
)
_SEPARATORS = frozenset(" -./+\u00a0\u202f–‑()")
_GLUE = frozenset("_@$€£.-+/#")  # between letters or digits, of which a number is no part
_LONGEST = 32  # characters of a number
_NEAR = 2  # words in which a word that says something else counts


class _Known(NamedTuple):
    """The forms by their shape, and what shapes begin with, up to the end of a piece."""

    forms: dict[str, list[Form]]
    beginnings: set[str]


def find_national_ids(text: str) -> Iterator[Finding]:
    """Every number of a person."""
    end = 0
    for piece in _BEGIN.finditer(text):
        start = piece.start()
        if start < end or not _opens(text, start):
            continue
        for last in _ends(text, start):
            forms = _known().forms.get(text[start:last].translate(_SHAPE))
            if forms and _closes(text, last) and _is_id(text, start, last, forms):
                yield Finding(Kind.NATIONAL_ID, start, last)
                end = last
                break


def _opens(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    is_glued = start > 1 and before in _GLUE and text[start - 2].isdigit()
    return not before or not (before.isalnum() or is_glued)


def _closes(text: str, end: int) -> bool:
    after = text[end : end + 2]
    is_glued = after[:1] in (".", "-", "/", ":") and after[1:].isdigit()
    return not after or not (after[0].isalnum() or after[0] == "@" or is_glued)


def _ends(text: str, start: int) -> list[int]:
    """Where a number that begins here may end, the longest first."""
    shape = text[start : start + _LONGEST].translate(_SHAPE)
    ends, former = [], 0
    for piece in _PIECE.finditer(shape):
        gap = shape[former : piece.start()]
        if len(gap) > 2 or not _SEPARATORS.issuperset(gap):
            break
        if shape[: piece.end()] not in _known().beginnings:
            break
        former = piece.end()
        closes = shape[former : former + 1] == ")" and "(" in shape[:former]
        ends.append(start + former + closes)
    return ends[::-1]


def _is_id(text: str, start: int, end: int, forms: Sequence[Form]) -> bool:
    said: frozenset[str] | None = None
    for form in forms:
        if form.needs == "said":
            said = tags_around(text, start, end) if said is None else said
            if said.isdisjoint(("id", f"id:{form.country}")):
                continue
        elif form.needs == "plain" and (is_in_row(text, start, end) or _is_other(text, start, end)):
            continue
        if _holds(form, text[start:end]):
            return True
    return False


def _is_other(text: str, start: int, end: int) -> bool:
    return cue(text, start, end).denies("other", "phone", "card", "iban", within=_NEAR)


def _holds(form: Form, written: str) -> bool:
    if form.check.startswith("own:"):
        return bool(getattr(own_checks, form.check[4:])(written))
    is_valid = _module(form.check).is_valid
    try:
        return bool(is_valid(written) or is_valid(_REST.sub("", written)))
    except (LookupError, ValueError):  # a place that its tables do not have
        return False


@lru_cache(maxsize=128)
def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")  # loaded where there is something to check


@lru_cache(maxsize=1)
def _known() -> _Known:
    known = _Known({}, set())
    for form in FORMS:
        for shape in form.shapes:
            known.forms.setdefault(shape, []).append(form)
            known.beginnings.update(shape[: piece.end()] for piece in _PIECE.finditer(shape))
    return known
