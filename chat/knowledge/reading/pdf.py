"""Reads a PDF with selectable text: its pages as paragraphs, its outline as headings.

Keeps true: every part of the text is marked with its page; lines that only repeat on every page
(running heads, page numbers) are left out. Imports draft, refusals and pypdf.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from pypdf import PdfReader, overwrite_configuration
from pypdf.errors import LimitReachedError, PyPdfError

from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.refusals import Refused, broken, protected

MOST_PAGES = 5000
_STREAM = 25 * 1024 * 1024  # bytes that one stream of a page may unpack to
_MOST_ENTRIES = 2000  # of the outline
_PLACEHOLDER_TITLE = re.compile(r"untitled|microsoft |.*\.(?:docx?|pdf|tex|indd|dvi)$", re.I)
_BULLET = re.compile(r"(?:[•▪●◦‣*–-]|\(?\d{1,3}[.)])\s")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_a-z]?[a-zß-ÿ])")
_LEADERS = re.compile(r"(?:\s?\.){5,}\s?")  # the dots of a table of contents
_MANY_ROWS = 12  # of a page: then two at its top and its bottom may be running ones, else one
Progress = Callable[[int, int], None]
Outline = Mapping[int, Sequence[tuple[int, str]]]  # page → (level, label)


def read_pdf(file: BinaryIO, draft: Draft, progress: Progress) -> None:
    """A PDF; pages that are only pictures are left out, and counted in the draft's note."""
    overwrite_configuration(
        zlib_maximum_output_length=_STREAM,
        lzw_maximum_output_length=_STREAM,
        run_length_maximum_output_length=_STREAM,
        jbig2dec_binary=None,
    )
    try:
        reader = _open(file)
        pages = _pages(reader, progress)
        draft.title = _title(reader)
        outline = _outline(reader)
    except LimitReachedError:
        raise Refused(
            "bomb", "A part of it unpacks to far more than any page holds. Export it anew as PDF."
        ) from None
    except PyPdfError as error:
        raise broken(f"it breaks off as a PDF ({type(error).__name__})") from error
    _check_text(pages)
    _write(pages, outline, draft)


def _open(file: BinaryIO) -> PdfReader:
    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise protected(" for opening")
    return reader


def _pages(reader: PdfReader, progress: Progress) -> list[list[str]]:
    """The lines of each page."""
    total = len(reader.pages)
    if total == 0:
        raise broken("it has no pages")
    if total > MOST_PAGES:
        raise Refused("too_large", f"It has {total} pages. Split it into parts of {MOST_PAGES}.")
    pages = []
    for number, page in enumerate(reader.pages, 1):
        text = _HYPHEN.sub("", page.extract_text() or "")
        rows = (line(row) for row in text.strip().split("\n"))
        pages.append([_LEADERS.sub(" … ", row) for row in rows])
        progress(number, total)
    return pages


def _check_text(pages: Sequence[Sequence[str]]) -> None:
    if not any(any(page) for page in pages):
        what = "Its only page is a picture" if len(pages) == 1 else (
            f"Its {len(pages)} pages are pictures"
        )  # fmt: skip
        raise Refused(
            "no_text",
            f"{what} with no selectable text. Export it with text recognition and try again.",
        )


def _title(reader: PdfReader) -> str:
    title = line(str((reader.metadata.title if reader.metadata else "") or ""))
    return "" if len(title) < 3 or _PLACEHOLDER_TITLE.match(title) else title


def _outline(reader: PdfReader) -> Outline:
    """The entries of the outline by page; none when it is damaged: the text is what counts."""
    found: dict[int, list[tuple[int, str]]] = {}
    try:
        for level, entry in islice(_entries(reader.outline, 1), _MOST_ENTRIES):
            page = reader.get_destination_page_number(entry)
            if page is not None:
                found.setdefault(page, []).append((level, line(str(entry.title))))
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return found


def _entries(outline: Sequence[Any], level: int) -> Any:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry, level + 1)
        else:
            yield level, entry


def _write(pages: Sequence[Sequence[str]], outline: Outline, draft: Draft) -> None:
    running = _running_lines(pages)
    without = 0
    for number, page in enumerate(pages):
        rows = [row for at, row in enumerate(page) if not _is_running(row, at, len(page), running)]
        without += not any(page)
        draft.mark("page", number + 1)
        _write_page(rows, list(outline.get(number, ())), draft)
    if without:
        count = f"{without} of {len(pages)} pages"
        draft.note = f"{count} had no selectable text and were left out."


def _write_page(rows: Sequence[str], headings: Sequence[tuple[int, str]], draft: Draft) -> None:
    """The paragraphs of a page; an entry of the outline takes the place of its line."""
    labels = {_key(label): (level, label) for level, label in headings}
    keys = [_key(row) for row in rows]
    for key in labels.keys() - set(keys):  # a heading over two lines, or of a picture
        draft.heading(*labels[key])
    start = 0
    for at, key in enumerate(keys):
        if key in labels:
            _write_rows(rows[start:at], draft)
            draft.heading(*labels.pop(key))
            start = at + 1
    _write_rows(rows[start:], draft)


def _write_rows(rows: Sequence[str], draft: Draft) -> None:
    for paragraph in _paragraphs(rows):
        draft.paragraph(paragraph)


def _paragraphs(rows: Sequence[str]) -> list[str]:
    """Lines put together: one ends where a line is empty, or short and a sentence's end."""
    lengths = sorted(len(row) for row in rows if len(row) > 20)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    paragraphs: list[list[str]] = [[]]
    for row in rows:
        last = paragraphs[-1]
        if not row:
            paragraphs.append([])
            continue
        ended = last and len(last[-1]) < 0.8 * usual and (
            last[-1][-1] in ".!?:" or row[0].isupper()
        )  # fmt: skip
        if ended or (last and _BULLET.match(row)):
            paragraphs.append([row])
        else:
            last.append(row)
    return [" ".join(lines) for lines in paragraphs if lines]


def _running_lines(pages: Sequence[Sequence[str]]) -> set[str]:
    """The heads and feet that most pages share, numbers aside."""
    if len(pages) < 4:
        return set()
    counts = Counter(
        key
        for page in pages
        for key in {_shape(row) for at, row in enumerate(page) if _is_edge(at, len(page))}
    )
    return {key for key, count in counts.items() if key and count > 0.5 * len(pages)}


def _is_running(row: str, at: int, rows: int, running: set[str]) -> bool:
    return _is_edge(at, rows) and _shape(row) in running


def _is_edge(at: int, rows: int) -> bool:
    width = 2 if rows > _MANY_ROWS else 1
    return at < width or at >= rows - width


def _shape(row: str) -> str:
    return re.sub(r"\d+", "#", row).casefold()


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
