"""What an answer's stages are called, and what they tell of how it came about.

`static/js/lib/stage-words.js` says the same while a script follows the answer. Keeps true: what is
stored never breaks a page. Imports nothing of Parley.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Step = Mapping[str, Any]
_SYMBOLS = {
    "cached": "bolt",
    "retrying": "refresh",
    "fallback": "swap",
    "recovering": "refresh",
    "queued": "clock",
}
_FIRST_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Detour:
    """A failed provider, and who writes instead or when it is asked again."""

    symbol: str
    strong: str
    text: str


def stage_words(step: Step, is_done: bool = True) -> str:
    """The words for a step in a row of them; why a provider failed takes more room than it has."""
    provider = (step.get("detail") or {}).get("provider")
    match step.get("stage"):
        case "retrying":
            return f"Asking {provider} again" if provider else "Trying again"
        case "fallback":
            return f"Asking {provider}" if provider else "Asking another provider"
        case "recovering":
            return "Picking up after a restart"
        case "queued" if is_done:
            return "Waited in the queue"
        case _:
            return str(step.get("message") or "")


def stage_symbol(step: Step) -> str:
    """The icon of a step that is done."""
    return _SYMBOLS.get(str(step.get("stage")), "check")


def detour(details: Mapping[str, Any], running: bool = False) -> Detour | None:
    """What a reader is told of a failed provider."""
    steps = _steps(details)
    last = steps[-1] if steps else {}
    if running and last.get("stage") == "retrying":
        seconds = max(1, round((last.get("detail") or {}).get("wait_ms", 0) / 1000))
        return Detour("refresh", _first_sentence(last), f"It is asked again in {seconds} s.")
    for step in reversed(steps):
        if step.get("stage") == "fallback":
            writer = details.get("provider") or "Another provider"
            text = f"{writer} writes instead." if running else f"{writer} wrote this answer."
            return Detour("swap", _first_sentence(step), text)
    return None


def thought_ms(details: Mapping[str, Any]) -> float | None:
    """How long was thought before the answer began; None where that is not known."""
    steps = _steps(details)
    for step, following in reversed(list(pairwise(steps))):
        if step.get("stage") == "thinking":
            return float(following["elapsed_ms"] - step["elapsed_ms"])
    return None


def _steps(details: Mapping[str, Any]) -> list[Step]:
    return list((details.get("analysis") or {}).get("stages") or [])


def _first_sentence(step: Step) -> str:
    message = str(step.get("message") or "")
    found = _FIRST_SENTENCE.match(message)
    return found[0] if found else message
