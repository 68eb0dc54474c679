"""The list of models in both vendors' formats; their names are what the upstream can do."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.upstream.chat_completions import ChatCompletions, encode
from tests.upstream.messages import Messages

OFFERED = ("tokens-40-rate-20", "tokens-600-rate-20", "thinking-rate-20", "503", "endless")


class OpenAIModels(ChatCompletions):
    """The answer to `GET /v1/models`, as api.openai.com gives it."""

    def plain(self, thoughts: Sequence[str], tokens: Sequence[str], reason: str) -> bytes:
        entry = {"object": "model", "created": 1_760_000_000, "owned_by": "loopback"}
        return encode({"object": "list", "data": [{"id": name} | entry for name in OFFERED]})


class AnthropicModels(Messages):
    """The answer to `GET /v1/models`, as api.anthropic.com gives it."""

    def plain(self, thoughts: Sequence[str], tokens: Sequence[str], reason: str) -> bytes:
        entry: Mapping[str, Any] = {
            "type": "model",
            "created_at": "2026-01-31T00:00:00Z",
            "lifecycle": "active",
            "max_input_tokens": 200_000,
            "max_tokens": 64_000,
        }
        data = [{"id": name, "display_name": name.title()} | entry for name in OFFERED]
        page = {"first_id": OFFERED[0], "last_id": OFFERED[-1], "has_more": False}
        return encode({"data": data} | page)
