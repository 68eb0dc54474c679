"""Makes the provider that a connection describes, lists its models, and tries it.

May import the plain ground and the files beside it.
"""

import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

import msgspec

from chat.errors import ParleyError, ProviderError
from chat.providers.anthropic import Messages
from chat.providers.base import Draft, Text, Thinking
from chat.providers.formats import Format
from chat.providers.model_provider import ModelProvider, connect
from chat.providers.openai_compatible import ChatCompletions
from chat.providers.pacing import Pace
from chat.values import AnswerRequest, Connection, Depth, Limits, Retrieval

_ASK = "Say hello in five words."
_WORDS = 12  # are enough to see that it answers
_MODELS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a provider answered, and after how long; `error` is the exact reason if it did not."""

    first_words: str = ""
    first_word_ms: float | None = None
    models: Sequence[str] = ()
    error: str = ""


class _Listed(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class _List(msgspec.Struct):
    data: list[_Listed] | None = None
    models: list[_Listed] | None = None


def format_of(connection: Connection) -> Format:
    """The wire format that a connection speaks, with its vendor's habits."""
    return Messages() if connection.kind == "anthropic" else ChatCompletions(connection.preset)


def build_provider(connection: Connection, limits: Limits, pace: Pace) -> ModelProvider:
    """The provider of a connection; nothing is sent yet."""
    return ModelProvider(connection, limits, pace, format_of(connection))


def list_models(connection: Connection, limits: Limits) -> list[str]:
    """The models on offer, as the server names them; raises ProviderError."""
    wire_format = format_of(connection)
    with closing(connect(connection, limits, wire_format)) as upstream:
        body = upstream.get(wire_format.models_path)
        try:
            found = msgspec.json.decode(body, type=_List)
        except msgspec.DecodeError as error:
            raise upstream.complaints.broken("sent no list of models") from error
    names = (one.id or one.name for one in found.data or found.models or ())
    return list(dict.fromkeys(name for name in names if name))[:_MODELS]


def try_out(connection: Connection, limits: Limits) -> Trial:
    """Ask the first model for a few words; nothing is raised for what the provider does wrong."""
    models: list[str] = []
    with suppress(ProviderError):  # not every server lists its models
        models = list_models(connection, limits)
    began = time.monotonic()
    deadline = began + limits.first_byte_seconds + limits.silence_seconds
    request = AnswerRequest(
        _ASK, (), Retrieval("greeting", {}, (), ()), Depth.QUICK, deadline=deadline
    )
    try:
        with closing(build_provider(connection, limits, Pace())) as provider:
            words, first_at = _first_words(provider.open(request))
    except ParleyError as failure:
        return Trial(models=models, error=failure.detail)
    waited = None if first_at is None else round((first_at - began) * 1000, 1)
    return Trial(first_words=words, first_word_ms=waited, models=models)


def _first_words(draft: Draft) -> tuple[str, float | None]:
    """What is written first, or thought, and when it came."""
    text, thought, first_at = "", "", None
    with closing(draft.pieces) as pieces:
        for piece in pieces:
            if isinstance(piece, Text):
                first_at = first_at or time.monotonic()
                text += piece.content
            elif isinstance(piece, Thinking):
                thought += piece.content
            if len(text.split()) > _WORDS:
                break
    return " ".join((text or thought).split()[:_WORDS]), first_at
