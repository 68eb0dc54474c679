"""Words a request of the Messages format (API version 2023-06-01), with thinking where it is due.

May import the plain ground, the providers' shared files and the file beside it.
"""

import re
from collections.abc import Mapping
from typing import Any

from chat.providers.abilities import PREFILL, STREAM, Ask
from chat.providers.anthropic.decoding import MessagesReading
from chat.providers.failures import Complaints
from chat.providers.formats import Wish
from chat.providers.prompt import Prompt

_VERSION = "2023-06-01"
# `claude-3-7-sonnet-20250219`, `claude-opus-4-20250514`, `claude-sonnet-4-6`: major and minor.
_MODEL = re.compile(r"claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)")
_FIRST_TO_THINK = (3, 7)
_FIRST_ADAPTIVE = (4, 6)  # decides itself how much it thinks; from 4.7 on it takes no budget
_LAST_PREFILLED = (4, 5)  # from 4.6 on a conversation has to end with the user
_FIRST_UNASKED = (5, 0)  # may think without being asked to
ADAPTIVE, BUDGET, EFFORT = "adaptive thinking", "a thinking budget", "effort"
_NAMES = {
    ADAPTIVE: r"thinking|\badaptive\b",
    BUDGET: r"thinking|\bbudget_tokens\b",
    EFFORT: r"\boutput_config\b|\beffort\b",
    PREFILL: r"prefill|end with a user",
    STREAM: r"\bstream(?:s|ed|ing)?\b",
}


class Messages:
    """The format, whose address may end with /v1 or not."""

    path = "/messages"
    models_path = "/models?limit=1000"
    searches = False

    def headers(self, key: str) -> Mapping[str, str]:
        return {"anthropic-version": _VERSION} | ({"x-api-key": key} if key else {})

    def base_url(self, address: str) -> str:
        address = address.rstrip("/")
        return address if address.endswith("/v1") else f"{address}/v1"

    def thinks(self, model: str) -> bool:
        return _version(model) >= _FIRST_UNASKED

    def gives_logprobs(self, wish: Wish) -> bool:
        return False

    def ask(self, prompt: Prompt, wish: Wish) -> Ask:
        allowance, prefill = wish.allowance, _prefills(prompt, wish)
        thinking = "" if prefill else _thinking(wish)  # it has thought, and has begun to write
        turns = prompt.begun if prefill else prompt.turns
        body: dict[str, Any] = {
            "model": wish.model,
            "max_tokens": allowance.output(thinking=bool(thinking)),
            "messages": [{"role": one.role, "content": one.content} for one in turns],
        }
        names = [PREFILL] if prefill else []
        if prompt.system:
            body["system"] = prompt.system
        if STREAM not in wish.without:
            body["stream"] = True
            names.append(STREAM)
        if thinking == ADAPTIVE:
            body["thinking"] = {"type": "adaptive", "display": "summarized"}
            names.append(ADAPTIVE)
        elif thinking == BUDGET:
            body["thinking"] = {"type": "enabled", "budget_tokens": allowance.thinking}
            names.append(BUDGET)
        if _version(wish.model) >= _FIRST_ADAPTIVE and EFFORT not in wish.without:
            body["output_config"] = {"effort": allowance.effort}
            names.append(EFFORT)
        return Ask(body, {name: _NAMES[name] for name in _NAMES if name in names})

    def reading(self, complaints: Complaints) -> MessagesReading:
        return MessagesReading(complaints)


def _prefills(prompt: Prompt, wish: Wish) -> bool:
    """Whether the answer's beginning is sent as its own, for the model to go on with."""
    known = (0, 0) < _version(wish.model) <= _LAST_PREFILLED
    return prompt.goes_on and known and PREFILL not in wish.without


def _thinking(wish: Wish) -> str:
    """How the model is asked to think, or ""; the newer way first where there are two."""
    version = _version(wish.model)
    if not wish.allowance.thinking or version < _FIRST_TO_THINK:
        return ""
    ways = (ADAPTIVE, BUDGET) if version >= _FIRST_ADAPTIVE else (BUDGET, ADAPTIVE)
    return next((way for way in ways if way not in wish.without), "")


def _version(model: str) -> tuple[int, int]:
    """Major and minor version in a model's name; (0, 0) for one that tells none."""
    found = _MODEL.search(model)
    return (int(found[1]), int(found[2] or 0)) if found is not None else (0, 0)
