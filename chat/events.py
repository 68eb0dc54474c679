"""The closed set of events of a run (docs/protocol.md), and the order in which they are legal.

Keeps true: an event is frozen, checked when made, and encoded once into the bytes that every
follower receives. Imports nothing of Parley.
"""

from typing import Any, ClassVar, Literal

import msgspec

Stage = Literal[
    "queued",
    "loading_context",
    "searching_knowledge",
    "analyzing",
    "thinking",
    "answering",
    "cached",
    "retrying",
    "fallback",
    "recovering",
]
StopReason = Literal["end", "stopped", "length", "timeout", "refused"]
Basis = Literal["token_probability", "retrieval_support"]

_encoder = msgspec.json.Encoder()


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One typed step of a run; `name` is its SSE event name, its fields are its data."""

    name: ClassVar[str]
    terminal: ClassVar[bool] = False

    def data(self) -> bytes:
        """The data as one line of compact JSON (UTF-8)."""
        return _encoder.encode(self)


class UserMessage(Event, frozen=True, kw_only=True):
    """The question is durable: made after the commit. `created_at` is RFC 3339 in UTC."""

    name = "user_message"
    id: str
    content: str
    created_at: str
    client_id: str | None


class Start(Event, frozen=True, kw_only=True):
    """An attempt begins."""

    name = "start"
    message_id: str
    conversation_id: str
    parent_id: str | None
    attempt: int
    provider: str
    model: str


class Progress(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A stage really begins; `elapsed_ms` counts from the start of the attempt."""

    name = "progress"
    stage: Stage
    message: str
    elapsed_ms: int
    detail: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.elapsed_ms < 0:
            raise ValueError("elapsed_ms counts from the start of the attempt, from 0")


class Context(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What the answer is made from is known; `cached_at` is when one that is given again was.

    `findings` are what guardrails found in it, without the text.
    """

    name = "context"
    intent: str
    messages_used: int
    tokens_used: int
    sources: list[dict[str, Any]]
    concepts: list[str]
    cached_at: str | None = None
    findings: list[dict[str, Any]] = []


class Thinking(Event, frozen=True, kw_only=True):
    """A provider shows its reasoning."""

    name = "thinking"
    content: str


class Chunk(Event, frozen=True, kw_only=True):
    """More text. `confidence` is 0 to 1, or None where nothing honest can be said."""

    name = "chunk"
    content: str
    confidence: float | None

    def __post_init__(self) -> None:
        if self.confidence is not None:
            _check_confidence(self.confidence)


class Snapshot(Event, frozen=True, kw_only=True):
    """Replaces what a follower has: it joined late, fell behind, or crossed an attempt."""

    name = "snapshot"
    content: str
    thinking: str
    confidence: float | None
    stage: str | None
    attempt: int

    def __post_init__(self) -> None:
        if self.confidence is not None:
            _check_confidence(self.confidence)


class Reset(Event, frozen=True, kw_only=True):
    """The text so far is withdrawn and starts again."""

    name = "reset"
    reason: str


class Complete(Event, frozen=True, kw_only=True):
    """The end: the message is durable; `content` equals all chunks since the last reset."""

    name = "complete"
    terminal = True
    id: str
    content: str
    metadata: dict[str, Any]


class Error(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The end: the run failed; what was written so far is kept on the message."""

    name = "error"
    terminal = True
    code: str
    message: str
    retryable: bool
    retry_after: float | None = None


def _check_confidence(value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError("confidence is a probability from 0 to 1, or None")


ALL: dict[str, type[Event]] = {
    kind.name: kind
    for kind in (
        UserMessage, Start, Progress, Context, Thinking, Chunk, Snapshot, Reset, Complete, Error,
    )
}  # fmt: skip

_HEADS = {kind: b"\nevent: %b\ndata: " % kind.name.encode() for kind in ALL.values()}
_WITHIN = frozenset({"start", "progress", "context", "thinking", "chunk", "snapshot", "reset"})
_ENDS = frozenset({"complete", "error"})
# What may follow each event; None is the beginning of an attempt's log.
FOLLOWS: dict[str | None, frozenset[str]] = {
    None: frozenset({"user_message", "start"}),
    "user_message": frozenset({"start", "error"}),
    **{name: _WITHIN | _ENDS for name in _WITHIN},
    **dict.fromkeys(_ENDS, frozenset[str]()),
}


class EventId(msgspec.Struct, frozen=True, order=True):
    """`<attempt>-<seq>`, both from 1; the ids of one message only ever grow. 0-0 is before all."""

    attempt: int
    seq: int

    def __str__(self) -> str:
        return f"{self.attempt}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "EventId":
        """The id that `text` names; ValueError when it is not of the form `<attempt>-<seq>`."""
        attempt, dash, seq = text.partition("-")
        if not (dash and _is_number(attempt) and _is_number(seq)):
            raise ValueError("an event id is <attempt>-<seq>, as in 1-17")
        return cls(int(attempt), int(seq))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


BEGINNING = EventId(0, 0)


def frame(event: Event, attempt: int, seq: int) -> bytes:
    """The bytes of the event `<attempt>-<seq>` as every follower receives them.

    The name is one of the closed set and the data comes from an encoder that writes no raw line
    end, so that there is nothing to be checked for each token.
    """
    return b"id: %d-%d%b%b\n\n" % (attempt, seq, _HEADS[type(event)], _encoder.encode(event))


def read_frame(frame: bytes) -> Event:
    """The event of bytes that `frame` has made."""
    _, event, data, _, _ = frame.split(b"\n")
    return parse(event[len(b"event: ") :].decode(), data[len(b"data: ") :])


def parse(name: str, data: str | bytes) -> Event:
    """The event that a frame holds; ValueError for an unknown name or data of another shape."""
    try:
        return msgspec.json.decode(data, type=ALL[name])
    except (KeyError, msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(f"not an event of a run: {name}") from error
