"""Reads what comes back in the Messages format, streamed or whole.

Keeps true: events and blocks of other kinds are passed over; an error after text leaves the text.
May import the plain ground and the providers' shared files.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from chat.providers.base import Usage
from chat.providers.failures import Complaints
from chat.providers.formats import Reading, Reason

_REASONS: dict[str, Reason] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refused",
}
_STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 403,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


class _Block(msgspec.Struct, gc=False):
    """A block of content, or a change of one; of a message's change only the reason."""

    text: str | None = None
    thinking: str | None = None
    stop_reason: str | None = None


class _Usage(msgspec.Struct, gc=False):
    input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    output_tokens: int | None = None


class _Message(msgspec.Struct, gc=False):
    """A whole answer, or what stands at the beginning of a stream."""

    type: str | None = None
    content: list[_Block] | None = None
    stop_reason: str | None = None
    usage: _Usage | None = None
    error: Any = None


class _Event(msgspec.Struct, gc=False):
    type: str | None = None
    delta: _Block | None = None
    content_block: _Block | None = None
    message: _Message | None = None
    usage: _Usage | None = None
    error: Any = None


_decode = msgspec.json.Decoder(_Event).decode
_decode_whole = msgspec.json.Decoder(_Message).decode


class MessagesReading(Reading):
    """One response."""

    __slots__ = ("_read", "_written")

    def __init__(self, complaints: Complaints) -> None:
        super().__init__(complaints)
        self.has_logprobs = False
        self._read: int | None = None
        self._written: int | None = None

    def take(self, events: Sequence[str]) -> None:
        texts: list[str] = []
        thoughts: list[str] = []
        for data in events:
            try:
                event = _decode(data)
            except msgspec.DecodeError:
                self.misread()
                break
            block = event.delta or event.content_block
            if block is not None:
                if block.text:
                    texts.append(block.text)
                if block.thinking:
                    thoughts.append(block.thinking)
            if event.type not in ("content_block_delta", "ping"):
                self._mark(event)
                if self.is_over or self.failure is not None:
                    break
        self.text, self.thinking = "".join(texts), "".join(thoughts)

    def take_whole(self, body: bytes) -> None:
        self.text = self.thinking = ""
        try:
            message = _decode_whole(body)
        except msgspec.DecodeError:
            self.misread()
            return
        if message.error is not None:
            self.fail(message.error, _status_of(message.error))
            return
        blocks = message.content or ()
        self.text = "".join(block.text or "" for block in blocks)
        self.thinking = "".join(block.thinking or "" for block in blocks)
        self._count(message.usage)
        self._stop(message.stop_reason or "end_turn")
        self.is_over = True

    def _mark(self, event: _Event) -> None:
        """What an event without text tells."""
        if event.error is not None or event.type == "error":
            self.fail(event.error, _status_of(event.error))
        if event.message is not None:
            self._count(event.message.usage)
        self._count(event.usage)
        if event.delta is not None and event.delta.stop_reason:
            self._stop(event.delta.stop_reason)
        self.is_over = event.type == "message_stop"

    def _stop(self, reason: str) -> None:
        self.finish = _REASONS.get(reason, "end")

    def _count(self, usage: _Usage | None) -> None:
        """Numbers grow along a stream; those of the input may come only once."""
        if usage is None:
            return
        parts = usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens
        read = sum(part or 0 for part in parts)
        self._read = read or self._read
        self._written = usage.output_tokens or self._written
        if self._read is not None and self._written is not None:
            self.usage = Usage(self._read, self._written)


def _status_of(error: object) -> int:
    """The HTTP status that an error inside a response stands for."""
    kind = error.get("type") if isinstance(error, dict) else None
    return _STATUS.get(str(kind), 500)
