"""Reads OpenDocument workbooks: a row becomes one line that names its columns, as of Excel's.

Keeps true: a count that a cell or a row is repeated by costs no more than what is written of it.
Imports archive, draft, office, tables and refusals.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chat.knowledge.reading.archive import attribute, children, inside, local
from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.office import meta_title, open_document, words_of
from chat.knowledge.reading.refusals import Refused, broken
from chat.knowledge.reading.tables import MOST_COLUMNS, MOST_ROWS, write_rows

_MOST_COPIES = 100  # of a row with something in it
_GROUPS = frozenset(["table-row-group", "table-header-rows", "table-rows"])
_CELLS = frozenset(["table-cell", "covered-table-cell"])


def read_ods(file: BinaryIO, draft: Draft, progress: Callable[[int, int], None]) -> None:
    """An OpenDocument workbook (ODF 1.3): its cells as they were shown when it was saved."""
    archive = open_document(file)
    book = next(inside(archive.xml("content.xml"), "spreadsheet"), None)
    if book is None:
        raise broken("it has no tables")
    draft.title = meta_title(archive)
    sheets = list(children(book, "table"))
    for number, sheet in enumerate(sheets, 1):
        write_rows(_rows(sheet), draft, line(attribute(sheet, "name")))
        progress(number, len(sheets))
    if draft.is_empty:
        raise Refused("empty", "Its tables are empty. Add a workbook with values in it.")


def _rows(sheet: Element) -> Iterator[Sequence[str]]:
    """Every row up to the last one that is not empty, so that each has its own number."""
    empty = 0
    for row in _each_row(sheet):
        cells, count = _row(row), _count(row, "number-rows-repeated")
        if not any(cells):
            empty = min(empty + count, MOST_ROWS + 1)
            continue
        yield from repeat((), empty)
        empty = 0
        yield from repeat(cells, min(count, _MOST_COPIES))


def _each_row(parent: Element) -> Iterator[Element]:
    for child in parent:
        if local(child) == "table-row":
            yield child
        elif local(child) in _GROUPS:
            yield from _each_row(child)


def _row(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if local(cell) in _CELLS and len(cells) < MOST_COLUMNS:
            text = line(" ".join(words_of(part) for part in children(cell, "p")))
            count = _count(cell, "number-columns-repeated")
            cells += [text] * min(count, MOST_COLUMNS - len(cells))
    return cells


def _count(element: Element, name: str) -> int:
    text = attribute(element, name)
    return int(text) if text.isdigit() and len(text) < 8 else 1
