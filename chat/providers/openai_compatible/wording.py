"""Words a request of the Chat Completions format, with the habits of one vendor.

Keeps true: a field that its preset does not name is not sent. May import the plain ground, the
providers' shared files and the file beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from chat.providers.abilities import MAX_TOKENS, PREFILL, STREAM, SYSTEM, Ask
from chat.providers.failures import Complaints
from chat.providers.formats import Wish
from chat.providers.openai_compatible.decoding import ChatReading
from chat.providers.presets import PRESETS, LimitName
from chat.providers.prompt import Prompt
from chat.values import Turn

# What may be left out of a request, and how a refusal names it.
_NAMES = {
    PREFILL: r"prefill|\bcontinue_final_message\b|\badd_generation_prompt\b|end with a user",
    SYSTEM: r"system (?:role|messages?|prompts?)\b|\broles?\b.{0,30}\bsystem\b",
    "logprobs": r"log_?probs?\b|logits_all",
    "stream_options": r"\bstream_options\b|\binclude_usage\b",
    "reasoning_effort": r"\breasoning_?effort\b|\breasoning\.effort\b",
    "max_completion_tokens": r"\bmax_completion_tokens\b(?! instead)",
    MAX_TOKENS: r"\bmax_tokens\b(?!.? instead)",
    STREAM: r"\bstream(?:s|ed|ing)?\b",
}


class ChatCompletions:
    """The format as the vendor of `preset` speaks it."""

    models_path = "/models"

    def __init__(self, preset: str) -> None:
        self._preset = PRESETS[preset]
        self.searches = self._preset.searches
        self.path = "/chat/completions"

    def headers(self, key: str) -> Mapping[str, str]:
        if not key:
            return {}
        name = self._preset.key_header
        return {name: f"Bearer {key}" if name == "Authorization" else key}

    def base_url(self, address: str) -> str:
        """The address, with the usual path where it names none.

        One of a deployment of Azure wants the version of the API with each request.
        """
        address = address.rstrip("/")
        path = urlsplit(address).path
        if self._preset.api_version and "/deployments/" in path:
            self.path = f"/chat/completions?api-version={self._preset.api_version}"
        return address if path else address + self._preset.root

    def thinks(self, model: str) -> bool:
        return self._preset.thinks(model)

    def gives_logprobs(self, wish: Wish) -> bool:
        return self._preset.gives_logprobs(wish.model) and "logprobs" not in wish.without

    def ask(self, prompt: Prompt, wish: Wish) -> Ask:
        system, prefill = SYSTEM not in wish.without, self._prefills(prompt, wish)
        turns = prompt.begun if prefill else prompt.turns
        body: dict[str, Any] = {
            "model": wish.model,
            "messages": _messages(turns, prompt.system, apart=system),
            **self._options(wish),
        }
        if prefill and self._preset.prefill == "continue_final_message":
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        names = [*body, *([SYSTEM] if system else []), *([PREFILL] if prefill else [])]
        return Ask(body, {name: _NAMES[name] for name in _NAMES if name in names})

    def reading(self, complaints: Complaints) -> ChatReading:
        prefers_reasoning = self._preset.reasoning == "reasoning"
        return ChatReading(complaints, prefers_reasoning, self._preset.searches)

    def _prefills(self, prompt: Prompt, wish: Wish) -> bool:
        """Whether an answer's beginning is sent as its own; who thinks would think in its midst."""
        able = self._preset.prefill != "no" and PREFILL not in wish.without
        return prompt.goes_on and able and not self._preset.thinks(wish.model)

    def _options(self, wish: Wish) -> dict[str, Any]:
        preset, without = self._preset, wish.without
        options: dict[str, Any] = {}
        if STREAM not in without:
            options[STREAM] = True
            if preset.tells_usage and "stream_options" not in without:
                options["stream_options"] = {"include_usage": True}
        if self.gives_logprobs(wish):
            # llama.cpp sends twenty alternatives with each token unless told, and none for 0.
            options |= {"logprobs": True, "top_logprobs": 1}
        others: tuple[LimitName, ...] = ("max_completion_tokens", "max_tokens")
        for limit in (preset.limit, *others):
            if limit not in without:
                options[limit] = wish.allowance.output()
                break
        if preset.effort and preset.thinks(wish.model) and "reasoning_effort" not in without:
            options["reasoning_effort"] = wish.allowance.effort
        return options


def _messages(turns: Sequence[Turn], system: str, *, apart: bool) -> list[dict[str, str]]:
    """The turns as messages; where a model's template knows no system, the user says it."""
    if apart and system:
        turns = [Turn("system", system), *turns]
    elif system:
        first, *rest = turns
        turns = [Turn(first.role, f"{system}\n\n{first.content}"), *rest]
    return [{"role": turn.role, "content": turn.content} for turn in turns]
