"""One attempt's log in memory: written by its run, read by any number of followers.

Keeps true: `write` never waits for a follower or a disk; memory is bounded, because only the newest
frames are held one by one. Whoever needs older ones gets the events without text, then one
`snapshot` of the text. The text exists once, as the parts that were written. May import the plain
ground.
"""

import threading
from collections import deque
from collections.abc import Iterator
from itertools import islice

from chat import events
from chat.events import Event, EventId

MAX_FRAMES = 96
MAX_BYTES = 12 * 1024
_PARTS = 32  # of the text before they are joined: small strings cost more than their letters


class LiveLog:
    """The log of one attempt; every method may be called from any thread."""

    def __init__(self, message_id: str, attempt: int) -> None:
        self.message_id = message_id
        self.attempt = attempt
        self._changed = threading.Condition()
        self._recent: deque[bytes] = deque()  # the newest frames; the last one's seq is `_seq`
        self._recent_bytes = 0
        self._landmarks: list[tuple[int, bytes]] = []  # all frames that carry no text; a few
        self._unsaved: list[tuple[int, bytes]] = []  # frames that the durable log has not yet
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._confidence: float | None = None
        self._stage: str | None = None
        self._seq = 0
        self._text_seq = 0  # the last event that changed the text
        self._ended = False

    @property
    def next_seq(self) -> int:
        """The seq that the next event will have."""
        return self._seq + 1

    @property
    def text(self) -> str:
        """The text so far: that of all chunks since the last reset or snapshot."""
        return "".join(self._text)

    @property
    def thinking(self) -> str:
        return "".join(self._thinking)

    @property
    def confidence(self) -> float | None:
        return self._confidence

    def write(self, event: Event) -> EventId:
        """Append one event and wake the followers."""
        with self._changed:
            event_id = EventId(self.attempt, self._seq + 1)
            frame = events.frame(event, event_id)
            self._seq += 1
            self._apply(event, frame)
            self._recent.append(frame)
            self._recent_bytes += len(frame)
            while len(self._recent) > MAX_FRAMES or (
                self._recent_bytes > MAX_BYTES and len(self._recent) > 1
            ):
                self._recent_bytes -= len(self._recent.popleft())
            self._ended = self._ended or event.terminal
            if not event.terminal:
                self._unsaved.append((self._seq, frame))
            self._changed.notify_all()
        return event_id

    def _apply(self, event: Event, frame: bytes) -> None:
        match event:
            case events.Chunk():
                self._text.append(event.content)
                if len(self._text) > _PARTS:
                    self._text = [self.text]
                self._confidence = event.confidence
            case events.Thinking():
                self._thinking.append(event.content)
            case events.Snapshot():
                self._text, self._thinking = [event.content], [event.thinking]
                self._confidence = event.confidence
            case events.Reset():
                self._text, self._thinking, self._confidence = [], [], None
            case _:
                if isinstance(event, events.Progress):
                    self._stage = event.stage
                self._landmarks.append((self._seq, frame))
                return
        self._text_seq = self._seq

    def take_unsaved(self) -> list[tuple[int, bytes]]:
        """The frames that are not in the durable log yet; they count as saved from now on."""
        with self._changed:
            unsaved, self._unsaved = self._unsaved, []
        return unsaved

    def give_back(self, frames: list[tuple[int, bytes]]) -> None:
        """Frames that could not be saved; they are taken again the next time."""
        with self._changed:
            self._unsaved = frames + self._unsaved

    def end(self) -> None:
        """No more events will come, with or without a terminal one: followers stop waiting."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wake(self) -> None:
        """Let every follower look whether it should go on."""
        with self._changed:
            self._changed.notify_all()

    def follow(self, after: EventId, timeout: float) -> Iterator[bytes | None]:
        """Frames after `after` to the terminal one, as many at once as there are.

        None when nothing came for `timeout` seconds, or `wake` was called.
        """
        position = after
        while True:
            with self._changed:
                batch, position, ended = self._read_after(position)
                if not batch and not ended:
                    self._changed.wait(timeout)
                    batch, position, ended = self._read_after(position)
            if batch or not ended:
                yield b"".join(batch) or None
            if ended:
                return

    def _read_after(self, after: EventId) -> tuple[list[bytes], EventId, bool]:
        """What a follower at `after` lacks, where it is then, and whether that is the end."""
        known = after.attempt == self.attempt and after.seq <= self._seq
        seq = after.seq if known else 0
        same = known or (after == events.BEGINNING and not self._text_seq)
        if same and self._seq - seq <= len(self._recent):
            fresh = self._newest(self._seq - seq)
        elif self._text_seq > seq:
            fresh = [frame for number, frame in self._landmarks if seq < number < self._text_seq]
            fresh.append(self._snapshot())
            fresh += [frame for number, frame in self._landmarks if number > self._text_seq]
        else:
            fresh = [frame for number, frame in self._landmarks if number > seq]
        return fresh, EventId(self.attempt, self._seq), self._ended

    def _newest(self, count: int) -> list[bytes]:
        """The last `count` frames, taken from that end: a follower lacks only a few."""
        newest = list(islice(reversed(self._recent), count))
        newest.reverse()
        return newest

    def _snapshot(self) -> bytes:
        snapshot = events.Snapshot(
            content=self.text,
            thinking=self.thinking,
            confidence=self._confidence,
            stage=self._stage,
            attempt=self.attempt,
        )
        return events.frame(snapshot, EventId(self.attempt, self._text_seq))
