"""What leaves a process: the durable copy of what its runs write, and its announcements.

Keeps true: what was written has left for the other processes at most `flush_seconds` and one
commit later, for all runs together; what cannot be stored now is tried again; who writes a run is
told when the store refuses its frames, because another process owns the run by now. May import the
plain ground and its siblings.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from chat.errors import ParleyError
from chat.eventlog.backplane import Announcement, Backplane, Group
from chat.eventlog.live import LiveLog
from chat.metrics import counted

logger = logging.getLogger(__name__)
Refused = Callable[[LiveLog], None]
_SETTLE_SECONDS = 0.5  # between two steps of putting what was appended in its place


class Flusher:
    """One thread for all runs of a process, from the first run on."""

    def __init__(self, backplane: Backplane, flush_seconds: float, on_refused: Refused) -> None:
        self._backplane = backplane
        self._on_refused = on_refused
        self._flush_seconds = flush_seconds
        self._unsaved: list[LiveLog] = []  # those with frames that are not saved, each once
        self._unsaid: list[Announcement] = []
        self._ended: list[str] = []
        self._dirty = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._flushing = threading.Lock()
        self._closing = threading.Event()
        self._doubted: list[tuple[LiveLog, int]] = []  # refused, with the attempt that was
        self._settle_at: float | None = None  # monotonic; None when all is in its place

    @property
    def is_alive(self) -> bool:
        """Whether the thread lives, or has not been needed yet."""
        return self._thread is None or self._thread.is_alive()

    def start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log", daemon=True)
                self._thread.start()

    def add(self, log: LiveLog) -> None:
        """A log has frames that are not saved, and had none before."""
        self._unsaved.append(log)
        self._dirty.set()

    def say(self, announcement: Announcement) -> None:
        """Tell the other processes, soon; who is away meanwhile misses it."""
        self._unsaid.append(announcement)
        self.start()
        self._dirty.set()

    def forget(self, message_id: str) -> None:
        """A run has ended: what is kept of its log may go, once the rest of it is written."""
        self._ended.append(message_id)
        self._dirty.set()

    def flush(self) -> None:
        """Copy everything new in one commit; kept for the next time if it fails."""
        with self._flushing:  # one after the other: the groups of a run are in order
            self._append()
            self._publish()
            self._forget()
            if self._settle_at is not None and time.monotonic() >= self._settle_at:
                self._settle()

    def _settle(self) -> None:
        self._settle_at = self._next_settling()
        try:
            if not self._backplane.settle():
                self._settle_at = None
        except ParleyError as error:
            cause = type(error.__cause__ or error).__name__
            logger.warning("the durable log is not put in order right now: %s", cause)

    @staticmethod
    def _next_settling() -> float:
        return time.monotonic() + _SETTLE_SECONDS

    def _forget(self) -> None:
        ended, self._ended = self._ended, []
        for message_id in ended:
            with suppress(ParleyError):  # it expires by itself
                self._backplane.forget(message_id)

    def _publish(self) -> None:
        unsaid, self._unsaid = self._unsaid, []
        if not unsaid:
            return
        try:
            self._backplane.publish(unsaid)
        except ParleyError as error:
            cause = type(error.__cause__ or error).__name__
            logger.warning("other processes are not told of %d things: %s", len(unsaid), cause)

    def _append(self) -> None:
        self._tell_lost()
        logs, self._unsaved = self._unsaved, []
        taken = [(log, group) for log in logs if (group := log.take_unsaved())]
        if not taken:
            return
        self._settle_at = self._settle_at or self._next_settling()
        try:
            began = time.monotonic()
            refused = self._backplane.append([group for _, group in taken])
            counted.flushes.observe(time.monotonic() - began)
        except ParleyError as error:
            counted.flush_failures.add()
            cause = type(error.__cause__ or error).__name__  # its text would hold the answers'
            logger.warning("the durable log is not written right now: %s", cause)
            for log, group in taken:
                log.give_back(group)
                self.add(log)
        else:
            if refused:
                self._doubt((log, group) for log, group in taken if group.message_id in refused)

    def _doubt(self, refused: Iterable[tuple[LiveLog, Group]]) -> None:
        """Look again at the next flush: this process itself may just be at the next attempt."""
        self._doubted += [(log, group.attempt) for log, group in refused]
        self._dirty.set()

    def _tell_lost(self) -> None:
        doubted, self._doubted = self._doubted, []
        for log, attempt in doubted:
            if log.attempt == attempt and not log.ended:
                self._on_refused(log)

    def shut_down(self, timeout: float) -> None:
        """Stop after a last flush."""
        self._closing.set()
        self._dirty.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait(_SETTLE_SECONDS if self._settle_at is not None else None)
            self._closing.wait(self._flush_seconds)  # let a group gather
            self._save()
        self._save()  # what was written while the flush before was under way

    def _save(self) -> None:
        self._dirty.clear()
        try:
            self.flush()
        except Exception:  # without this thread a process would lose answers in a crash
            logger.exception("defect in the durable log")
