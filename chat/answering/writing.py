"""One provider's draft, passed on piece by piece as events.

Keeps true: the markers in the text name sources; nothing is written after a stop; a draft that ends
in any way is closed. May import every floor below answering.
"""

import math
from collections.abc import Iterable

import msgspec

from chat import events
from chat.answering.attempt import Attempt
from chat.errors import ProviderError
from chat.providers.base import Cited, Draft, Finish, Measured, Text, Thinking, Usage
from chat.providers.markers import MarkerFilter
from chat.values import Source

_RUN_TIMEOUT = "run_timeout"


class DraftWriter:
    """Writes one draft into an attempt's log; `max_chars` is where an answer is cut."""

    __slots__ = ("_attempt", "_cancel", "_left", "_markers", "_pieces")

    def __init__(self, attempt: Attempt, draft: Draft, max_chars: int) -> None:
        self._attempt = attempt
        self._pieces, self._cancel = draft.pieces, draft.cancel  # its quotes are in the log
        self._left = max_chars
        # A provider without a prompt makes the markers itself.
        is_checked = draft.tokens_used is not None and not draft.cites_later
        self._markers = self._filter(draft.sources) if is_checked else None

    def write(self) -> None:
        """Until the end, or until somebody or some limit stops the run; may raise ProviderError."""
        attempt = self._attempt
        attempt.stop.ends(self._cancel)
        try:
            self._write_pieces()
        except ProviderError as failure:
            if attempt.stop:
                attempt.stop_reason = "stopped"
            elif failure.code == _RUN_TIMEOUT and attempt.first_text is not None:
                attempt.stop_reason = "timeout"
            else:
                raise
        finally:
            attempt.stop.ends(None)
            self._pieces.close()
            if attempt.stop.asked_at is not None:
                attempt.stopped_after = attempt.clock() - attempt.stop.asked_at
            self._flush()

    def _write_pieces(self) -> None:
        attempt, last = self._attempt, math.inf
        stop = attempt.stop
        for piece in self._pieces:
            if stop.asked_at is not None:
                break
            match piece:
                case Text():
                    self._write_text(piece)
                case Thinking():
                    self._write_thinking(piece)
                case Usage():
                    attempt.usage = piece
                case Finish():
                    attempt.stop_reason = piece.reason
                case Measured():
                    attempt.signals = piece.signals
                case Cited():
                    self._cite(piece)
            if attempt.stop_reason == "length" and self._left <= 0:
                return
            now = attempt.clock()
            if attempt.first_text is not None:
                if now - last > attempt.longest_gap:
                    attempt.longest_gap = now - last
                last = now
            if now >= attempt.deadline and attempt.stop_reason == "end":
                attempt.stop_reason = "timeout"
                return
        if attempt.stop:
            attempt.stop_reason = "stopped"

    def _write_text(self, piece: Text) -> None:
        attempt, content = self._attempt, self._within(piece.content)
        if self._markers is not None:
            content = self._markers.feed(content)
        if attempt.first_text is None:
            if not content:
                return
            attempt.enter("answering", "Writing the answer")
            attempt.first_text = attempt.clock()
        attempt.basis = piece.basis or attempt.basis
        if content:
            confidence = piece.confidence if attempt.basis else None
            if attempt.shift is not None and confidence is not None:
                confidence = self._shifted(confidence)
            attempt.writer.write(events.Chunk(content=content, confidence=confidence))
            attempt.chunks += 1

    def _shifted(self, confidence: float) -> float:
        attempt = self._attempt
        if attempt.shift is None or attempt.basis != "retrieval_support":
            return confidence
        attempt.computed = confidence
        return attempt.shift(confidence)

    def _write_thinking(self, piece: Thinking) -> None:
        attempt, content = self._attempt, self._within(piece.content)
        if attempt.first_text is None and attempt.stage != "thinking":
            attempt.enter("thinking", "Thinking")
        if content:
            attempt.writer.write(events.Thinking(content=content))

    def _within(self, content: str) -> str:
        """As much of it as the answer may still grow, and as can be stored everywhere."""
        if "\0" in content:
            content = content.replace("\0", "\ufffd")
        if len(content) > self._left:
            content = content[: self._left]
            self._attempt.stop_reason = "length"
        self._left -= len(content)
        return content

    def _cite(self, piece: Cited) -> None:
        """Tell the sources anew, and let only their markers pass from now on."""
        self._flush()
        self._markers = self._filter(piece.sources)
        writer, sources = self._attempt.writer, [source.as_json() for source in piece.sources]
        before = [one for one in writer.log.told() if isinstance(one, events.Context)]
        if before and before[-1].sources != sources:
            writer.write(msgspec.structs.replace(before[-1], sources=sources))

    def _flush(self) -> None:
        """What the marker filter still holds back."""
        held = self._markers.end() if self._markers is not None else ""
        if held and self._attempt.first_text is not None:
            confidence = self._attempt.writer.log.confidence
            self._attempt.writer.write(events.Chunk(content=held, confidence=confidence))
            self._attempt.chunks += 1

    def _filter(self, sources: Iterable[Source]) -> MarkerFilter:
        return MarkerFilter(tuple(source.n for source in sources), self._attempt.writer.log.text)
