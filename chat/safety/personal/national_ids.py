"""Numbers that a state gives to a person: by their form, their checksum, and the words beside them.

A form that nothing else has, with a checksum, is enough; where a checksum is weak or the form is
common, words have to say what it is. The checks are python-stdnum's, and those of `own_checks`.
Imports the findings, the words, and the table of forms.
"""

import re
import string
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from chat.safety.personal import own_checks
from chat.safety.personal.context import is_measured
from chat.safety.personal.finding import Finding, Kind
from chat.safety.personal.id_evidence import Beside
from chat.safety.personal.id_forms import FORMS, Form
from chat.safety.personal.words import UNSPACED_SIGNS

# A number begins with a digit or a capital: most words are left alone.
_BEGIN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{0,6}\d|[A-Z]{1,6}(?![a-z])|[a-z]{1,6}\d)[A-Za-z0-9]*"
)
_UNSPACED = re.compile(f"[{UNSPACED_SIGNS}]")
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
_MASK = re.compile(r"\D*(\d)(?:\D{0,3}\1){6,}\D*")  # `000-00-0000`
# Of these only words tell; one that stands beside another may be anything.
_WITHOUT_CHECKSUM = {
    *("us.ssn", "us.itin", "own:ssn", "own:atin", "own:nino_said", "own:ausweis", "in_.epic"),
    *("own:nir_without_key", "own:cpr", "own:dni_ar"),
}
_SEPARATORS = frozenset(" -./+\u00a0\u202f–‑()")
_GLUE = frozenset("_@$€£.-+/#")  # between letters or digits, of which a number is no part
_LONGEST = 32  # characters of a number
_BESIDE = 300  # characters between numbers of one list


class _Known(NamedTuple):
    """The forms by their shape, and what shapes begin with, up to the end of a piece."""

    forms: dict[str, list[Form]]
    beginnings: set[str]


class _Found(NamedTuple):
    """Where a number stands, and what form it has."""

    start: int
    end: int
    form: Form


def find_national_ids(text: str) -> Iterator[Finding]:
    """Every number of a person."""
    found: list[_Found] = []
    unsaid: list[tuple[int, int]] = []
    for piece in _BEGIN.finditer(text):
        start = piece.start()
        if (found and start < found[-1].end) or not _opens(text, start):
            continue
        for end in _ends(text, start):
            forms = _known().forms.get(text[start:end].translate(_SHAPE))
            if not forms or not _closes(text, end):
                continue
            if form := _form(text, start, end, forms):
                found.append(_Found(start, end, form))
                break
            unsaid.append((start, end))
    for one in (*found, *_like(text, found, unsaid)):
        yield Finding(Kind.NATIONAL_ID, one.start, one.end)


def _like(
    text: str, found: Sequence[_Found], unsaid: Sequence[tuple[int, int]]
) -> Iterator[_Found]:
    """Those that stand in one list with one that is said to be such a number."""
    said = [one for one in found if one.form.needs == "said" and _has_checksum(one.form)]
    behind = 0
    for start, end in unsaid if said else ():
        if start < behind or _overlaps(start, end, found):
            continue
        first, last = (bisect_left(said, start + far, key=_start) for far in (-_BESIDE, _BESIDE))
        shape, written = text[start:end].translate(_SHAPE), text[start:end]
        forms = (form for form in {one.form for one in said[first:last]} if shape in form.shapes)
        form = next((one for one in forms if _holds(one, written)), None)
        if form and Beside(text, start, end).is_plain():
            behind = end
            insort(said, one := _Found(start, end, form), key=_start)
            yield one


def _start(one: _Found) -> int:
    return one.start


def _overlaps(start: int, end: int, found: Sequence[_Found]) -> bool:
    """Whether one of those found, of which none overlap, stands there."""
    place = bisect_left(found, end, key=_start)
    return place > 0 and found[place - 1].end > start


def _has_checksum(form: Form) -> bool:
    return form.check not in _WITHOUT_CHECKSUM


def _opens(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    is_glued = start > 1 and before in _GLUE and text[start - 2].isdigit()
    return not before or not (_is_of_a_word(before) or is_glued or before == "+")


def _closes(text: str, end: int) -> bool:
    after = text[end : end + 2]
    is_glued = after[:1] in (".", "-", "/", ":") and after[1:].isdigit()
    is_glued = is_glued or (after[:1] == "-" and after[1:].isalpha())
    return not after or not (_is_of_a_word(after[0]) or after[0] == "@" or is_glued)


def _is_of_a_word(sign: str) -> bool:
    """Whether it would be of the number's word: some scripts set no spaces."""
    return sign.isalnum() and not _UNSPACED.match(sign)


def _ends(text: str, start: int) -> list[int]:
    """Where a number that begins here may end, the longest first."""
    shape = text[start : start + _LONGEST].translate(_SHAPE)
    ends, former = [], 0
    for piece in _PIECE.finditer(shape):
        gap = shape[former : piece.start()]
        if len(gap) > 3 or not _SEPARATORS.issuperset(gap):
            break
        if shape[: piece.end()] not in _known().beginnings:
            break
        former = piece.end()
        closes = shape[former : former + 1] == ")" and "(" in shape[:former]
        ends.append(start + former + closes)
    return ends[::-1]


def _form(text: str, start: int, end: int, forms: Sequence[Form]) -> Form | None:
    """The form that it has, where it holds and has beside it what it needs."""
    beside, written = Beside(text, start, end), text[start:end]
    if _MASK.fullmatch(written):
        return None
    for form in forms:
        if form.needs != "said":
            if _holds(form, written) and beside.has(form):
                return form
        elif (persons := beside.persons) and form.country in persons:
            is_weak = form.check in _WITHOUT_CHECKSUM
            may_be = not is_weak or not (beside.is_other or is_measured(text, end))
            if may_be and _holds(form, written):
                return form
    return None


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
