"""Reads Word and OpenDocument texts: headings, paragraphs, lists, tables, footnotes.

Keeps true: deleted text of tracked changes, comments and fields' codes are left out. Imports
archive, draft and refusals.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chat.knowledge.reading.archive import Archive, attribute, children, inside, local
from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.refusals import Refused, broken, protected

_MOST_COPIES = 100  # of a cell or a space that OpenDocument writes once with a count
_HIDDEN = frozenset(
    ["delText", "instrText", "del", "annotation", "tracked-changes", "note-citation"]
)


def read_docx(file: BinaryIO, draft: Draft) -> None:
    """A Word file (ECMA-376, WordprocessingML)."""
    archive = Archive(file)
    levels = _word_levels(archive)
    body = next(children(archive.xml("word/document.xml"), "body"), None)
    if body is None:
        raise broken("it has no body")
    draft.title = core_title(archive)
    _write_word(body, levels, draft)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        if name in archive:
            _write_word(archive.xml(name), {}, draft)
    check_text(draft)


def read_odt(file: BinaryIO, draft: Draft) -> None:
    """An OpenDocument text (ODF 1.3)."""
    archive = open_document(file)
    text = next(inside(archive.xml("content.xml"), "text"), None)
    if text is None:
        raise broken("it has no text")
    draft.title = meta_title(archive)
    _write_odf(text, draft)
    check_text(draft)


def open_document(file: BinaryIO) -> Archive:
    """The archive of an OpenDocument file; Refused for one with a password."""
    archive, manifest = Archive(file), "META-INF/manifest.xml"
    if manifest in archive and b"encryption-data" in archive.read(manifest):
        raise protected()
    return archive


def meta_title(archive: Archive) -> str:
    """The title in the properties of an OpenDocument file; empty where there is none."""
    if "meta.xml" not in archive:
        return ""
    return next((line(words_of(e)) for e in inside(archive.xml("meta.xml"), "title")), "")


def core_title(archive: Archive) -> str:
    """The title in the properties of an Office file; empty where there is none."""
    if "docProps/core.xml" not in archive:
        return ""
    return next((line(words_of(e)) for e in inside(archive.xml("docProps/core.xml"), "title")), "")


def check_text(draft: Draft) -> None:
    """Refuse a file of which nothing was written."""
    if draft.is_empty:
        raise Refused(
            "no_text",
            "It holds no text: pictures of text cannot be read. Add one with text in it, or a PDF "
            "with text recognition.",
        )


def _word_levels(archive: Archive) -> Mapping[str, int]:
    """The level of heading that each style stands for; a style may be called in any language."""
    levels: dict[str, int] = {}
    if "word/styles.xml" not in archive:
        return levels
    for style in children(archive.xml("word/styles.xml"), "style"):
        name = next((attribute(e, "val") for e in children(style, "name")), "").lower()
        found = re.fullmatch(r"heading (\d)", name)
        outline = next((attribute(e, "val") for e in inside(style, "outlineLvl")), "")
        if found:
            levels[attribute(style, "styleId")] = int(found[1])
        elif name == "title":
            levels[attribute(style, "styleId")] = 1
        elif outline.isdigit() and int(outline) < 9:
            levels[attribute(style, "styleId")] = int(outline) + 1
    return levels


def _write_word(parent: Element, levels: Mapping[str, int], draft: Draft) -> None:
    items: list[str] = []
    for element in _flat(parent, {"sdt", "sdtContent", "footnote", "endnote", "ins", "customXml"}):
        name = local(element)
        style = next((attribute(e, "val") for e in inside(element, "pStyle")), "")
        if name == "p" and any(True for _ in inside(element, "numPr")) and style not in levels:
            items.append(words_of(element))
            continue
        draft.items(items)
        items.clear()
        if name == "p" and style in levels:
            draft.heading(levels[style], words_of(element))
        elif name == "p":
            draft.paragraph(words_of(element))
        elif name == "tbl":
            draft.table(_rows(element, "tr", "tc"))
    draft.items(items)


def _write_odf(parent: Element, draft: Draft) -> None:
    for element in _flat(parent, {"section", "index-body", "index-title"}):
        name = local(element)
        if name == "h":
            level = attribute(element, "outline-level")
            draft.heading(int(level) if level.isdigit() else 1, words_of(element))
        elif name == "p":
            draft.paragraph(words_of(element))
        elif name == "list":
            draft.items([words_of(p) for p in inside(element, "p")])
        elif name == "table":
            draft.table(_rows(element, "table-row", "table-cell"))


def _flat(parent: Element, through: set[str]) -> Iterator[Element]:
    """The children, and those of the children that only group them."""
    for child in parent:
        if local(child) in through:
            yield from _flat(child, through)
        else:
            yield child


def _rows(table: Element, row_name: str, cell_name: str) -> list[Sequence[str]]:
    return [
        [
            line(" ".join(words_of(p) for p in inside(cell, "p")))
            for cell in children(row, cell_name)
        ]
        for row in inside(table, row_name)
    ]


def words_of(element: Element) -> str:
    """The text below an element as a reader sees it."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    name = local(element)
    if name in _HIDDEN:
        return
    if name in {"tab", "ptab"}:
        yield "\t"
    elif name in {"br", "cr", "line-break"}:
        yield "\n"
    elif name == "s":  # spaces of OpenDocument
        count = attribute(element, "c")
        yield " " * min(int(count) if count.isdigit() else 1, _MOST_COPIES)
    elif name == "noBreakHyphen":
        yield "-"
    if element.text and (element.text.strip() or name in _SPACED):
        yield element.text
    for child in element:
        yield from _pieces(child)
        if child.tail and (child.tail.strip() or name in _SPACED):
            yield child.tail


_SPACED = frozenset(["t", "p", "h", "span", "a", "title"])  # whose white space is text
