"""Reads an uploaded file: its text, its title and its kind, or a refusal that says what to do.

Keeps true: what comes out is text that was meant as text; nothing is guessed. Imports passages (for
titles) and the plain ground.
"""

import codecs
import re
from pathlib import PurePath

from chat.errors import Invalid, TooLarge
from chat.knowledge.passages import title_of

MOST_BYTES = 10 * 1024 * 1024
KINDS = {".md": "markdown", ".markdown": "markdown", ".txt": "text"}
_TITLE_LENGTH = 200
_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, an Office or an OpenDocument file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "a rich text file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_upload(name: str, data: bytes) -> tuple[str, str, str]:
    """Title, text and kind ('markdown' or 'text') of a file; Invalid or TooLarge say why not."""
    name = PurePath(name.replace("\\", "/")).name or "the file"
    kind = _kind(name)
    if len(data) > MOST_BYTES:
        limit = MOST_BYTES // 1024 // 1024
        raise TooLarge(f"{name} is larger than {limit} MB. Split it into smaller documents.")
    text = _decode(name, data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    if not text.strip():
        raise Invalid(f"{name} is empty. Add a file that holds text.")
    if _CONTROL.search(text):
        raise Invalid(f"{name} is not plain text. Export it as plain text (UTF-8) and add that.")
    title = title_of(text, kind) or PurePath(name).stem.replace("_", " ").strip() or name
    return title[:_TITLE_LENGTH], text, kind


def _kind(name: str) -> str:
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise Invalid(
            f"{name} is of a kind that cannot be read yet. "
            "Add Markdown (.md, .markdown) or plain text (.txt); export others as one of these."
        )
    return kind


def _decode(name: str, data: bytes) -> str:
    for magic, what in _FORMATS:
        if data.startswith(magic):
            raise Invalid(
                f"{name} is {what}, not text. Export it as plain text or Markdown and add that."
            )
    try:
        if data.startswith(_UTF16):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            f"{name} is not valid UTF-8 (byte {error.start}). "
            "Save it as UTF-8 in your editor and add it again."
        ) from error
