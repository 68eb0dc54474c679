"""Asking a provider for a few words, to see whether and how fast it answers.

Keeps true: a test has small limits of its own, and holds no connection of the database; what it
shows holds no key, whatever the provider sent. May import every floor below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.providers.failures import Complaints
from chat.values import Connection, Limits

LIMITS = Limits(
    connect_seconds=5, first_byte_seconds=30, silence_seconds=10, max_chars=4_000, max_events=2_000
)
_WORDS = 200  # characters that are shown
_MODELS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it: the first words and the time to them, or the exact reason for none."""

    words: str = ""
    milliseconds: float | None = None
    models: Sequence[str] = ()
    error: str = ""


def try_provider(connection: Connection) -> Tried:
    """Ask its first model; nothing is raised for what the provider does wrong."""
    from chat.providers.building import try_out  # loaded where there is a model to ask

    trial = try_out(connection, LIMITS)
    complaints = Complaints(connection.name, [connection.key])
    return Tried(
        words=complaints.clean(trial.first_words)[:_WORDS],
        milliseconds=trial.first_word_ms,
        models=[complaints.clean(model) for model in trial.models[:_MODELS]],
        error=complaints.clean(trial.error or ""),
    )
