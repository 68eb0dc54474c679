"""What the process that reads a file tells the one that asked, a line of JSON each.

Keeps true: no line is long, so that taking one in holds nobody up; a document is `Begun`, then its
text and its passages come in pieces, then `Ended`. Imports nothing of Parley.
"""

from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=1000)]
Piece = Annotated[str, msgspec.Meta(max_length=64 * 1024)]
Vector = Annotated[bytes, msgspec.Meta(max_length=1024)]


class Passage(msgspec.Struct, array_like=True, frozen=True):
    """A passage, its path of headings, its place in the file, its concepts as key → name, where it
    is in the concept space, the stems of its words unless it is in English, and the kinds of what
    speaks to the model in it."""

    heading: Short
    place: Short
    text: str
    concepts: dict[Short, Short]
    vector: Vector
    stems: str
    findings: Short = ""


class Progress(msgspec.Struct, tag="progress", frozen=True):
    """How far the reading is; `unit` is what is counted: pages, slides, chapters, files."""

    unit: Short
    done: int
    total: int


class Begun(msgspec.Struct, tag="begun", frozen=True):
    """A document whose text is read; `origin` is the file, within an archive with its path."""

    origin: Short
    title: Short
    kind: Short
    note: Short
    passages: int
    language: Short = "en"


class Text(msgspec.Struct, tag="text", frozen=True):
    text: Piece


class Passages(msgspec.Struct, tag="passages", frozen=True):
    passages: list[Passage]


class Ended(msgspec.Struct, tag="ended", frozen=True):
    """The document that was begun is complete."""


class Refusal(msgspec.Struct, tag="refusal", frozen=True):
    """A file that is not read, and why; one of an archive does not stop the others."""

    origin: Short
    reason: Short
    detail: Short


class Finished(msgspec.Struct, tag="finished", frozen=True):
    """Nothing comes after this."""


Message = Progress | Begun | Text | Passages | Ended | Refusal | Finished
LONGEST_LINE = 1024 * 1024  # bytes
encode = msgspec.json.Encoder().encode
decode: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)
