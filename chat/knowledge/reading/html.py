"""Reads a web page: its headings, paragraphs, lists, tables and code, without what is around them.

Keeps true: nothing of the page is run or fetched; what it does not show is not read. Imports
draft, refusals, text, words and safety.
"""

import re
from html.parser import HTMLParser
from typing import BinaryIO

from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.refusals import Refused
from chat.knowledge.reading.text import decoded
from chat.knowledge.words import word_set
from chat.safety.injection.markup import is_hiding
from chat.safety.injection.stripping import without_hidden_orders

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_NEVER = word_set("script style noscript template svg math iframe object select textarea")
_AROUND = word_set("nav footer aside form header")
_BLOCKS = word_set(
    """p div section article main ul ol dl dt dd blockquote figure figcaption address hr body
    details summary fieldset h1 h2 h3 h4 h5 h6 li pre table caption"""
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_VOID = word_set("br img input hr meta link area base col embed source track wbr")
_CLOSED_BY_NEXT = word_set("p li dt dd tr td th option")  # whose end may be left out
_LEFT_OUT = "Text that the page does not show was left out."
_MOST_CELLS = 200  # of one row


def read_html(file: BinaryIO, draft: Draft) -> None:
    """A web page in a file."""
    data = file.read()
    named = _CHARSET.search(data[:4096])
    text = decoded(data, named[1].decode("ascii") if named else "utf-8-sig")
    write_page(text, draft)
    if draft.is_empty:
        raise Refused(
            "no_text",
            "The page holds no text of its own: scripts fill it in a browser. "
            "Save it as PDF from the browser and add that.",
        )


def _is_hidden(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    """Whether an element is not shown; one that may have no end of its own hides nothing else."""
    if tag in _CLOSED_BY_NEXT and tag != "p":
        return False
    return is_hiding(" ".join(f'{name}="{value or ""}"' for name, value in attrs))


def write_page(html: str, draft: Draft, level: int = 0) -> None:
    """Write what a page says, headings `level` deeper; menus only if there is nothing else."""
    before, whole = draft.length, len(html)
    html = without_hidden_orders(html)
    if len(html) < whole:
        draft.note = _LEFT_OUT
    _Page(draft, _NEVER | _AROUND, level).feed_all(html)
    if draft.length == before:
        _Page(draft, _NEVER, level).feed_all(html)


class _Page(HTMLParser):
    """Writes a page into a draft while it is parsed."""

    def __init__(self, draft: Draft, skipped: frozenset[str], deeper: int) -> None:
        super().__init__(convert_charrefs=True)
        self._draft = draft
        self._skipped = skipped
        self._deeper = deeper
        self._skipping: list[str] = []
        self._words: list[str] = []
        self._heading = 0
        self._items: list[str] = []
        self._in_item = self._in_code = self._in_title = self._in_cell = False
        self._rows: list[list[str]] = []
        self._tables = 0

    def feed_all(self, html: str) -> None:
        self.feed(html)
        self.close()
        if self._tables:
            self._end_table()
        self._end_block()
        self._end_items()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping and self._skipping[-1] == "p" and tag in _BLOCKS:
            self._skipping.pop()  # a paragraph ends where the next block begins
        if tag in self._skipped or tag in self._skipping:
            self._skipping.append(tag)
        elif not self._skipping and tag not in _VOID and _is_hidden(tag, attrs):
            self._skipping.append(tag)
            self._draft.note = _LEFT_OUT
        elif self._skipping:
            return
        elif tag == "title":
            self._in_title = True
        elif tag == "br":
            self._words.append("\n")
        elif tag in {"tr", "td", "th"} or (tag in _BLOCKS and self._tables):
            self._start_in_table(tag)
        elif tag in _BLOCKS:
            self._start_block(tag)

    def _start_in_table(self, tag: str) -> None:
        self._words.append(" ")
        if tag == "table":
            self._tables += 1
        if self._tables > 1 or tag not in {"tr", "td", "th"}:
            return  # a paragraph or a table within a cell is read as words of the cell
        self._end_cell()
        if tag == "tr" or not self._rows:
            self._rows.append([])
        self._in_cell = tag in {"td", "th"}

    def _start_block(self, tag: str) -> None:
        self._end_block()
        self._heading = _HEADINGS.get(tag, 0)
        self._in_code = tag == "pre"
        if tag == "li":
            self._in_item = True
        elif tag not in {"ul", "ol"} and not self._in_item:
            self._end_items()
        if tag == "table":
            self._tables += 1

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag in self._skipping:
                last = len(self._skipping) - 1 - self._skipping[::-1].index(tag)
                del self._skipping[last:]
        elif tag == "title":
            self._in_title = False
        elif self._tables:
            self._end_in_table(tag)
        elif tag in _BLOCKS:
            self._end_block()
            if tag == "li":
                self._in_item = False
            elif tag in {"ul", "ol"}:
                self._in_item = False
                self._end_items()

    def _end_in_table(self, tag: str) -> None:
        if tag == "table":
            self._tables -= 1
            if self._tables == 0:
                self._end_table()
        elif tag in {"td", "th", "tr"} and self._tables == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._in_title and not self._skipping:
            self._draft.title = self._draft.title or line(data)
        elif not self._skipping:
            self._words.append(data if self._in_code else re.sub(r"\s+", " ", data))

    def _end_block(self) -> None:
        text = "".join(self._words)
        self._words.clear()
        if self._in_code:
            self._draft.code(text)
        elif self._heading:
            self._end_items()
            self._draft.heading(self._heading + self._deeper, text)
        elif self._in_item and text.strip():
            self._items.append(text)
        else:
            self._draft.paragraph(text)
        self._heading, self._in_code = 0, False

    def _end_items(self) -> None:
        self._draft.items(self._items)
        self._items.clear()

    def _end_cell(self) -> None:
        if self._in_cell and len(self._rows[-1]) < _MOST_CELLS:
            self._rows[-1].append(line("".join(self._words)))
        self._in_cell = False
        self._words.clear()

    def _end_table(self) -> None:
        self._end_cell()
        self._draft.table(self._rows)
        self._rows.clear()
        self._words.clear()
        self._tables = 0
