"""Reads an EPUB book: its chapters in their order, as the web pages that they are.

Keeps true: only what the book's spine lists is read. Imports archive, draft, html and refusals.
"""

import posixpath
from collections.abc import Callable
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from chat.knowledge.reading.archive import Archive, attribute, inside
from chat.knowledge.reading.draft import Draft, line
from chat.knowledge.reading.html import write_page
from chat.knowledge.reading.office import check_text
from chat.knowledge.reading.refusals import Refused, broken
from chat.knowledge.reading.text import decoded

_CONTAINER = "META-INF/container.xml"
_FONTS = ("obfuscation", "mangling")  # of fonts alone: the text of such a book is not encrypted


def read_epub(file: BinaryIO, draft: Draft, progress: Callable[[int, int], None]) -> None:
    """A book of EPUB 2 or 3."""
    archive = Archive(file)
    _check_rights(archive)
    package = next(
        (attribute(e, "full-path") for e in inside(archive.xml(_CONTAINER), "rootfile")), ""
    )
    root = archive.xml(package)
    title = next((line("".join(e.itertext())) for e in inside(root, "title")), "")
    chapters = _chapters(root, posixpath.dirname(package))
    for number, name in enumerate(chapters, 1):
        if name not in archive:
            raise broken(f"its chapter {name[:80]} is missing")
        write_page(decoded(archive.read(name)), draft)
        progress(number, len(chapters))
    draft.title = title or draft.title
    check_text(draft)


def _chapters(root: Element, folder: str) -> list[str]:
    held = {
        attribute(item, "id"): posixpath.normpath(
            posixpath.join(folder, unquote(attribute(item, "href")))
        )
        for item in inside(root, "item")
        if "html" in attribute(item, "media-type")
    }
    order = [attribute(ref, "idref") for ref in inside(root, "itemref")]
    return [held[key] for key in order if key in held]


def _check_rights(archive: Archive) -> None:
    if "META-INF/encryption.xml" not in archive:
        return
    methods = inside(archive.xml("META-INF/encryption.xml"), "EncryptionMethod")
    if not all(any(word in attribute(e, "Algorithm") for word in _FONTS) for e in methods):
        raise Refused(
            "password",
            "Its text is locked to one reader (DRM). Add a copy that is not locked.",
        )
