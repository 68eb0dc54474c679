"""Who can write: the providers and models that the composer offers, and the one that is chosen.

A page has one field for both, `writer`, with the name of the provider, a space, and the model; the
API has `provider` and `model`. May import every floor below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.providers.registry import Registry


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider with its models, each as its name and the value of its option."""

    provider: str
    models: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything that can be chosen; `chosen` is the value that stands there first."""

    providers: Sequence[Offer]
    chosen: str

    @property
    def is_choice(self) -> bool:
        return len(self.providers) > 1 or len(self.providers[0].models) > 1


def offer_writers(
    registry: Registry, answers: Sequence[Mapping[str, Any]], order: Sequence[str] = ()
) -> Offers:
    """All of them, those that the space names first; chosen is who wrote the last of `answers`.

    These come oldest first, and who wrote them may be gone by now.

    An answer that somebody else had to write does not count: that was nobody's choice.
    """
    providers = [
        Offer(one.name, [(model, value_of(one.name, model)) for model in one.models])
        for one in registry.in_order(order)
    ]
    known = [value for offer in providers for _, value in offer.models]
    wrote = [
        value_of(details.get("provider"), details.get("model"))
        for details in answers
        if not _was_handed_over(details)
    ]
    chosen = wrote[-1] if wrote and wrote[-1] in known else known[0]
    return Offers(providers, chosen)


def value_of(provider: object, model: object) -> str:
    """How a form names a model of a provider, whose name has no space in it."""
    return f"{provider} {model}"


def read_writer(form: Mapping[str, str]) -> tuple[str, str]:
    """Provider and model of a form: from the field of the composer, or from two of their names."""
    provider, _, model = form.get("writer", "").partition(" ")
    return (provider or form.get("provider", ""))[:100], (model or form.get("model", ""))[:200]


def _was_handed_over(details: Mapping[str, Any]) -> bool:
    stages = (details.get("analysis") or {}).get("stages") or []
    return any(stage.get("stage") == "fallback" for stage in stages)
