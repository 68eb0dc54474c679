"""One run's log in memory: written by its run, read by any number of followers.

Keeps true: `write` never waits for a follower or a disk; memory is bounded, because only the newest
frames are held one by one. Whoever needs older ones gets the events without text, then one
`snapshot` of the text. Inside, a frame's place is its number from 1 over all attempts; outside it
is an `EventId`. May import the plain ground, backplane, following and summary.
"""

from collections.abc import Callable, Iterable, Iterator

from chat import events
from chat.eventlog.backplane import Group
from chat.eventlog.following import WAITING, Follower, Outlet
from chat.eventlog.summary import Summary
from chat.events import Event, EventId
from chat.offload import brief_lock

MAX_FRAMES = 16  # a second and a half of a busy site
MAX_BYTES = 2 * 1024
_STRAIGHT = 32  # readers that one write serves itself: more of them would hold others up


class LiveLog:
    """The log of one run; every method may be called from any thread.

    `on_unsaved` is told when there is something to save again, after there was nothing.
    """

    __slots__ = (
        "_before", "_begun", "_ended", "_last", "_lock", "_recent", "_recent_bytes", "_saved",
        "_sealed", "_summary", "_tell_unsaved", "_unsaved", "_waiting", "attempt", "message_id",
    )  # fmt: skip

    def __init__(
        self,
        message_id: str,
        attempt: int,
        on_unsaved: Callable[["LiveLog"], None] = lambda log: None,
    ) -> None:
        self.message_id = message_id
        self.attempt = attempt
        self._tell_unsaved = on_unsaved
        self._lock = brief_lock()
        self._waiting: list[Follower] = []  # each is served or woken when there is something
        self._begun = {attempt: 0}  # after which place each attempt began
        self._before = 0  # the same of this attempt
        self._last = 0  # the place of the newest frame
        self._recent: list[bytes] = []  # the newest frames, up to `_last`
        self._recent_bytes = 0
        self._saved = 0  # the seq that the durable log has come to
        self._unsaved: list[bytes] = []  # the attempt's frames after that, some of them joined
        self._summary = Summary()
        self._ended = False
        self._sealed = 0  # terminal frames written, which the durable log does not get

    @property
    def next_seq(self) -> int:
        """The seq that the next event will have."""
        return self._last - self._before + 1

    @property
    def text(self) -> str:
        """The text so far: that of all chunks since the last reset or snapshot."""
        return self._summary.text

    @property
    def thinking(self) -> str:
        return self._summary.thinking

    @property
    def confidence(self) -> float | None:
        return self._summary.confidence

    def told(self) -> list[Event]:
        """The events so far that carry no text, in order."""
        return self._summary.told()

    @property
    def last_id(self) -> EventId:
        """The id of the newest event."""
        return EventId(self.attempt, self.next_seq - 1)

    def write(self, event: Event) -> None:
        """Append one event and serve or wake the followers."""
        with self._lock:
            frame = events.frame(event, self.attempt, self._last - self._before + 1)
            self._add(event, frame)
            if event.terminal:
                self._sealed = 1
                return
            is_first = not self._unsaved
            self._unsaved.append(frame)
            if self._waiting:
                self._serve(frame)
        if is_first:  # without the lock: who is told may take what there is
            self._tell_unsaved(self)

    def extend(self, written: Iterable[tuple[Event, bytes]]) -> None:
        """Append events of this attempt that another process has written, with their frames."""
        with self._lock:
            frames = [self._add(event, frame) for event, frame in written]
            if self._waiting and frames and not self._ended:
                self._serve(b"".join(frames))

    def _add(self, event: Event, frame: bytes) -> bytes:
        self._last += 1
        self._summary.add(event, frame, self._last)
        if event.terminal:
            self._ended = True
            self._recent.append(frame)  # whatever its size: whoever lacks only this gets it
            self._wake()
        else:
            self._keep(frame)
        return frame

    def begin_attempt(self, attempt: int) -> None:
        """What follows belongs to `attempt`; what the former one has not saved is not saved."""
        with self._lock:
            if attempt <= self.attempt:
                raise ValueError("the attempts of a run only grow")
            self.attempt = attempt
            self._begun[attempt] = self._before = self._last
            self._saved, self._unsaved = 0, []

    def _keep(self, frame: bytes) -> None:
        """Hold a frame, and let go of the oldest ones that are too much."""
        recent = self._recent
        recent.append(frame)
        self._recent_bytes += len(frame)
        while len(recent) > MAX_FRAMES or (self._recent_bytes > MAX_BYTES and len(recent) > 1):
            self._recent_bytes -= len(recent.pop(0))

    @property
    def ended(self) -> bool:
        """Whether no more events will come."""
        return self._ended

    def take_unsaved(self) -> Group | None:
        """The frames that are not in the durable log yet; they count as saved from now on."""
        with self._lock:
            if not self._unsaved:
                return None
            group = self._unsaved_group()
            self._saved, self._unsaved = group.last_seq, []
            return group

    def peek_unsaved(self) -> Group | None:
        """The same frames, which stay unsaved."""
        with self._lock:
            return self._unsaved_group() if self._unsaved else None

    def _unsaved_group(self) -> Group:
        last_seq = self._last - self._before - self._sealed
        frames = b"".join(self._unsaved)
        return Group(self.message_id, self.attempt, self._saved + 1, last_seq, frames)

    def give_back(self, group: Group) -> None:
        """Frames that could not be saved; they are taken again the next time."""
        with self._lock:
            # Not where another attempt has begun, or later frames need not be saved any more.
            if group.attempt == self.attempt and group.last_seq == self._saved:
                self._saved = group.first_seq - 1
                self._unsaved.insert(0, group.frames)

    def end(self) -> None:
        """No more events will come, with or without a terminal one: followers stop waiting."""
        with self._lock:
            self._ended = True
            self._wake()

    def wake(self) -> None:
        """Let every follower look whether it should go on."""
        with self._lock:
            self._wake()

    def _serve(self, frame: bytes) -> None:
        """Give the newest frame to those who wait, or wake them; they have read all before it."""
        waiting, last = self._waiting, self._last
        self._waiting = [one for one in waiting[:_STRAIGHT] if one.take(frame, last)]
        for follower in waiting[_STRAIGHT:]:
            follower.wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for follower in waiting:
            follower.wake()

    def follow(
        self, after: EventId, timeout: float | None = None, outlet: Outlet | None = None
    ) -> Iterator[bytes | None]:
        """Frames after `after` to the terminal one, as many at once as there are.

        None when `wake` was called, or nothing came for `timeout` seconds if there is a limit.
        Frames that `outlet` takes while the follower waits are not told a second time. WAITING
        where that is its gate: the iterator is to be asked again when the gate is released.
        """
        me = Follower(self._place_of(after), outlet)
        while True:
            with self._lock:
                batch, me.place, ended = self._read_after(me.place)
                if not batch and not ended:
                    self._waiting.append(me)
            if batch:
                yield b"".join(batch)
            elif not ended:
                if me.lock is None:
                    yield WAITING
                if not self._wait(me, timeout):
                    yield None
            if ended:
                return

    def _wait(self, me: Follower, timeout: float | None) -> bool:
        """Wait until somebody wakes; whether there is something then."""
        if me.lock is not None and not me.lock.acquire(timeout=-1 if timeout is None else timeout):
            with self._lock:
                if me in self._waiting:
                    self._waiting.remove(me)
                else:  # released in this very moment
                    me.lock.acquire()
        if me.outlet is not None:
            me.outlet.flush()
        return self._last != me.place or self._ended

    def _place_of(self, after: EventId) -> int | None:
        """The place of an id; None when this log has never given it."""
        begun = self._begun.get(after.attempt)
        if begun is None:
            return 0 if after == events.BEGINNING and not self._summary.text_at else None
        ends = min((b for b in self._begun.values() if b > begun), default=self._last)
        return begun + after.seq if begun + after.seq <= ends else None

    def _read_after(self, place: int | None) -> tuple[list[bytes], int, bool]:
        """What a follower at `place` lacks, where it is then, and whether that is the end."""
        lacks = self._last - (place or 0)
        if place is not None and lacks <= len(self._recent):
            fresh = self._recent[-lacks:] if lacks else []
        else:
            fresh = self._summary.after(place or 0, self._begun)
        return fresh, self._last, self._ended
