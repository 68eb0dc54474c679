"""The tokens of the bench: each carries the time at which the upstream sent it.

A token is a space and the microseconds of the monotonic clock in twelve digits, the clock that all
processes of a machine share. So whoever reads the text knows how long it was under way, however
often it was packed and unpacked in between. May import the standard library.
"""

import json
import re
import time

STAMP = re.compile(rb" (\d{12})")
_ROUND = 10**12  # microseconds after which the digits begin again: eleven days
_MODEL = re.compile(rb'"model":\s*"tokens-(\d+)-rate-(\d+)"')
_SENTENCE = 20  # tokens: as in a real answer, each so many end a sentence


def model_name(tokens: int, rate: int) -> str:
    """The model that answers with so many tokens, so many a second."""
    return f"tokens-{tokens}-rate-{rate}"


def read_model(body: bytes) -> tuple[int, int]:
    """Tokens and rate that a request asks for; ValueError when it names no model of ours."""
    found = _MODEL.search(body)
    if found is None:
        raise ValueError("the model has to be tokens-<how many>-rate-<tokens a second>")
    return int(found[1]), max(1, int(found[2]))


def stamp_now() -> int:
    return time.monotonic_ns() // 1000 % _ROUND


class Frames:
    """The bytes of one model's stream, all but the stamps made beforehand.

    As OpenAI sends them: one server-sent event in one chunk of the transfer encoding a token.
    """

    def __init__(self, model: str) -> None:
        self._base = {
            "id": "chatcmpl-Bq7TzN2uWcX0eYkLr5dHsPgVfMaJi",
            "object": "chat.completion.chunk",
            "created": 1764000000,
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_a1b2c3d4e5",
        }
        self.role = self._choice({"role": "assistant", "content": ""}, None)
        self._plain = self._around(" ?")
        self._closing = self._around(" ?.")
        self._end = self._choice({}, "stop")

    def token(self, number: int) -> bytes:
        """The frame of a token that is sent now; the first has number 1."""
        before, after = self._closing if number % _SENTENCE == 0 else self._plain
        return before + b"%012d" % stamp_now() + after

    def end(self, tokens: int, *, with_usage: bool) -> bytes:
        """Everything after the last token, with the end of the response."""
        usage = {"prompt_tokens": 400, "completion_tokens": tokens, "total_tokens": 400 + tokens}
        told = self._frame({"choices": [], "usage": usage}) if with_usage else b""
        return self._end + told + chunked(b"data: [DONE]\n\n") + b"0\r\n\r\n"

    def _around(self, content: str) -> tuple[bytes, bytes]:
        """What stands before and after the stamp; the frame's length counts its digits."""
        digits = "0" * 12
        frame = self._choice({"content": content.replace("?", digits)}, None)
        before, _, after = frame.partition(digits.encode())
        return before, after

    def _choice(self, delta: dict[str, str], finish: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._frame({"choices": [choice]})

    def _frame(self, more: dict[str, object]) -> bytes:
        body = json.dumps(self._base | more, separators=(",", ":")).encode()
        return chunked(b"data: " + body + b"\n\n")


def chunked(data: bytes) -> bytes:
    """One chunk of HTTP's chunked transfer encoding."""
    return b"%x\r\n%b\r\n" % (len(data), data)
