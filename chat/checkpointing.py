"""Folds SQLite's write-ahead log into the database file, beside the event loop.

The commit that finds the log long would do it itself, and stop everybody whom the process serves
for as long as the disk takes: 20 to 40 ms, or seconds. Keeps true: nobody commits meanwhile (the
WAL-reset bug, see `sqlite.py`). What this does not get to is left to that commit, at twice the
length. May import the plain ground.
"""

import logging
import os
import sqlite3
import threading
from contextlib import closing, suppress

from sqlalchemy import Engine, event

from chat.database import Database
from chat.errors import Unavailable
from chat.offload import Threads

logger = logging.getLogger(__name__)
_EVERY = 0.5  # seconds
_COMMITS = 150  # of this process since the last time: a send and its end write 20 pages each
_PATIENCE = 2.0  # seconds that it waits for other writers


class Checkpointing:
    """A thread that looks every half second whether there was enough to fold; for one process."""

    def __init__(self, database: Database, every: float = _EVERY, commits: int = _COMMITS) -> None:
        self._database = database
        self._every, self._enough = every, commits
        self._commits = 0
        self._is_failing = False
        self._disk = Threads(1)  # its own: writers wait for what is done there
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpointing", daemon=True)

    def start(self) -> None:
        """Begin, where the database is a file of SQLite's."""
        if _file_of(self._database.engine):
            event.listen(self._database.engine, "commit", self._count)
            self._thread.start()

    def stop(self) -> None:
        """Fold no more, and wait for what is being folded."""
        self._leaving.set()
        self._thread.join()

    def _count(self, _connection: object) -> None:
        self._commits += 1

    def _run(self) -> None:
        while not self._leaving.wait(self._every):
            if self._commits >= self._enough:
                self._try_to_fold()

    def _try_to_fold(self) -> None:
        before = self._commits
        try:
            self._fold(_file_of(self._database.engine))
        except (sqlite3.Error, OSError, Unavailable) as error:
            if not self._is_failing:  # once; a commit does it, and fails where it has to
                logger.warning("the write-ahead log is not folded: %s", type(error).__name__)
            self._is_failing = True
        else:
            self._is_failing = False
        self._commits -= before

    def _fold(self, path: str) -> None:
        self._disk.run(_sync, f"{path}-wal")  # most of the waiting, and nobody has to wait for it
        with self._database.turn(_PATIENCE):
            self._disk.run(_checkpoint, path)


def _file_of(engine: Engine) -> str:
    """The path of SQLite's file; empty where there is none."""
    path = engine.url.database or ""
    return path if engine.dialect.name == "sqlite" and path != ":memory:" else ""


def _sync(path: str) -> None:
    with suppress(FileNotFoundError):
        log = os.open(path, os.O_RDONLY)  # SQLite holds no lock on it that closing would drop
        try:
            os.fdatasync(log)
        finally:
            os.close(log)


def _checkpoint(path: str) -> None:
    with closing(sqlite3.connect(path, timeout=0.0)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
