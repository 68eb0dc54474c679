"""What is done about personal data, as forms offer it and as pages tell it of an answer.

`static/js/lib/personal-words.js` says the same while a script follows an answer. Keeps true: what
is stored never breaks a page. May import every floor below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat.errors import Invalid
from chat.safety.personal.counting import KINDS, in_words
from chat.values import DataPolicy

_LABELS = {
    DataPolicy.OFF: "Send it",
    DataPolicy.WARN: "Send it, and say so",
    DataPolicy.REDACT: "Replace it by placeholders",
    DataPolicy.REFUSE: "Take no question with it",
}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Warned:
    """What a reader is told of what went to a provider."""

    strong: str
    text: str


def choices_of_space() -> Choices:
    """Off says nothing: then each provider has its own."""
    more = [(policy.word, label) for policy, label in _LABELS.items() if policy]
    return [(DataPolicy.OFF.word, "As the provider has it"), *more]


def choices_of_provider(default: DataPolicy) -> Choices:
    """With nothing chosen, the site's own counts."""
    own = [(policy.word, label) for policy, label in _LABELS.items()]
    usual = _LABELS[default]
    return [("", f"As the site has it ({usual[:1].lower()}{usual[1:]})"), *own]


def read_policy(text: str) -> DataPolicy | None:
    """The policy of a form's word, None for an empty one; Invalid for another."""
    words = {policy.word: policy for policy in DataPolicy}
    if text and text not in words:
        raise Invalid("personal_data: there is no such choice.")
    return words.get(text)


def warned_of(details: Mapping[str, Any]) -> Warned | None:
    """What went to a provider that a policy warns of."""
    counts = _counts(details, "warn")
    if not counts:
        return None
    provider = details.get("provider") or "the provider"
    return Warned(f"Personal data went to {provider}.", f"{_capital(in_words(counts))}.")


def personal_words(details: Mapping[str, Any]) -> str:
    """What was found and what became of it, as the Why panel has it; "" for nothing."""
    became = {"warn": "sent as it is", "redact": "replaced by placeholders"}
    counted = {action: in_words(_counts(details, action)) for action in became}
    return "; ".join(
        f"{_capital(words)}, {became[action]}" for action, words in counted.items() if words
    )


def _counts(details: Mapping[str, Any], action: str) -> dict[str, int]:
    found = details.get("findings")
    return {
        one["kind"]: one["count"]
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, Mapping)
        and (one.get("guard"), one.get("action")) == ("personal", action)
        and one.get("kind") in KINDS
        and isinstance(one.get("count"), int)
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
