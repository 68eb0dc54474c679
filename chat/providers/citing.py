"""What the markers of a model's answer name: the passages it was given, or pages that it found.

Keeps true: a quote of a passage is a literal part of it; an address is one that a browser may open.
May import the plain ground.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from chat.values import Passage, Source

_QUOTE = 300  # characters
_TITLE = 200
_PAGES = 50
# A full stop after a word, not an abbreviation, with what may begin a sentence behind it. Rougher
# than `knowledge/sentences.py` and far faster: up to fifty passages are quoted for one question.
_END = re.compile(r"""(?<=[^\W_]{3})[.!?…]["'”’)\]]*(?=\s+["'“(\[*`]*[^\W_a-z])|[。！？]""")


class Page(NamedTuple):
    """A page of the web that a provider has found; it may know no more than its address."""

    url: str
    title: str = ""
    snippet: str = ""


def cite_passages(passages: Sequence[Passage]) -> list[Source]:
    """A source for each passage; its score is relative to the best one's."""
    best = max((passage.score for passage in passages), default=0.0)
    return [
        Source(
            n,
            passage.document_id,
            passage.title,
            passage.id,
            quote_of(passage.text),
            round(max(passage.score, 0.0) / best, 4) if best > 0 else 0.0,
            place=passage.place,
        )
        for n, passage in enumerate(passages, 1)
    ]


def cite_pages(pages: Iterable[Page]) -> list[Source]:
    """Sources with addresses, numbered as the provider numbers them."""
    sources = []
    for n, page in enumerate(list(pages)[:_PAGES], 1):
        if (place := _place(page.url)) is not None:
            title = " ".join(page.title.split())[:_TITLE] or place
            sources.append(Source(n, "", title, "", quote_of(page.snippet), 0.0, page.url))
    return sources


def quote_of(text: str) -> str:
    """The beginning of `text`, ended with a sentence where there is one, else with a word."""
    start = len(text) - len(text.lstrip())
    part = text[start : start + _QUOTE]
    if len(text.rstrip()) <= start + _QUOTE:
        return part.rstrip()
    ends = [end.end() for end in _END.finditer(text, start, start + _QUOTE + 2)]
    kept = [end for end in ends if end <= start + _QUOTE]
    if kept:
        return text[start : kept[-1]]
    return part[: part.rindex(" ")].rstrip() if " " in part else part


def _place(url: str) -> str | None:
    """The host of an address that a page may link to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None
