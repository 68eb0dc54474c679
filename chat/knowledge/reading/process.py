"""Reads a file in a child process, and kills it when it takes more than it may.

Keeps true: what hostile bytes do, they do to a process without network, secrets or database; it is
gone when `read` ends, however that ends; what it says is checked and bounded too. Imports messages
and refusals.
"""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from chat.config import Settings
from chat.knowledge.reading import messages
from chat.knowledge.reading.draft import MOST_TEXT
from chat.knowledge.reading.messages import (
    Begun,
    Ended,
    Finished,
    Message,
    Passage,
    Passages,
    Progress,
    Refusal,
    Text,
)

_MODULE = "chat.knowledge.reading.child"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}  # no setting, and so no secret
_ROOT = Path(__file__).parents[3]
_MOST_PASSAGES = 100_000
_SHOWN_NAME = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingBounds:
    """What reading one file may take: bytes of memory, and seconds of all time."""

    memory: int = 512 * 1024 * 1024
    seconds: int = 180

    @classmethod
    def of(cls, settings: Settings) -> "ReadingBounds":
        return cls(memory=settings.reading_bytes, seconds=settings.reading_seconds)


@dataclass(slots=True)
class Read:
    """A document as the child read it."""

    begun: Begun
    texts: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)


class Reading:
    """The reading of one file; iterate it once for what comes of it, `stop` it from anywhere."""

    def __init__(self, file: BinaryIO, name: str, bounds: ReadingBounds) -> None:
        self.name = name.encode("utf-8", "replace").decode()[-_SHOWN_NAME:].replace("\0", "")
        self.notes: dict[str, str] = {}  # of each document, what was left out of it
        self._bounds = bounds
        self._late = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, self.name,
             str(bounds.memory), str(bounds.seconds)],
            cwd=_ROOT,
            env=ENVIRONMENT,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """End the process at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def __iter__(self) -> Iterator[Progress | Read | Refusal]:
        timer = threading.Timer(self._bounds.seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield from self._documents()
        finally:
            timer.cancel()
            self.stop()
            with closing(self._process.stdout):  # type: ignore[type-var]
                self._process.wait()

    def _expire(self) -> None:
        self._late = True
        self.stop()

    def _documents(self) -> Iterator[Progress | Read | Refusal]:
        is_finished = yield from assembled(self._messages(), self.notes)
        if not is_finished:
            yield self._cut_off()

    def _messages(self) -> Iterator[Message]:
        assert self._process.stdout is not None
        while row := self._process.stdout.readline(messages.LONGEST_LINE):
            try:
                yield messages.decode.decode(row)
            except (msgspec.DecodeError, UnicodeDecodeError):
                return

    def _cut_off(self) -> Refusal:
        """Why the process ended before it had finished."""
        self.stop()
        code = self._process.wait()
        if self._late or code == -signal.SIGXCPU:
            return Refusal(
                self.name,
                "over_time",
                f"Reading it took longer than {self._bounds.seconds} seconds. "
                "Try again when the site has less to do, or split it into smaller documents.",
            )
        return Refusal(
            self.name,
            "crashed",
            "Reading it ended without a result: it is damaged, or takes more memory than it may. "
            "Open it in the program that made it, save it anew, and add that.",
        )


def assembled(
    told: Iterable[Message], notes: dict[str, str]
) -> Generator[Progress | Read | Refusal, None, bool]:
    """What messages tell, documents as a whole; returns whether they came to their end."""
    read: Read | None = None
    for message in told:
        match message:
            case Finished():
                return True
            case Progress() | Refusal():
                yield message
            case Begun():
                read = Read(message)
                notes[message.origin] = message.note
            case Text() if read is not None:
                read.texts.append(message.text)
            case Passages() if read is not None:
                read.passages += message.passages
                yield Progress("passages", len(read.passages), read.begun.passages)
            case Ended() if read is not None:
                yield read
                read = None
        if read is not None and _is_beyond(read):
            break
    return False


def digest(text: str) -> str:
    """The fingerprint by which a text is known."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _is_beyond(read: Read) -> bool:
    return len(read.passages) > _MOST_PASSAGES or sum(map(len, read.texts)) > MOST_TEXT
