"""Reads the uploads that wait, one after another, beside whatever the process serves.

Keeps true: one child at a time in a process, so that reading takes one core at most; an upload
that was withdrawn, or whose owner has left its space, is not stored; what this process leaves
unfinished, the next one reads. While nothing waits there is no thread. Imports adding, uploads and
reading.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from chat.database import Database
from chat.errors import ParleyError
from chat.knowledge import adding, uploads
from chat.knowledge.documents import DocumentSummary
from chat.knowledge.reading.messages import Progress, Refusal
from chat.knowledge.reading.process import Reading, ReadingBounds
from chat.knowledge.reading.refusals import PASSING
from chat.knowledge.talking import TalkReading, note_imported
from chat.knowledge.uploads import UploadView
from chat.metrics import counted
from chat.values import new_id

logger = logging.getLogger(__name__)
_BEAT = 0.4  # seconds between two looks at the row: how late progress and a withdrawal may be
_MOST_RESULTS = 1000
_DEFECT = "Something went wrong while it was read. Try again, and tell an admin if that fails too."
_Failure = (SQLAlchemyError, ParleyError, OSError)


class Intake:
    """Of one process; `wake` it when something may wait."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        bounds: ReadingBounds,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        """`after` is called when a file was read."""
        self.folder = folder
        self._database = database
        self._bounds = bounds
        self._after = after
        self._reader = new_id()
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._leaving = False
        self._thread: threading.Thread | None = None
        self._current: tuple[str, Reading | TalkReading] | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def wake(self) -> None:
        """Look for uploads that wait; returns at once."""
        with self._lock:
            self._asked.set()
            if self._thread is None and not self._leaving:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()

    def stop(self, upload_id: str) -> None:
        """End the reading of an upload that was withdrawn, and drop its file."""
        current = self._current
        if current is not None and current[0] == upload_id:
            current[1].stop()
        self.drop(upload_id)

    def drop(self, upload_id: str) -> None:
        """Delete the file of an upload."""
        self.path(upload_id).unlink(missing_ok=True)

    def path(self, upload_id: str) -> Path:
        """Where the bytes of an upload are."""
        return self.folder / upload_id

    def close(self, timeout: float) -> None:
        """Give what is being read back, and end."""
        with self._lock:
            self._leaving = True
            thread, current = self._thread, self._current
        self._asked.set()
        if current is not None:
            current[1].stop()
        if thread is not None:
            thread.join(timeout)

    def _run(self) -> None:
        while self._goes_on():
            try:
                self._drain()
                pause = self._read_elsewhere()
            except _Failure as error:
                logger.warning("uploads cannot be read: %s", type(error).__name__)
                pause = True
            except Exception:
                logger.exception("defect while reading uploads")
                pause = True
            if pause and not self._leaving:
                self._asked.wait(uploads.STALE.total_seconds())
                self._asked.set()

    def _goes_on(self) -> bool:
        """Whether somebody asked since the last look; the thread ends when nobody did."""
        with self._lock:
            if self._asked.is_set() and not self._leaving:
                self._asked.clear()
                return True
            self._thread = None
            return False

    def _drain(self) -> None:
        while not self._leaving:
            with self._database.reading() as session:
                here = [one for one in uploads.waiting(session) if self.path(one).exists()]
            if not here:
                break
            with self._database.writing() as session:
                upload = uploads.claim(session, here[0], self._reader)
            if upload is not None:
                self._take(upload)
        with self._database.writing() as session:
            old = uploads.forget_old(session)
        for upload_id in old:
            self.drop(upload_id)

    def _read_elsewhere(self) -> bool:
        """Whether another process reads something, which this one reads if that dies."""
        with self._database.reading() as session:
            return uploads.any_unfinished(session)

    def _take(self, upload: UploadView) -> None:
        began = time.monotonic()
        with self.path(upload.id).open("rb") as file:
            kind = TalkReading if upload.kind == uploads.TALKS else Reading
            reading = kind(file, upload.name, self._bounds)
            self._current = upload.id, reading
            watched = _Watched(self._database, upload.id, self._reader, reading)
            try:
                results = self._results(upload, reading, watched)
            except _Failure:
                raise  # it is read again when its row has gone stale
            except Exception:
                logger.exception("defect while an upload was read")
                results = [result_of(Refusal(upload.name, "crashed", _DEFECT))]
            finally:
                self._current = None
                watched.end()
        with self._database.writing() as session:
            if self._leaving:
                uploads.give_back(session, upload.id, self._reader)
                return
            uploads.finish(session, upload.id, self._reader, results)
            if upload.kind == uploads.TALKS:
                note_imported(session, upload.added_by, upload.id, results)
        counted.upload_seconds.observe(time.monotonic() - began)
        counted.uploads.add("done" if any("id" in result for result in results) else "failed")
        self._after()
        if not any(result.get("retryable") for result in results):
            self.drop(upload.id)

    def _results(
        self, upload: UploadView, reading: Reading | TalkReading, watched: "_Watched"
    ) -> list[dict[str, Any]]:
        if isinstance(reading, TalkReading):
            return reading.store(self._database, upload.added_by, watched.is_wanted, watched.show)
        wish = adding.Wish(
            space_id=upload.space_id,
            added_by=upload.added_by,
            sha256=upload.sha256,
            replaces=upload.replaces,
        )
        results: list[dict[str, Any]] = []
        for result in adding.add_file(self._database, reading, wish, watched.is_wanted):
            if isinstance(result, Progress):
                watched.progress = result
            elif len(results) < _MOST_RESULTS:
                results.append(result_of(result, reading.notes.get(result.origin, "")))
        return results


class _Watched:
    """Keeps the row of an upload up to date while it is read, and ends the reading with the row."""

    def __init__(
        self, database: Database, upload_id: str, reader: str, reading: Reading | TalkReading
    ) -> None:
        self.progress = Progress("", 0, 0)
        self._database = database
        self._key = upload_id, reader
        self._reading = reading
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upload", daemon=True)
        self._thread.start()

    def is_wanted(self) -> bool:
        with self._database.reading() as session:
            return uploads.is_wanted(session, *self._key)

    def show(self, progress: Progress) -> None:
        self.progress = progress

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_BEAT):
            told = self.progress
            with suppress(*_Failure), self._database.writing() as session:
                if not uploads.beat(session, *self._key, told.unit, told.done, told.total):
                    self._reading.stop()
                    return


def result_of(result: DocumentSummary | Refusal, note: str = "") -> dict[str, Any]:
    """A result as the row keeps it."""
    if isinstance(result, Refusal):
        return {
            "name": result.origin,
            "reason": result.reason,
            "detail": result.detail,
            "retryable": result.reason in PASSING,
        }
    return {
        "id": result.id,
        "name": result.origin,
        "title": result.title,
        "passages": result.passages,
        "duplicate": result.duplicate,
        "version": result.version,
        "note": note,
    }
