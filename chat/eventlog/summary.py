"""What a log has said so far, for those who come late: its text, and its events without text.

Keeps true: the text exists once, as the parts that were written. May import the plain ground.
"""

from collections.abc import Mapping

from chat import events
from chat.events import Event

_PARTS = 16  # of the text before they are joined: small strings cost more than their letters
_BLOCK = 256  # characters that are not joined again: a text that is joined anew leaves holes


class Summary:
    """Of one log, which numbers its frames and guards this with its lock."""

    __slots__ = ("_landmarks", "_stage", "_text", "_thinking", "confidence", "text_at")

    def __init__(self) -> None:
        self._landmarks: list[tuple[int, bytes]] = []  # all frames that carry no text; a few
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._stage: str | None = None
        self.confidence: float | None = None
        self.text_at = 0  # the place of the last event that changed the text

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def thinking(self) -> str:
        return "".join(self._thinking)

    def told(self) -> list[Event]:
        """The events so far that carry no text, in order."""
        return [events.read_frame(frame) for _, frame in list(self._landmarks)]

    def add(self, event: Event, frame: bytes, place: int) -> None:
        """The next event of the log, and its frame."""
        if isinstance(event, events.Chunk):  # nearly all of them
            text = self._text
            text.append(event.content)
            if len(text) >= _PARTS and len(text[-_PARTS]) < _BLOCK:
                _join(text)
            self.confidence = event.confidence
            self.text_at = place
        else:
            self._apply(event, frame, place)

    def _apply(self, event: Event, frame: bytes, place: int) -> None:
        match event:
            case events.Thinking():
                self._thinking.append(event.content)
                _join(self._thinking)
            case events.Snapshot():
                self._text, self._thinking = [event.content], [event.thinking]
                self.confidence = event.confidence
            case events.Reset():
                self._text, self._thinking, self.confidence = [], [], None
            case _:
                if isinstance(event, events.Progress):
                    if self._stage == event.stage == "queued":  # of its places the last one counts
                        del self._landmarks[-1]
                    self._stage = event.stage
                self._landmarks.append((place, frame))
                return
        self.text_at = place

    def after(self, place: int, begun: Mapping[int, int]) -> list[bytes]:
        """The events without text after `place`, and one snapshot where the text has changed.

        `begun` says after which place each attempt began.
        """
        if self.text_at <= place:
            return [frame for at, frame in self._landmarks if at > place]
        before = [frame for at, frame in self._landmarks if place < at < self.text_at]
        after = [frame for at, frame in self._landmarks if at > self.text_at]
        return [*before, self._snapshot(begun), *after]

    def _snapshot(self, begun: Mapping[int, int]) -> bytes:
        snapshot = events.Snapshot(
            content=self.text,
            thinking=self.thinking,
            confidence=self.confidence,
            stage=self._stage,
            attempt=max(begun),
        )
        attempt, before = max(pair for pair in begun.items() if pair[1] < self.text_at)
        return events.frame(snapshot, attempt, self.text_at - before)


def _join(parts: list[str]) -> None:
    """The last parts as one, where they are many and small."""
    if len(parts) >= _PARTS and len(parts[-_PARTS]) < _BLOCK:
        parts[-_PARTS:] = ["".join(parts[-_PARTS:])]
