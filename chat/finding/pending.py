"""What was said and is not in SQLite's index yet: entries wait for their words to be indexed.

FTS5 writes a part of its own for each statement, so many texts are indexed by one, beside the sends
(revision 0029). Keeps true: entries are indexed in the order of their numbers, a step in one short
transaction, by any process; what a crash leaves is pending for the next one; where nothing is
pending, nothing is written. FTS5 joins no parts by itself (revision 0030): each step joins a few
pages of them. May import the plain ground.
"""

import logging
import threading
import time

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chat.database import Database, Statements, dialect_of
from chat.errors import Unavailable
from chat.statements import Prepared

logger = logging.getLogger(__name__)
_EVERY = 2.0  # seconds between two looks
_PAUSE, _SHORT_PAUSE = 0.01, 0.001  # seconds between two steps: others have a turn
_PATIENCE = 0.5  # seconds that a search waits for others to write, and for all steps
# Of one step; FTS5 takes 3 ms for so many letters, and as much to join so many pages of its parts.
_TEXTS, _BYTES, _PAGES = 100, 40_000, 32
_ANY = Prepared(
    text("SELECT 1 FROM search_progress WHERE up_to < (SELECT max(number) FROM search_entries)")
)
_PENDING = """search_entries e LEFT JOIN messages m ON m.id = e.text_id
    LEFT JOIN conversations c ON c.id = e.place_id AND e.text_id IS NULL
    WHERE e.number > (SELECT up_to FROM search_progress)"""
_TEXT = "coalesce(m.content, c.title)"
_SIZES = text(
    f"""SELECT e.number, coalesce(length(CAST({_TEXT} AS BLOB)), 0) FROM {_PENDING}
        ORDER BY e.number LIMIT {_TEXTS}"""
)
_INDEX = Prepared(
    text(
        f"""INSERT INTO search_index (rowid, text) SELECT e.number, {_TEXT} FROM {_PENDING}
            AND e.number <= :last ORDER BY e.number"""
    )
)
_JOIN = Prepared(text(f"INSERT INTO search_index (search_index, rank) VALUES ('merge', {_PAGES})"))
_GO_ON = Prepared(text("UPDATE search_progress SET up_to = :last"))


class Indexing:
    """A thread that looks every two seconds whether something is pending, and indexes it."""

    def __init__(self, database: Database, every: float = _EVERY) -> None:
        self._database = database
        self._every = every
        self._is_failing = False
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)

    def start(self) -> None:
        """Begin, where there is such an index."""
        if _is_late(self._database):
            self._thread.start()

    def stop(self) -> None:
        """Begin no step any more, and wait for the one that is being done."""
        self._leaving.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._leaving.wait(self._every):
            try:
                while _step(self._database, patience=1.0) and not self._leaving.wait(_PAUSE):
                    pass
                self._is_failing = False
            except (SQLAlchemyError, Unavailable) as error:
                if not self._is_failing:  # once: it stays pending
                    logger.warning("what was said is indexed later: %s", type(error).__name__)
                self._is_failing = True
            except Exception:  # without this thread every search would have to do it
                logger.exception("defect in indexing")


def catch_up(database: Database, patience: float = _PATIENCE) -> None:
    """Index what is pending, before a search; without what takes longer than `patience` seconds."""
    if not _is_late(database):
        return
    deadline = time.monotonic() + patience
    try:
        while (left := deadline - time.monotonic()) > 0 and _step(database, left):
            time.sleep(_SHORT_PAUSE)
    except (SQLAlchemyError, Unavailable) as error:
        logger.info("a search goes on without what was just said: %s", type(error).__name__)


def index_pending(on: Statements) -> bool:
    """Index the next texts, in the transaction of `on`; whether there may be more."""
    if dialect_of(on) != "sqlite":
        return False
    last = _last_of_step(on)
    if last is None:
        return False
    _INDEX.change(on, {"last": last})
    _GO_ON.change(on, {"last": last})
    _JOIN.change(on, {})
    return True


def _last_of_step(on: Statements) -> int | None:
    """The number of the last text that still fits: a long one is a step of its own."""
    last, room = None, _BYTES
    with on.execute(_SIZES) as texts:  # what does not fit is not read
        for number, size in texts:
            room -= size
            if room < 0 and last is not None:
                break
            last = number
    return last


def _step(database: Database, patience: float) -> bool:
    """One transaction, if anything is pending; whether it was."""
    with database.querying() as connection:
        if not _ANY.rows(connection, {}):
            return False
    with database.changing(patience) as connection:
        return index_pending(connection)


def _is_late(database: Database) -> bool:
    """Whether its index is told of texts later; PostgreSQL's has a list of its own."""
    return database.engine.dialect.name == "sqlite"
