"""OpenAI's Chat Completions, as api.openai.com sends it, and its relatives' additions.

Fields and the order of chunks are those of the `openai` package's types `ChatCompletionChunk` and
`ChatCompletion`; `tests/contract/test_upstream_formats.py` holds them to it. The additions:
`reasoning_content` (DeepSeek, llama.cpp, vLLM), `reasoning` (OpenRouter, Ollama), `<think>` in the
text (models without a parser), `citations` and `search_results` (Perplexity).
"""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.upstream import words

REASONS = {"end": "stop", "length": "length", "refused": "content_filter"}
REASONING = {
    "thinking": "reasoning_content",
    "thinking-repeats": "reasoning_content",
    "thinking-reasoning": "reasoning",
}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
PAGES = ("https://example.org/rollback", "https://example.org/health")


class ChatCompletions:
    """One answer's frames; the caller says in which order."""

    def __init__(self, body: Mapping[str, Any], kind: str) -> None:
        self.limit = body.get("max_completion_tokens") or body.get("max_tokens")
        self.thinks = kind.startswith("thinking")
        self.id = "chatcmpl-loopback"
        self._kind = kind
        self._body = body
        self._with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        self._created = int(time.time())
        self._words = 0
        self._thoughts = 0

    def opening(self) -> bytes:
        return self._delta({"role": "assistant", "content": "", "refusal": None})

    def thought(self, text: str) -> bytes:
        self._thoughts += 1
        if self._kind in REASONING:
            return self._delta({"content": None, REASONING[self._kind]: text})
        return self._delta({"content": "<think>" * (self._thoughts == 1) + text})

    def word(self, text: str) -> bytes:
        logprobs = self._logprobs([text])
        ends_tag = self._kind == "thinking-tags" and self._thoughts and not self._words
        self._words += 1
        return self._delta({"content": "</think>" * bool(ends_tag) + text}, logprobs)

    def closing(self, reason: str) -> bytes:
        last = self._delta({}, reason=REASONS[reason], **self._found())
        if self._with_usage:
            last += frame(self._chunk([]) | {"usage": self._usage()})
        return last + b"data: [DONE]\n\n"

    def plain(self, thoughts: Sequence[str], tokens: Sequence[str], reason: str) -> bytes:
        content = "".join(tokens)
        message: dict[str, Any] = {"role": "assistant", "refusal": None, "annotations": []}
        if self._kind in REASONING:
            message[REASONING[self._kind]] = "".join(thoughts)
        elif thoughts:
            content = f"<think>{''.join(thoughts)}</think>{content}"
        logprobs = self._logprobs(tokens)
        self._words, self._thoughts = len(tokens), len(thoughts)
        choice = {
            "index": 0,
            "message": message | {"content": content},
            "logprobs": logprobs,
            "finish_reason": REASONS[reason],
        }
        found = self._found() | {"object": "chat.completion", "usage": self._usage()}
        return encode(self._chunk([choice]) | found)

    def stream_error(self) -> bytes:
        message = "The server had an error while processing your request."
        error = {"message": message, "type": "server_error", "param": None, "code": None}
        return frame({"error": error})

    def error(self, status: int, message: str, field: str = "") -> bytes:
        kind = "server_error" if status >= 500 else "invalid_request_error"
        code = "unsupported_parameter" if field else CODES.get(status)
        error = {"message": message, "type": kind, "param": field or None, "code": code}
        return encode({"error": error})

    def _delta(
        self, delta: Mapping[str, Any], logprobs: Any = None, reason: str | None = None, **more: Any
    ) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": reason}
        return frame(self._chunk([choice]) | more)

    def _chunk(self, choices: Sequence[Any]) -> dict[str, Any]:
        chunk = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._body.get("model", ""),
            "service_tier": "default",
            "system_fingerprint": "fp_44709d6fcb",
            "choices": choices,
        }
        return chunk | {"usage": None} if self._with_usage else chunk

    def _found(self) -> dict[str, Any]:
        """What Perplexity tells with its last chunk; with `perplexity-citations` the old way."""
        if not self._kind.startswith("perplexity"):
            return {}
        found: dict[str, Any] = {"citations": list(PAGES), "usage": self._usage()}
        if self._kind == "perplexity":
            titles = [{"title": f"Page {n}", "url": url} for n, url in enumerate(PAGES, 1)]
            more = {"date": "2026-01-31", "last_updated": None, "snippet": "Roll back with make."}
            found["search_results"] = [title | more for title in titles]
        return found

    def _usage(self) -> dict[str, Any]:
        read = sum(len(str(message.get("content"))) for message in self._body["messages"]) // 4
        written = self._words + self._thoughts
        return {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": self._thoughts, "audio_tokens": 0},
        }

    def _logprobs(self, tokens: Sequence[str]) -> Any:
        if not self._body.get("logprobs"):
            return None
        first = self._words
        return {"content": [self._logprob(*it) for it in enumerate(tokens, first)], "refusal": None}

    def _logprob(self, position: int, token: str) -> dict[str, Any]:
        entry = {
            "token": token,
            "logprob": words.log_probability(position),
            "bytes": list(token.encode()),
        }
        return entry | {"top_logprobs": [entry] * min(1, self._body.get("top_logprobs") or 0)}


def encode(value: Any) -> bytes:
    """Compact JSON that keeps the characters of the text, as the vendor sends them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def frame(value: Any) -> bytes:
    return b"data: " + encode(value) + b"\n\n"
