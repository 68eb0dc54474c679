"""What a provider is: something that writes an answer, piece by piece.

Keeps true: a provider yields text, thinking and usage and nothing else; every failure of its
transport is a `ProviderError`; closing `Draft.pieces` ends its work and closes its socket at once.
May import the plain ground.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chat.events import Basis
from chat.values import AnswerRequest, Source


@dataclass(frozen=True, slots=True)
class Text:
    """More text; `confidence` is the value for the answer so far, or None."""

    content: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Thinking:
    """More of the provider's own reasoning."""

    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What was read and written, in the provider's tokens."""

    prompt_tokens: int
    completion_tokens: int


Piece = Text | Thinking | Usage


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer about to be written: what its markers name, and its pieces, made as they are read.

    `continues` says that `pieces` go on after `AnswerRequest.written`; if it is false where there
    was something written, the text so far is withdrawn. `analysis` holds what the Why panel
    shows: the signals of the confidence and the like. `suggestions` are questions to ask next.
    """

    sources: Sequence[Source]
    pieces: Generator[Piece, None, None]
    confidence_basis: Basis | None = None
    continues: bool = False
    analysis: Mapping[str, Any] = field(default_factory=dict)
    suggestions: Sequence[str] = ()


class Provider(Protocol):
    """A writer of answers; `name` is what settings, events and pages call it."""

    name: str
    models: Sequence[str]

    def open(self, request: AnswerRequest) -> Draft:
        """Begin an answer without waiting for a network: that comes with the first piece.

        May raise ProviderError; so may reading the pieces.
        """
        ...
