"""What a provider is: something that writes an answer, piece by piece.

Keeps true: a provider yields the pieces below and nothing else; every failure of its transport is a
`ProviderError`; closing `Draft.pieces` ends its work and closes its socket, and so does
`Draft.cancel`, at once and from any thread. May import the plain ground.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec

from chat.events import Basis
from chat.values import AnswerRequest, Source


class Text(msgspec.Struct, frozen=True):
    """More text; `confidence` is the value for the answer so far, or None.

    `basis` is what that rests on, where it may be another than the draft's.
    """

    content: str
    confidence: float | None = None
    basis: Basis | None = None


class Thinking(msgspec.Struct, frozen=True):
    """More of the provider's own reasoning."""

    content: str


class Usage(msgspec.Struct, frozen=True):
    """What was read and written, in the provider's tokens; `estimated` when it does not tell."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False


class Cited(msgspec.Struct, frozen=True):
    """What the markers of the text name from now on: a provider that searches tells it late."""

    sources: Sequence[Source]


class Finish(msgspec.Struct, frozen=True):
    """Why the provider stopped writing; without it, because the answer was whole."""

    reason: Literal["end", "length", "refused"]


class Measured(msgspec.Struct, frozen=True):
    """The signals that the last confidence was computed from: names, values from 0 to 1 or any."""

    signals: Mapping[str, float]


Piece = Text | Thinking | Usage | Cited | Measured | Finish


def nothing_to_cancel() -> None:
    """For a provider that waits for nobody."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer about to be written: what its markers name, and its pieces, made as they are read.

    `continues` says that `pieces` go on after `AnswerRequest.written`; if it is false where there
    was something written, the text so far is withdrawn. `analysis` holds what the Why panel
    shows: the signals of the confidence and the like. `suggestions` are what might be asked next.
    `messages_used` and `tokens_used` tell what of the conversation went into a model's prompt, and
    an estimate of the whole of it; None for a provider that has no prompt. `cites_later` says that
    the sources come with the text or after it, as `Cited`: until then any marker may stand.
    `prompt_sha256` is of all that was sent to a model.
    `cancel` ends a wait of `pieces` for the network, at once and from any thread; it may be called
    more than once.
    """

    sources: Sequence[Source]
    pieces: Generator[Piece, None, None]
    confidence_basis: Basis | None = None
    continues: bool = False
    analysis: Mapping[str, Any] = field(default_factory=dict)
    suggestions: Sequence[str] = ()
    messages_used: int | None = None
    tokens_used: int | None = None
    cites_later: bool = False
    prompt_sha256: str | None = None
    cancel: Callable[[], None] = nothing_to_cancel


class Provider(Protocol):
    """A writer of answers; `name` is what settings, events and pages call it."""

    name: str
    models: Sequence[str]

    def open(self, request: AnswerRequest) -> Draft:
        """Begin an answer without waiting for a network: that comes with the first piece.

        May raise ProviderError; so may reading the pieces.
        """
        ...
