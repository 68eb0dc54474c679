"""Shows followers elsewhere what the runs of this process write, before it is durable.

Keeps true: what was written has left `seconds` and one round trip later; nothing depends on it:
what is not shown here, or is lost on the way, is told once it is stored. May import the plain
ground and its siblings.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from chat.errors import ParleyError
from chat.eventlog.backplane import Group
from chat.eventlog.live import LiveLog

logger = logging.getLogger(__name__)


class Publisher:
    """One thread for all runs of a process, from the first frame on; `show` may fail."""

    def __init__(self, show: Callable[[Sequence[Group]], object], seconds: float = 0.04) -> None:
        self._show = show
        self._seconds = seconds
        self._logs: set[LiveLog] = set()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, log: LiveLog) -> None:
        """A log has frames that are not stored, and had none before."""
        self._logs.add(log)
        self._dirty.set()
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
                self._thread.start()

    def publish(self) -> None:
        """Show what is not stored yet; a log stays for the next time until all of it is."""
        logs, self._logs = self._logs, set()
        unsaved = [(log, group) for log in logs if (group := log.peek_unsaved())]
        if not unsaved:
            return
        self._logs.update(log for log, _ in unsaved)
        self._dirty.set()
        try:
            self._show([group for _, group in unsaved])
        except ParleyError:  # whoever carries it has said so
            return

    def shut_down(self) -> None:
        """Stop; what is left is stored and told by others."""
        self._closing.set()
        self._dirty.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            self._closing.wait(self._seconds)  # let a group gather
            self._dirty.clear()
            try:
                self.publish()
            except Exception:
                logger.exception("defect while showing what is written")
