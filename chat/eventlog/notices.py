"""What happens on the site, told at once to the open pages of whoever may see it.

Keeps true: a notice reaches its audience only; a page that does not read never makes a queue grow
and never holds anybody up: it is told to look anew. `relay` carries notices to the other processes,
which `receive` them. May import the plain ground.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from chat import sse
from chat.values import Viewer

Box = queue.Queue[bytes]  # where the frames of an open page arrive
_QUEUE = 64
_LOOK_ANEW = sse.encode("resync", b"{}")


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see a thing: its owner, or the members of the space that it is shared with."""

    owner_id: str
    space_id: str | None = None

    def holds(self, viewer: Viewer) -> bool:
        if self.space_id is None:
            return viewer.id == self.owner_id
        return self.space_id in viewer.space_ids  # who has left it owns nothing of it any more


class Notice(msgspec.Struct, frozen=True):
    """One notice on its way to the other processes; `data` is JSON."""

    name: str
    owner_id: str
    space_id: str | None
    data: msgspec.Raw


class Notices:
    """The open pages of this process, and what they are told."""

    def __init__(self, relay: Callable[[Notice], None] = lambda notice: None) -> None:
        self._relay = relay
        self._lock = threading.Lock()
        self._pages: dict[int, tuple[Viewer, Box]] = {}
        self._next = 0

    def publish(self, name: str, audience: Audience, **data: Any) -> None:
        """Tell everybody of the audience who has a page open, here and elsewhere; encoded once."""
        raw = msgspec.Raw(msgspec.json.encode(data))
        notice = Notice(name, audience.owner_id, audience.space_id, raw)
        self._deliver(notice)
        self._relay(notice)

    def receive(self, data: bytes) -> None:
        """What another process has published, as JSON of a `Notice`."""
        self._deliver(msgspec.json.decode(data, type=Notice))

    def _deliver(self, notice: Notice) -> None:
        audience = Audience(notice.owner_id, notice.space_id)
        frame = sse.encode(notice.name, bytes(notice.data))
        with self._lock:
            pages = [box for viewer, box in self._pages.values() if audience.holds(viewer)]
        for box in pages:
            put(box, frame)

    def subscribe(self, viewer: Viewer) -> tuple[int, Box]:
        """A page opens: its number, for `unsubscribe`, and where its frames arrive."""
        box: queue.Queue[bytes] = queue.Queue(_QUEUE)
        with self._lock:
            self._next += 1
            self._pages[self._next] = (viewer, box)
            return self._next, box

    def unsubscribe(self, number: int) -> None:
        """A page closes."""
        with self._lock:
            self._pages.pop(number, None)


def read(box: Box, timeout: float) -> Iterator[bytes | None]:
    """Frames as they come, for ever; None when nothing came for `timeout` seconds."""
    while True:
        try:
            yield box.get(timeout=timeout) or None
        except queue.Empty:
            yield None


def wake(box: Box) -> None:
    """Make `read` yield once, so that its reader can look around."""
    put(box, b"")


def put(box: Box, frame: bytes) -> None:
    """Give a page a frame; one that does not read is told to look anew instead."""
    try:
        box.put_nowait(frame)
    except queue.Full:
        with box.mutex:
            box.queue.clear()
            box.queue.append(_LOOK_ANEW)
