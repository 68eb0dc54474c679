"""Reads a file in the process that asks: for the command line, which serves nobody beside.

Only for what needs no library to be read (text and code): a child process would take most of the
time when a folder holds thousands of them. Imports files, kinds and process.
"""

from collections.abc import Iterator
from typing import BinaryIO

from chat.knowledge.kinds import kind_of_name
from chat.knowledge.reading.files import read_file
from chat.knowledge.reading.messages import Message, Progress, Refusal
from chat.knowledge.reading.process import Read, assembled

_TEXTS = frozenset(["markdown", "text", "code"])


class ReadingHere:
    """The reading of one file; iterate it once for what comes of it."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self.notes: dict[str, str] = {}
        self._file = file

    def __iter__(self) -> Iterator[Progress | Read | Refusal]:
        told: list[Message] = []
        read_file(self._file, self.name, told.append)
        yield from assembled(told, self.notes)


def is_text(file: BinaryIO, name: str) -> bool:
    """Whether name and content both say that a file is text; leaves it at its beginning."""
    kind = kind_of_name(name)
    head = file.read(4096)
    file.seek(0)
    return kind is not None and kind.name in _TEXTS and b"\x00" not in head and head[:2] != b"PK"
