"""Anthropic's Messages, as api.anthropic.com sends it, with extended thinking.

Fields and the order of events are those of the `anthropic` package's types `RawMessageStreamEvent`
and `Message`; `tests/contract/test_upstream_formats.py` holds them to it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.upstream.chat_completions import encode

REASONS = {"end": "end_turn", "length": "max_tokens", "refused": "refusal"}
SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk="
ERRORS = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error",
    529: "overloaded_error",
}  # fmt: skip


class Messages:
    """One answer's frames; the caller says in which order, this opens and closes the blocks."""

    def __init__(self, body: Mapping[str, Any], kind: str) -> None:
        asked = (body.get("thinking") or {}).get("type", "disabled") != "disabled"
        self.limit = body.get("max_tokens")
        self.thinks = asked or kind.startswith("thinking")
        self.id = "msg_loopback"
        self._body = body
        self._tokens = 0
        self._index = -1
        self._block = ""

    def opening(self) -> bytes:
        message = self._message([], None) | {"usage": self._usage()}
        return event("message_start", message=message) + event("ping")

    def thought(self, text: str) -> bytes:
        self._tokens += 1
        opened = self._open("thinking", {"thinking": "", "signature": ""})
        return opened + self._delta({"type": "thinking_delta", "thinking": text})

    def word(self, text: str) -> bytes:
        self._tokens += 1
        return self._open("text", {"text": ""}) + self._delta({"type": "text_delta", "text": text})

    def closing(self, reason: str) -> bytes:
        delta = {"stop_reason": REASONS[reason], "stop_sequence": None}
        usage = {"output_tokens": self._tokens}
        return (
            self._close() + event("message_delta", delta=delta, usage=usage) + event("message_stop")
        )

    def plain(self, thoughts: Sequence[str], tokens: Sequence[str], reason: str) -> bytes:
        self._tokens = len(thoughts) + len(tokens)
        thinking = {"type": "thinking", "thinking": "".join(thoughts), "signature": SIGNATURE}
        text = {"type": "text", "text": "".join(tokens), "citations": None}
        content = [thinking, text] if thoughts else [text]
        return encode(self._message(content, REASONS[reason]) | {"usage": self._usage()})

    def stream_error(self) -> bytes:
        return event("error", error={"type": "overloaded_error", "message": "Overloaded"})

    def error(self, status: int, message: str, field: str = "") -> bytes:
        error = {"type": ERRORS.get(status, "api_error"), "message": message}
        return encode({"type": "error", "error": error, "request_id": "req_loopback"})

    def _open(self, kind: str, empty: Mapping[str, str]) -> bytes:
        if self._block == kind:
            return b""
        closed = self._close()
        self._block = kind
        self._index += 1
        block = {"type": kind, **empty}
        return closed + event("content_block_start", index=self._index, content_block=block)

    def _close(self) -> bytes:
        block, self._block = self._block, ""
        if not block:
            return b""
        signature = {"type": "signature_delta", "signature": SIGNATURE}
        signed = self._delta(signature) if block == "thinking" else b""
        return signed + event("content_block_stop", index=self._index)

    def _delta(self, delta: Mapping[str, str]) -> bytes:
        return event("content_block_delta", index=self._index, delta=delta)

    def _message(self, content: Sequence[Any], reason: str | None) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self._body.get("model", ""),
            "content": content,
            "stop_reason": reason,
            "stop_sequence": None,
        }

    def _usage(self) -> dict[str, Any]:
        read = sum(len(str(message.get("content"))) for message in self._body["messages"]) // 4
        return {
            "input_tokens": read + len(str(self._body.get("system", ""))) // 4,
            "output_tokens": self._tokens or 1,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "service_tier": "standard",
        }


def event(kind: str, **data: Any) -> bytes:
    return b"event: " + kind.encode() + b"\ndata: " + encode({"type": kind, **data}) + b"\n\n"
