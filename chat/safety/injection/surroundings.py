"""What stands around a sign: quoted, shown as code, or in a text that speaks about injections.

A text about the matter quotes what attackers write; one that is meant for the model says it. Pure.
Imports tables.
"""

import re
from collections.abc import Iterator, Sequence

from chat.safety.injection.tables import word_pattern

Span = tuple[int, int]
_QUOTED = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{2,}`|\"[^\"\n]{2,400}\"|(?<!\w)'[^'\n]{4,400}'(?!\w)|「[^」\n]{1,400}」|『[^』\n]{1,400}』"
    r"|<(?:code|pre|q|blockquote)\b[^<>]{0,200}>.{0,4000}?</(?:code|pre|q|blockquote)>"
    r"|^(?: {4}|\t|> ?)[^\n]+$",
    re.DOTALL | re.MULTILINE,
)


def quoted_spans(folded: str) -> Sequence[Span]:
    """The parts of a folded text that are quoted or shown as code."""
    return [found.span() for found in _QUOTED.finditer(folded)]


def is_within(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def speaks_about(folded: str) -> Iterator[tuple[str, float]]:
    """How far a folded text speaks about injections: signs with values from 0 to 1."""
    about = {found[0] for found in word_pattern("about").finditer(folded)}
    yield "about", min(len(about), 4) / 4
    strictly = {found[0] for found in word_pattern("about").finditer(folded)}
    yield "strictly_about", min(len(strictly), 2) / 2
    yield "asks", float(folded.rstrip().endswith(("?", "？", "؟")))
