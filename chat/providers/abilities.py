"""What a provider's models turned out to refuse, so that each refusal is met only once.

Keeps true: only what a request really held is left out, and only when a refusal names it, or
complains of unknown fields without naming one. May import the files beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.providers.failures import StatusError

STREAM, SYSTEM, MAX_TOKENS, PREFILL = "stream", "system", "max_tokens", "prefill"
_COMMON = {STREAM, SYSTEM, MAX_TOKENS}  # every server knows these
# 403 is how OpenAI answers for log-probabilities, 500 how llama-cpp-python does.
_MAY_NAME = frozenset({400, 403, 405, 422, 500, 501})
_UNNAMED = re.compile(
    r"(?i)extra (?:inputs?|fields?)|(?:unknown|unexpected|unrecognized|unsupported) "
    r"(?:name|field|parameter|argument|key|propert)|additional propert"
)
_TOO_LONG = re.compile(
    r"(?i)context|too (?:long|many tokens|large)|exceed|maximum.{0,20}(?:length|tokens)"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """The body of a request. `optional` names what may be left out of it, each with the pattern by
    which a refusal names it."""

    body: Mapping[str, Any]
    optional: Mapping[str, str]


@dataclass(slots=True)
class Abilities:
    """Of one model: what it is `without`, and whether it was seen thinking unasked."""

    without: set[str] = field(default_factory=set)
    thinks: bool = False

    def learn(self, refusal: StatusError, ask: Ask) -> bool:
        """Leave out what `refusal` is about; false when that is nothing that can be left out."""
        if refusal.answered not in _MAY_NAME:
            return False
        for name, pattern in ask.optional.items():
            vague = name == STREAM and refusal.answered == 500
            if not vague and re.search(pattern, refusal.said, re.IGNORECASE):
                self.without.add(name)
                return True
        if refusal.answered in (400, 422) and _UNNAMED.search(refusal.said):
            fields = ask.optional.keys() - _COMMON
            self.without |= fields
            return bool(fields)
        return False


def is_too_long(refusal: StatusError) -> bool:
    """Whether a refusal says that the prompt does not fit into the model's window."""
    return refusal.answered in (400, 413, 422, 500) and bool(_TOO_LONG.search(refusal.said))
