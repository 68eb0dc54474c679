"""The text that a reader writes of a file: Markdown, with marks that say where its parts are from.

Keeps true: what the file says cannot be taken for Markdown's own structure at the start of a line;
the text never grows beyond its bound. Imports places and refusals.
"""

import re
from collections.abc import Sequence

from chat.knowledge.reading.places import Mark, Unit
from chat.knowledge.reading.refusals import Refused

MOST_TEXT = 10 * 1024 * 1024  # characters of one document
_STRUCTURE = re.compile(r"#{1,6}(?:\s|$)|[>|]|`{3}|~{3}|=+$|[-*_](?:\s*[-*_])*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


class Draft:
    """A document that is being read."""

    def __init__(self) -> None:
        self.title = ""
        self.note = ""  # what was left out of it, for who adds it
        self.marks: list[Mark] = []
        self._parts: list[str] = []
        self.length = 0  # of the text, in characters

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def is_empty(self) -> bool:
        return self.length == 0

    def mark(self, unit: Unit, number: int, part: str = "") -> None:
        """What is written from here on is of this page, slide or row."""
        self.marks.append(Mark(self.length, unit, number, part))

    def heading(self, level: int, label: str) -> None:
        label = line(label)[:300]
        if label:
            self._write(f"{'#' * min(max(level, 1), 6)} {label}\n\n")

    def paragraph(self, text: str) -> None:
        lines = [escaped(row) for row in map(line, text.split("\n")) if row]
        if lines:
            self._write("\n".join(lines) + "\n\n")

    def items(self, texts: Sequence[str]) -> None:
        """A list, an item for each text; `row` writes one that has a mark of its own."""
        rows = [f"- {row}\n" for row in map(line, texts) if row]
        if rows:
            self._write("".join(rows) + "\n")

    def row(self, text: str) -> None:
        """One item of a list that goes on; `end` ends the list."""
        self._write(f"- {line(text)}\n")

    def end(self) -> None:
        self._write("\n")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table whose first row names its columns."""
        cells = [[line(cell).replace("|", "\\|") for cell in row] for row in rows]
        cells = [row for row in cells if any(row)]
        width = max(map(len, cells), default=0)
        if width == 1:
            self.items([row[0] for row in cells])
        elif cells:
            lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |\n" for row in cells]
            rule = f"|{' --- |' * width}\n"
            self._write("".join([lines[0], rule, *lines[1:], "\n"]))

    def code(self, text: str) -> None:
        text = clean(text).strip("\n")
        if text.strip():
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            self._write(f"{fence}\n{text}\n{fence}\n\n")

    def raw(self, text: str) -> None:
        """Text that is written as it is: the file's own Markdown, or code."""
        self._write(clean(text))

    def _write(self, text: str) -> None:
        self.length += len(text)
        if self.length > MOST_TEXT:
            raise Refused(
                "too_large",
                f"It holds more than {MOST_TEXT // 1024 // 1024} million characters of text. "
                "Split it into smaller documents.",
            )
        self._parts.append(text)


def clean(text: str) -> str:
    """Text without what no text holds: control characters and halves of pairs."""
    return _CONTROL.sub("", text)


def line(text: str) -> str:
    """A text in one line, its white space single."""
    return " ".join(clean(text).split())


def escaped(text: str) -> str:
    """A line that does not begin like a heading, a quote, a table, a fence or a rule of Markdown.

    What looks like an item of a list is one.
    """
    return f"\\{text}" if _STRUCTURE.match(text) else text
