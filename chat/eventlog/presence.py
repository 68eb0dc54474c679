"""Who has a shared conversation open, at this process and at the others.

Keeps true: only pages of the same conversation are told, each of the others and not of its own
person; a page or a process that is gone is forgotten, at the latest after `_FORGOTTEN` seconds.
May import the plain ground and notices.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from chat import sse
from chat.eventlog.notices import Box, put
from chat.values import Viewer, new_id

_REPEAT_SECONDS = 30.0
_FORGOTTEN = 75.0  # two repetitions may be lost
People = Mapping[str, str]  # names by the ids of their persons


class Here(msgspec.Struct, frozen=True):
    """Who has a conversation open at one process; `asks` others to say the same of theirs."""

    process_id: str
    conversation_id: str
    people: dict[str, str]
    asks: bool = False


@dataclass(slots=True)
class _Place:
    """One conversation: the open pages of this process, and who is there at others, since when."""

    pages: dict[int, tuple[Viewer, Box]] = field(default_factory=dict)
    elsewhere: dict[str, tuple[People, float]] = field(default_factory=dict)


class Presence:
    """Of one process; `relay` carries what is said here to the other processes."""

    def __init__(
        self,
        relay: Callable[[Here], None] = lambda here: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._relay = relay
        self._clock = clock
        self._process_id = new_id()
        self._lock = threading.Lock()
        self._places: defaultdict[str, _Place] = defaultdict(_Place)
        self._next = 0
        self._repeated_at = clock()

    def enter(self, conversation_id: str, viewer: Viewer, box: Box) -> int:
        """A page opens; its number, for `leave`."""
        with self._lock:
            place = self._places[conversation_id]
            self._next += 1
            number, is_first = self._next, not place.pages
            is_new = viewer.id not in _people(place)
            place.pages[number] = (viewer, box)
            here = self._here(conversation_id, place, asks=is_first)
            self._tell(conversation_id, place, None if is_new else number)
        if is_new:
            self._relay(here)
        return number

    def leave(self, conversation_id: str, number: int) -> None:
        """A page closes."""
        with self._lock:
            place = self._places[conversation_id]
            viewer, _ = place.pages.pop(number)
            is_gone = viewer.id not in _people(place)
            here = self._here(conversation_id, place)
            if is_gone:
                self._tell(conversation_id, place)
            if not place.pages:
                del self._places[conversation_id]
        if is_gone:
            self._relay(here)

    def receive(self, data: bytes) -> None:
        """What another process has said, as JSON of a `Here`."""
        said = msgspec.json.decode(data, type=Here)
        with self._lock:
            if said.conversation_id not in self._places:
                return  # nobody here would be told
            place = self._places[said.conversation_id]
            before, _ = place.elsewhere.get(said.process_id, ({}, 0.0))
            place.elsewhere[said.process_id] = (said.people, self._clock())
            if dict(before) != said.people:
                self._tell(said.conversation_id, place)
            here = self._here(said.conversation_id, place)
        if said.asks:
            self._relay(here)

    def repeat(self) -> None:
        """Say again who is here, and forget who was not heard of for long; does so now and then."""
        now = self._clock()
        if now < self._repeated_at + _REPEAT_SECONDS:
            return
        self._repeated_at = now
        with self._lock:
            for conversation_id, place in self._places.items():
                heard = {
                    p: said for p, said in place.elsewhere.items() if said[1] > now - _FORGOTTEN
                }
                if len(heard) < len(place.elsewhere):
                    place.elsewhere = heard
                    self._tell(conversation_id, place)
            said = [self._here(*one) for one in self._places.items()]
        for here in said:
            self._relay(here)

    def _here(self, conversation_id: str, place: _Place, *, asks: bool = False) -> Here:
        return Here(self._process_id, conversation_id, _people(place), asks)

    def _tell(self, conversation_id: str, place: _Place, only: int | None = None) -> None:
        """Tell the pages here, or one of them, of everybody but its own person."""
        everybody = _people(place)
        for people, _ in place.elsewhere.values():
            everybody |= people
        for number, (viewer, box) in place.pages.items():
            if only in {None, number}:
                others = [{"id": i, "name": n} for i, n in everybody.items() if i != viewer.id]
                data = {"conversation_id": conversation_id, "people": others}
                put(box, sse.encode("presence", msgspec.json.encode(data)))


def _people(place: _Place) -> dict[str, str]:
    return {viewer.id: viewer.name for viewer, _ in place.pages.values()}
