"""The one reader of a process: what other processes have written, and what they announce.

Keeps true: one thread, from the first need on, which rests while there is none: no mirror, and no
other process; what it reads goes to the mirrors and to who handles announcements of that name; a
backplane that fails is asked again. May import the plain ground and its siblings.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from chat.errors import ParleyError
from chat.eventlog.backplane import Announcement, Backplane
from chat.eventlog.mirrors import Mirrors

logger = logging.getLogger(__name__)
Handler = Callable[[bytes], object]
_ENDS_SECONDS = 1.0  # between two looks for runs that have ended without a word
_DRAIN_SECONDS = 30.0  # between two reads of a process that needs none
_PAUSES = (0.1, 0.5, 1.0, 2.0)  # seconds before a backplane that failed is asked again


class Tailer:
    """Rests while `is_alone` says that there is no other process, and nothing is mirrored."""

    def __init__(
        self, backplane: Backplane, mirrors: Mirrors, is_alone: Callable[[], bool]
    ) -> None:
        self._backplane = backplane
        self._mirrors = mirrors
        self._is_alone = is_alone
        self._handlers: dict[str, Handler] = {}
        self._needed = threading.Event()
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._look_for_ends_at = 0.0

    def handle(self, name: str, handler: Handler) -> None:
        """Have `handler` called with the data of the announcements of this name."""
        self._handlers[name] = handler

    def need(self) -> None:
        """There is something to read for, or it has changed."""
        self._needed.set()
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tailer", daemon=True)
                self._thread.start()
                return
        with suppress(ParleyError):  # then it does not wait either
            self._backplane.wake()

    def look_for_ends(self) -> None:
        """A run has ended somewhere."""
        self._look_for_ends_at = 0.0

    def stop(self) -> None:
        """Let the thread end."""
        self._closing.set()
        self._needed.set()
        if self._thread is not None:
            with suppress(ParleyError):
                self._backplane.wake()

    def join(self, timeout: float) -> None:
        """Wait for the thread to end."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            is_needed = self._is_needed() or self._rest()
            try:
                self.read(_ENDS_SECONDS if is_needed else 0.0)
                failures = 0
            except ParleyError as error:
                if self._closing.is_set():
                    return
                failures += 1
                if failures == 1:
                    logger.warning("other processes are not heard right now: %s", error.detail)
                self._closing.wait(_PAUSES[min(failures, len(_PAUSES)) - 1])
            except Exception:  # without this thread who follows from elsewhere would wait for ever
                logger.exception("defect while reading what other processes write")
                self._closing.wait(_PAUSES[-1])

    def _is_needed(self) -> bool:
        return bool(self._mirrors) or not self._is_alone()

    def _rest(self) -> bool:
        """Wait until there is something to read for, but read now and then; whether there is.

        What nobody takes would fill the connection that tells of changes.
        """
        self._needed.clear()
        return self._is_needed() or self._needed.wait(_DRAIN_SECONDS)

    def read(self, timeout: float) -> None:
        """Take what comes within `timeout` seconds, and look for ends where that is due."""
        places = self._mirrors.places()
        news = self._backplane.read(places, timeout)
        self._mirrors.take(news.groups)
        self._dispatch(news.announcements)
        now = time.monotonic()
        if places and now >= self._look_for_ends_at:
            self._look_for_ends_at = now + _ENDS_SECONDS
            self._mirrors.end()

    def _dispatch(self, announcements: Iterable[Announcement]) -> None:
        for one in announcements:
            handler = self._handlers.get(one.name)
            if handler is None:
                continue  # another version's
            try:
                handler(one.data)
            except Exception:
                logger.exception("defect while handling %s", one.name)
