"""Writes what becomes of the cache: in groups, in the background, so that no answer waits for it.

Keeps true: what cannot be written is let go of, since nothing is lost but time; after each group
there is no more than the limits allow. May import the plain ground and the tables.
"""

import logging
import threading
from collections import Counter

from sqlalchemy.exc import SQLAlchemyError

from chat.cache.entries import Entry, Limits, count_use, forget_too_many, store
from chat.database import Database
from chat.errors import ParleyError

logger = logging.getLogger(__name__)
GATHER = 0.3  # seconds in which a group gathers
_WAITING = 1000  # entries of one process that may wait: a database that is away is not waited for


class Keeper:
    """Of one process; its thread begins with the first answer that is kept."""

    def __init__(self, database: Database, limits: Limits, gather: float = GATHER) -> None:
        self._database = database
        self._limits = limits
        self._gather = gather
        self._new: list[Entry] = []
        self._used: Counter[str] = Counter()
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._flushing = threading.Lock()

    def keep(self, entry: Entry) -> None:
        """An answer may be given again, soon."""
        if len(self._new) < _WAITING:
            self._new.append(entry)
        self._wake()

    def used(self, key: str) -> None:
        """An answer was given again."""
        self._used[key] += 1
        self._wake()

    def flush(self) -> None:
        """Write what has gathered, now; false hope is let go of with a line in the log."""
        with self._flushing:
            new, self._new = self._new, []
            used, self._used = self._used, Counter()
            try:
                self._write(new, used)
            except (SQLAlchemyError, ParleyError, OSError) as error:
                cause = type(error).__name__  # its text would hold a question's key
                logger.warning("%d answers are not kept for others: %s", len(new), cause)

    def close(self, timeout: float) -> None:
        """Stop after a last group."""
        self._closing.set()
        self._wanted.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _write(self, new: list[Entry], used: Counter[str]) -> None:
        if not new and not used:
            return
        with self._database.changing() as connection:
            store(connection, new)
            count_use(connection, used)
        if new:
            with self._database.changing() as connection:
                forget_too_many(connection, self._limits)

    def _wake(self) -> None:
        self._wanted.set()
        if self._thread is None:
            with self._starting:
                if self._thread is None and not self._closing.is_set():
                    self._thread = threading.Thread(target=self._run, name="cache", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wanted.wait()
            self._closing.wait(self._gather)
            self._wanted.clear()
            try:
                self.flush()
            except Exception:  # without this thread no answer would be kept any more
                logger.exception("defect in the cache")
