"""Reads a PowerPoint file: each slide under its title, with its notes.

Keeps true: the order is that of the presentation, and hidden slides are read too. Imports archive,
draft and office.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO
from xml.etree.ElementTree import Element

from chat.knowledge.reading.archive import Archive, attribute, children, inside
from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.office import check_text, core_title

_DECK = "ppt/presentation.xml"
_TITLES = frozenset(["title", "ctrTitle"])
_LEFT_OUT = frozenset(["sldNum", "dt", "ftr", "hdr"])  # numbers, dates and feet of every slide


def read_pptx(file: BinaryIO, draft: Draft, progress: Callable[[int, int], None]) -> None:
    """A PowerPoint file (ECMA-376, PresentationML)."""
    archive = Archive(file)
    targets = _relations(archive, _DECK)
    relations = [_relation(slide) for slide in inside(archive.xml(_DECK), "sldId")]
    names = [targets[key] for key in relations if key in targets]
    draft.title = core_title(archive)
    for number, name in enumerate(names, 1):
        draft.mark("slide", number)
        _write_slide(archive, name, number, draft)
        progress(number, len(names))
    check_text(draft)


def _relation(slide: Element) -> str:
    """The relationship of a slide: its `r:id`, beside a plain `id` that is only a number."""
    return next((v for k, v in slide.attrib.items() if k.endswith("relationships}id")), "")


def _relations(archive: Archive, name: str) -> Mapping[str, str]:
    """Where the relationships of a part lead within the archive."""
    folder, base = posixpath.split(name)
    path = f"{folder}/_rels/{base}.rels"
    if path not in archive:
        return {}
    return {
        attribute(e, "Id"): posixpath.normpath(posixpath.join(folder, attribute(e, "Target")))
        if not attribute(e, "Target").startswith("/")
        else attribute(e, "Target").lstrip("/")
        for e in children(archive.xml(path), "Relationship")
        if attribute(e, "TargetMode") != "External"
    }


def _write_slide(archive: Archive, name: str, number: int, draft: Draft) -> None:
    slide = archive.xml(name)
    title = " ".join(text for shape in _shapes(slide, True) for text in _paragraphs(shape))
    held: list[list[str]] = [list(_paragraphs(shape)) for shape in _shapes(slide, False)]
    tables = list(inside(slide, "tbl"))
    notes = [
        list(_paragraphs(shape))
        for target in _relations(archive, name).values()
        if "notesSlide" in target and target in archive
        for shape in _shapes(archive.xml(target), False)
    ]
    if not (title or any(held) or tables or any(notes)):
        return
    draft.heading(2, title or f"Slide {number}")
    for texts in (*held, *notes):
        _write_texts(texts, draft)
    for table in tables:
        draft.table(
            [
                [line(" ".join(_paragraphs(cell))) for cell in children(row, "tc")]
                for row in children(table, "tr")
            ]
        )
    if title and not (any(held) or tables or any(notes)):
        draft.paragraph(title)


def _write_texts(texts: list[str], draft: Draft) -> None:
    if len(texts) > 1:
        draft.items(texts)
    else:
        draft.paragraph("\n".join(texts))


def _shapes(slide: Element, titles: bool) -> Iterator[Element]:
    """The shapes with text that are, or are not, the title of the slide."""
    for shape in inside(slide, "sp"):
        kind = next((attribute(e, "type") for e in inside(shape, "ph")), "")
        if kind not in _LEFT_OUT and kind != "sldImg" and (kind in _TITLES) == titles:
            yield shape


def _paragraphs(shape: Element) -> Iterator[str]:
    for paragraph in inside(shape, "p"):
        text = line("".join(run.text or "" for run in inside(paragraph, "t")))
        if text:
            yield text
