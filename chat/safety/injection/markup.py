"""What markup hides: comments, elements that are not shown, alternative texts and titles.

Pure. Imports tables.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.safety.injection.tables import word_pattern

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_MARKDOWN_COMMENT = re.compile(
    r"^[^\S\n]*\[(?://|comment|_|hidden|#|\w{1,12})\]:\s*(?:#|<>|\S+)\s+[\"'(](.+?)[\"')]\s*$",
    re.MULTILINE,
)
_OPEN = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", re.IGNORECASE)
_NEVER_SHOWN = frozenset(["template", "noscript"])
_ATTRIBUTE = re.compile(
    r"\b(alt|title|aria-label|aria-description|content|data-[\w-]{1,40}|value|placeholder|summary|label|longdesc)\s*=\s*(?:\"([^\"]{8,})\"|'([^']{8,})')",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"!\[([^\]]{12,2000})\]\(|\]\(\s*\S{1,500}\s+[\"'(]([^\"')]{12,2000})[\"')]\s*\)"
)
_TEX = re.compile(
    r"\\(?:textcolor|color)\{white\}\{?([^}]{8,})|\\(?:phantom|hphantom)\{([^}]{8,})\}|\\fontsize\{0[^}]{0,200}\}[^}]{0,200}\}\s*([^\\]{8,})"
)
_LONGEST = 20_000  # characters of what one element hides
_VOID = frozenset(
    [
        "br",
        "img",
        "input",
        "hr",
        "meta",
        "link",
        "area",
        "base",
        "col",
        "embed",
        "source",
        "track",
        "wbr",
    ]
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A text that is not shown, where it stands, and how: `style` is never there for a reader."""

    says: str
    start: int
    end: int
    how: str  # comment, style, attribute, aside


def find_hidden(text: str) -> Iterator[Hidden]:
    """What the markup of a text does not show."""
    if "<" in text:
        for found in _COMMENT.finditer(text):
            yield Hidden(found[1], *found.span(), "comment")
        yield from _elements(text)
        for found in _ATTRIBUTE.finditer(text):
            yield Hidden(html.unescape(found[2] or found[3]), *found.span(), "attribute")
    if "](" in text:
        for found in _PICTURE.finditer(text):
            yield Hidden(found[1] or found[2], *found.span(), "attribute")
    if "]:" in text:
        for found in _MARKDOWN_COMMENT.finditer(text):
            yield Hidden(found[1], *found.span(), "comment")
    if "\\" in text:
        for found in _TEX.finditer(text):
            yield Hidden(found[1] or found[2] or found[3], *found.span(), "style")


def is_hiding(attributes: str) -> bool:
    """Whether an element with these attributes is never seen."""
    return "style" in attributes.lower() and word_pattern("unshown").search(attributes) is not None


def _may_hide(tag: str, attributes: str) -> bool:
    """Whether one may not be seen, as far as it says itself."""
    return (
        tag in _NEVER_SHOWN
        or word_pattern("unshown_attribute").search(attributes) is not None
        or is_hiding(attributes)
        or ("style" in attributes.lower() and word_pattern("faint").search(attributes) is not None)
    )


def _elements(text: str) -> Iterator[Hidden]:
    """The words of elements that are not shown; the outermost tells for those in it."""
    after = 0
    for opened in _OPEN.finditer(text):
        tag = opened[1].lower()
        if opened.start() < after or tag in _VOID:
            continue
        how = "style" if _may_hide(tag, opened[2]) else "aside"
        if how == "aside" and not word_pattern("aside_attribute").search(opened[2]):
            continue
        limit = opened.end() + _LONGEST
        closed = re.compile(rf"</{tag}\s*>", re.IGNORECASE).search(text, opened.end(), limit)
        after = closed.start() if closed else min(len(text), limit)
        inner = re.sub(r"<[^<>]*>", " ", text[opened.end() : after])
        if inner.strip():
            yield Hidden(html.unescape(inner), opened.start(), after, how)
