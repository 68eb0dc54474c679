"""Reads what is text already: Markdown, plain text, source code.

Keeps true: what comes out is text that was meant as text; no encoding is guessed but UTF-8, or the
one that the file itself names. Imports draft and refusals.
"""

import codecs
import re
from typing import BinaryIO

from chat.knowledge.reading.draft import MOST_TEXT, Draft
from chat.knowledge.reading.places import Mark
from chat.knowledge.reading.refusals import Refused

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decoded(data: bytes, encoding: str = "utf-8-sig") -> str:
    """The text of a file. Refused when it is not in the encoding that it should be in."""
    try:
        return data.decode("utf-16" if data.startswith(_UTF16) else encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            "encoding",
            f"It is not valid UTF-8 (byte {error.start}). "
            "Save it as UTF-8 in your editor and add it again.",
        ) from error
    except LookupError:
        return decoded(data)


def tidy(text: str) -> str:
    """A text with one kind of line ends. Refused when it is empty, too long, or not text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    if not text.strip():
        raise Refused("empty", "It is empty. Add a file that holds text.")
    if _CONTROL.search(text):
        raise Refused("encoding", "It is not plain text. Save it as text in UTF-8 and add that.")
    if len(text) > MOST_TEXT:
        limit = MOST_TEXT // 1024 // 1024
        raise Refused(
            "too_large",
            f"It has more than {limit} million characters. Split it into smaller documents.",
        )
    return text


def read_text(file: BinaryIO, draft: Draft) -> None:
    """Markdown and plain text, as they are."""
    draft.raw(tidy(decoded(file.read())))


read_markdown = read_text


def read_code(file: BinaryIO, draft: Draft) -> None:
    """Source code, with a mark for each line."""
    text = tidy(decoded(file.read()))
    draft.raw(text)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    draft.marks += [Mark(at, "line", number) for number, at in enumerate(starts, 1)]
