"""What the Why panel shows of an answer, whoever wrote it: its quotes and its signals.

Keeps true: what a provider stored never breaks a page; a signal of another form is left out.
Imports nothing of Parley.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

_AROUND = 140  # characters before and after a quote
# A line break that only keeps a text narrow: after a full line, and nothing begins on the next.
_WRAPPED = re.compile(r"(?<=[^\n]{50})[ \t]*\n[ \t]*(?=[^\s\-*+>|#`~])(?!\d{1,9}[.)]\s)")
_FENCED = re.compile(r"\s*(`{3,}|~{3,})[^\n]*\n(.*?)\n?\s*\1\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal; `share` is its value where that is from 0 to 1, `weight` what it counted."""

    name: str
    value: float
    share: float | None
    weight: float | None

    @property
    def number(self) -> str:
        """The value as it is written: `12`, `3.9`."""
        return f"{self.value:.0f}" if self.value == round(self.value) else f"{self.value:.2f}"


def signals(analysis: Mapping[str, Any] | None) -> list[Signal]:
    """The signals in an answer's `analysis`: `[{name, value, weight?}]`, or name to value."""
    return list(_signals((analysis or {}).get("signals")))


def quote(text: str, passage: str | None = None) -> Markup:
    """A quote as HTML, marked; with what stands around it where the `passage` holds it.

    One that is a fenced code block is shown as code, without its fence.
    """
    fenced = _FENCED.fullmatch(text)
    if fenced is not None:
        code = Markup('<code class="source__code" data-slot="quote">{}</code>')
        return code.format(fenced[2])
    parts = surroundings(text, passage or "")
    before, marked, after = (_WRAPPED.sub(" ", part) for part in (parts[0], text, parts[1]))
    return Markup('{}<mark data-slot="quote">{}</mark>{}').format(before, marked, after)


def surroundings(text: str, passage: str) -> tuple[str, str]:
    """What stands before and after the quote in its paragraph, cut between words."""
    start = passage.find(text) if text else -1
    if start < 0:
        return "", ""
    before = passage[:start].rpartition("\n\n")[2]
    after = passage[start + len(text) :].partition("\n\n")[0]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    return before.lstrip(), after.rstrip()


def place(source: Mapping[str, Any]) -> str:
    """The host of a source on the web; empty for one without an address that may be opened."""
    try:
        parts = urlsplit(str(source.get("url") or ""))
        return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _signals(held: object) -> Iterator[Signal]:
    if isinstance(held, Mapping):
        held = [{"name": name, "value": value} for name, value in held.items()]
    for one in held if isinstance(held, list) else []:
        if not isinstance(one, Mapping):
            continue
        name, value = one.get("name"), _number(one.get("value"))
        if not isinstance(name, str) or value is None:
            continue
        words = name.replace("_", " ")
        share = value if 0 <= value <= 1 else None
        yield Signal(words[:1].upper() + words[1:], value, share, _number(one.get("weight")))


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]
