"""The figures of all processes of a data directory: a file for each, and one for the past.

Keeps true: a process counts into memory that is its file's, so what it has counted outlives a kill;
what the files of the dead hold is added to `past` once, also when somebody dies in the middle of
that; who reads holds no lock, and counts nothing twice. A file is of a living process while that
holds its lock, which ends with it. May import its siblings.
"""

import fcntl
import logging
import mmap
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from chat.metrics.family import Family
from chat.metrics.numbers import Found, Joined, describe, head, load, pack
from chat.metrics.slots import Slots

logger = logging.getLogger(__name__)
_PAST = "past"
_REMEMBERED = 400  # files whose figures are in `past`: a reader may have seen one before that


class Files:
    """The folder of figures."""

    def __init__(self, folder: Path, slots: Slots, families: Sequence[Family]) -> None:
        self._folder, self._slots = folder, slots
        self._described = describe(families)
        self._own: Path | None = None
        self.folder_id, self._process = "0" * 16, os.urandom(8).hex()

    @property
    def process_id(self) -> str:
        """This process; those of one folder begin alike."""
        return self.folder_id + self._process

    def begin(self) -> None:
        """Count into a file from now on; where none can be made, in memory alone."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._fold()
            self.folder_id = self._folder_id()
            self._own = self._make(self._process)
        except OSError as error:
            logger.warning("the figures of this process end with it: %s", error.strerror)

    def read(self) -> Joined:
        """The figures of all processes that live, and of those that have lived."""
        joined = Joined()
        joined.add(Found(self._described, self._slots.values), lives=True)
        others = [(path, load(path), _lives(path)) for path in self._files() if path != self._own]
        past = load(self._folder / _PAST) or Found()  # last: what was folded meanwhile is in it
        known = set(past.folded)
        for path, found, lives in others:
            if found is not None and path.name not in known:
                joined.add(found, lives=lives)
        joined.add(past, lives=False)
        return joined

    def _folder_id(self) -> str:
        """Of all processes that ever share this folder."""
        path, draft = self._folder / "id", self._folder / f".id-{self._process}"
        draft.write_text(os.urandom(8).hex())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        return path.read_text()[:16].ljust(16, "0")

    def _files(self) -> list[Path]:
        with suppress(OSError):
            return [path for path in self._folder.iterdir() if path.suffix == ".figures"]
        return []

    def _make(self, name: str) -> Path:
        """The file of this process: it has its name only once it is whole and locked."""
        begins = head(self._described)
        size = len(begins) + 8 * len(self._slots)
        draft, path = self._folder / f".{name}", self._folder / f"{name}.figures"
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.posix_fallocate(handle, 0, size)  # a full disk is an error now, and no signal later
            os.pwrite(handle, begins, 0)
            memory = mmap.mmap(handle, size)
        except OSError:
            draft.unlink()
            os.close(handle)
            raise
        self._slots.move(memoryview(memory)[len(begins) :].cast("d"))
        draft.rename(path)  # nobody closes `handle`: the lock ends with the process
        return path

    def _fold(self) -> None:
        """Add the files of the dead to the past; one process at a time, others leave it."""
        with (self._folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            dead = [path for path in self._files() if not _lives(path)]
            past = load(self._folder / _PAST) or Found()
            fresh = [path for path in dead if path.name not in past.folded]
            if fresh:
                self._write_past(past, fresh)
            for path in dead:
                path.unlink(missing_ok=True)

    def _write_past(self, past: Found, dead: Sequence[Path]) -> None:
        joined = Joined()
        for found in (past, *filter(None, map(load, dead))):
            joined.add(found, lives=False)
        folded = [*past.folded, *(path.name for path in dead)][-_REMEMBERED:]
        draft = self._folder / f".{_PAST}"
        numbers = pack(joined.in_order(self._described))
        draft.write_bytes(head(self._described, folded) + numbers)
        draft.replace(self._folder / _PAST)


def _lives(path: Path) -> bool:
    """Whether the process of a file holds its lock."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
