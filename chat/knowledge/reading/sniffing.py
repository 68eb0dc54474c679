"""Decides what kind a file is: by its content, and by what its name promises.

Keeps true: a name that promises another kind than the content is refused with both kinds named; a
content that cannot be read is called what it is. Imports archive, kinds and refusals.
"""

import codecs
import re
from pathlib import PurePath
from typing import BinaryIO

from chat.knowledge.kinds import KINDS, READABLE, Kind, kind_of_name
from chat.knowledge.reading.archive import Archive
from chat.knowledge.reading.refusals import Refused, protected

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a protected Office file
_PARTS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
)
_MIMES = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_OTHERS = (
    (_OLE, "an Office file of the old form", "Save it as .docx, .xlsx or .pptx and add that."),
    (b"{\\rtf", "a rich text file", "Save it as .docx and add that."),
    (b"\x89PNG", "a picture", "Add the text of it, or a PDF with text recognition."),
    (b"\xff\xd8\xff", "a picture", "Add the text of it, or a PDF with text recognition."),
    (b"GIF8", "a picture", "Add the text of it, or a PDF with text recognition."),
    (b"II*\x00", "a picture", "Add the text of it, or a PDF with text recognition."),
    (b"MM\x00*", "a picture", "Add the text of it, or a PDF with text recognition."),
    (b"RIFF", "a picture, a sound or a film", "Add the text of it."),
    (b"ID3", "a sound", "Add a transcript of it."),
    (b"OggS", "a sound or a film", "Add a transcript of it."),
    (b"\x1f\x8b", "a compressed file", "Unpack it, or pack its files as ZIP, and add that."),
    (b"BZh", "a compressed file", "Unpack it, or pack its files as ZIP, and add that."),
    (b"\xfd7zXZ", "a compressed file", "Unpack it, or pack its files as ZIP, and add that."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it, or pack its files as ZIP, and add that."),
    (b"Rar!", "a RAR archive", "Unpack it, or pack its files as ZIP, and add that."),
    (b"\x7fELF", "a program", "Add its source code or its documentation."),
    (b"MZ", "a program", "Add its source code or its documentation."),
    (b"SQLite format 3\x00", "a database", "Export what you need of it as CSV and add that."),
)  # fmt: skip
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)[\s>]", re.I | re.S
)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXTS = frozenset(["markdown", "text", "csv", "code", "html"])  # content does not tell them apart


def kind_of(file: BinaryIO, name: str) -> Kind:
    """The kind by which `file` is read; Refused when there is none, or its name says another."""
    head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise Refused("empty", "It is empty. Add a file that holds text.")
    promised, found = kind_of_name(name), _found(file, head)
    if found is None:
        return _text_kind(name, promised, head)
    if promised is not None and promised is not found:
        raise _misnamed(name, promised, f"a file of the kind {found.label}", found.suffixes[0])
    if promised is None and PurePath(name).suffix and found.name == "zip":
        raise _unknown(name)
    return found


def _found(file: BinaryIO, head: bytes) -> Kind | None:
    """The kind that the content alone shows; None for what may be text."""
    if b"%PDF-" in head[:1024] and not head.lstrip().startswith(b"<"):
        return KINDS["pdf"]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(file)
    if head.startswith(_OLE) and _holds(file, _ENCRYPTED):
        raise protected()
    for magic, what, advice in _OTHERS:
        if head.startswith(magic) and (len(magic) > 3 or b"\x00" in head or magic[0] > 127):
            raise Refused("unknown_kind", f"It is {what}, which cannot be read. {advice}")
    return None


def _zipped(file: BinaryIO) -> Kind:
    archive = Archive(file)
    for part, kind in _PARTS:
        if part in archive:
            return KINDS[kind]
    if "mimetype" in archive:
        mime = archive.read("mimetype")[:100].decode("ascii", "replace").strip()
        if mime in _MIMES:
            return KINDS[_MIMES[mime]]
        if mime.startswith("application/vnd.oasis.opendocument"):
            what = "an OpenDocument file that holds neither a text nor a table"
            raise Refused("unknown_kind", f"It is {what}. Save it as .pptx or .pdf.")
    return KINDS["zip"]


def _text_kind(name: str, promised: Kind | None, head: bytes) -> Kind:
    if b"\x00" in head and not head.startswith(_BOMS):
        if promised is None:
            raise _unknown(name)
        if promised.name in _TEXTS:
            raise Refused(
                "wrong_name",
                f"It is called {promised.label}, and is not text. "
                "Give it the ending that it should have, or save it as text in UTF-8.",
            )
    if promised is None:
        if _HTML.match(head):
            return KINDS["html"]
        if PurePath(name).suffix:
            raise _unknown(name)
        return KINDS["text"]
    if promised.name in _TEXTS:
        return promised
    if _HTML.match(head):
        raise _misnamed(name, promised, "a web page", ".html")
    if _is_text(head):
        raise _misnamed(name, promised, "plain text", ".txt")
    raise Refused(
        "broken",
        f"It is called {promised.label}, and does not begin like one: it is damaged, or of another "
        "kind. Open it in the program that made it, save it anew, and add that.",
    )


def _misnamed(name: str, promised: Kind, what: str, suffix: str) -> Refused:
    right = PurePath(name).with_suffix(suffix).name
    return Refused(
        "wrong_name",
        f"It is called {promised.label}, and is {what}. Rename it to {right} and add it again.",
    )


def _unknown(name: str) -> Refused:
    ending = PurePath(name).suffix[:20] or "this name"
    return Refused(
        "unknown_kind",
        f"Files with {ending} cannot be read. What can: {READABLE}. Export it as one of these.",
    )


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", head)


def _holds(file: BinaryIO, needle: bytes) -> bool:
    file.seek(0)
    kept = b""
    while piece := file.read(1024 * 1024):
        if needle in kept + piece:
            return True
        kept = piece[-len(needle) :]
    return False
