"""Reads Excel workbooks and CSV: a row becomes one line that names its columns.

`Department: Marketing; Budget: 12000` can be found and quoted by itself, which a row of a wide
table cannot. Keeps true: every line is marked with its sheet and its row. Imports draft, refusals
and openpyxl.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from chat.knowledge.reading.archive import Archive
from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.refusals import Refused, broken
from chat.knowledge.reading.text import decoded, tidy

MOST_COLUMNS = 200
MOST_ROWS = 200_000
_LABEL_LENGTH = 80
_NUMBER = re.compile(r"[-+(]?[\d.,%\s€$£]+\)?$")
Rows = Iterable[Sequence[str]]


def read_csv(file: BinaryIO, draft: Draft) -> None:
    """Comma-separated values (RFC 4180), or parted by semicolons or tabs."""
    text = tidy(decoded(file.read()))
    delimiter = _delimiter(text)
    csv.field_size_limit(1024 * 1024)
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
        write_rows(rows, draft, "")
    except csv.Error as error:
        raise broken(f"a row of it cannot be read ({error})") from error


def read_xlsx(file: BinaryIO, draft: Draft, progress: Callable[[int, int], None]) -> None:
    """An Excel workbook: the values that its formulas had when it was saved."""
    archive = Archive(file)
    for name in archive.names:  # openpyxl unpacks without a bound, so it is tried before
        archive.read(name)
    from openpyxl import load_workbook  # a quarter of a second that only a workbook should cost

    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    for number, sheet in enumerate(sheets, 1):
        rows = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
        write_rows(rows, draft, line(str(sheet.title)))
        progress(number, len(sheets))
    if draft.is_empty:
        raise Refused("empty", "Its sheets are empty. Add a workbook with values in it.")


def write_rows(rows: Rows, draft: Draft, sheet: str) -> None:
    """A line for each row that is not empty; the first one names the columns if it can."""
    labels: Sequence[str] | None = None
    begun = False
    for number, row in _numbered(rows):
        if not begun:
            begun = True
            if sheet:
                draft.heading(2, sheet)
            if _names_columns(row):
                labels = row
                draft.mark("row", number, sheet)
                held = "; ".join(cell for cell in row if cell)
                draft.paragraph(f"Columns: {held}")
                continue
        draft.mark("row", number, sheet)
        draft.row(_line(row, labels))
    if begun:
        draft.end()


def _numbered(rows: Rows) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Refused(
                "too_large", f"It has more than {MOST_ROWS:,} rows. Split it into smaller files."
            )
        cells = [line(cell) for cell in row[:MOST_COLUMNS]]
        if any(cells):
            yield number, cells


def _names_columns(row: Sequence[str]) -> bool:
    """Whether a row is one of names: at least two, all different, none of them a number."""
    names = [cell for cell in row if cell]
    return (
        len(names) > 1
        and len({name.casefold() for name in names}) == len(names)
        and not any(_NUMBER.match(name) or len(name) > _LABEL_LENGTH for name in names)
    )


def _line(row: Sequence[str], labels: Sequence[str] | None) -> str:
    if labels is None:
        return "; ".join(cell for cell in row if cell)
    named = zip(row, [*labels, *[""] * (len(row) - len(labels))], strict=False)
    return "; ".join(f"{label}: {cell}" if label else cell for cell, label in named if cell)


def _delimiter(text: str) -> str:
    """What parts the cells: the one of `,` `;` and tab that the first line has most often."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _cell(value: Any) -> str:
    """A value as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        whole = value.time() == time()
        return value.date().isoformat() if whole else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
