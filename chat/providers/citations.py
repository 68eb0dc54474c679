"""The markers of a sentence, `[1]`, `[2, 4]` or `【3†source】`: where they stand, what they name.

Keeps true: code and links are no markers. Imports nothing of Parley.
"""

import re
from collections.abc import Sequence

_LIST = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,4}"
_MARKER = rf"(?:\[{_LIST}\](?![(:])|【{_LIST}(?:†[^】\n]{{0,12}})?】)"
_MARKERS = re.compile(f"({_MARKER})")
_NUMBERS = re.compile(r"(\d{1,3})(?:\s?[–-]\s?(\d{1,3}))?")
_CODE = re.compile(r"`[^`\n]*`")
# Markers after the stop; a row of stops is looked at once, from its beginning.
_LATE = re.compile(rf"([.!?…](?<![.!?…]{{2}})[.!?…]*+[\"'”’)»*_]*+)((?:[ \t]?{_MARKER})+)")
_OPEN = re.compile(r"[ \t]*(?:\[(?:\d[\d\s,;–-]*)?|【[^】\n]*)\Z")  # may become a marker


def split_markers(sentence: str) -> tuple[str, Sequence[int]]:
    """The sentence's own words, and the numbers that its markers name, each once."""
    if not may_mark(sentence):
        return sentence, ()
    parts = _MARKERS.split(sentence)
    if len(parts) > 1 and "`" in sentence:
        return " ".join(parts[::2]), _numbers(_MARKERS.findall(_CODE.sub(" ", sentence)))
    return " ".join(parts[::2]), _numbers(parts[1::2])


def _numbers(markers: Sequence[str]) -> Sequence[int]:
    found: dict[int, None] = {}
    for marker in markers:
        if (number := marker[1:-1]).isdigit():  # as of most
            found[int(number)] = None
            continue
        for first, last in _NUMBERS.findall(marker.partition("†")[0]):
            start, stop = int(first), int(last or first)
            found.update(dict.fromkeys(range(start, min(stop, start + 20) + 1)))
    return list(found)


def has_late_markers(text: str) -> bool:
    """Whether markers come after a full stop."""
    return may_mark(text) and _LATE.search(text) is not None


def with_early_markers(text: str) -> str:
    """The text with each late marker moved before its full stop; as long as it was."""
    return _LATE.sub(r"\2\1", text) if may_mark(text) else text


def without_open_marker(text: str) -> tuple[str, bool]:
    """The text before what may become a marker at its end, and whether there is such a thing."""
    found = _OPEN.search(text) if may_mark(text) else None
    return (text, False) if found is None else (text[: found.start()], True)


def may_mark(text: str) -> bool:
    """Whether it can hold a marker: most text cannot, and is spared the searching."""
    return "[" in text or "【" in text
