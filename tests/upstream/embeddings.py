"""OpenAI's Embeddings, as api.openai.com sends them: floats, or base64 of float32.

A vector is made of the words of its text, and of what stands for them in `MEANINGS`, so that two
words of one meaning are near. Fields are those of the `openai` package's CreateEmbeddingResponse.
"""

import base64
import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from tests.upstream.chat_completions import ChatCompletions, encode

DIMENSIONS = 64
MEANINGS = {"vessel": "boat", "ship": "boat", "boats": "boat", "arrives": "come", "comes": "come"}


class Embeddings(ChatCompletions):
    """The answer to `POST /v1/embeddings`."""

    def plain(self, thoughts: Sequence[str], tokens: Sequence[str], reason: str) -> bytes:
        texts = self._body["input"]
        texts = [texts] if isinstance(texts, str) else texts
        is_packed = self._body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": n, "embedding": packed(one) if is_packed else one}
            for n, one in enumerate(map(vector, texts))
        ]
        usage = {"prompt_tokens": sum(len(text.split()) for text in texts)}
        usage["total_tokens"] = usage["prompt_tokens"]
        told = {"object": "list", "data": data, "model": self._body["model"], "usage": usage}
        return encode(told)


def vector(text: str) -> list[float]:
    """Where a text is: a count for each of its words, of length 1."""
    values = [0.0] * DIMENSIONS
    for word in re.findall(r"[a-z]+", text.lower()):
        if len(word) > 3:
            values[crc32(MEANINGS.get(word, word).encode()) % DIMENSIONS] += 1.0
    length = sum(value * value for value in values) ** 0.5 or 1.0
    return [round(value / length, 8) for value in values]


def packed(values: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def check_embedding_body(body: Mapping[str, Any]) -> str:
    if not body.get("model"):
        return "you must provide a model parameter"
    texts = body.get("input")
    if not texts or (isinstance(texts, list) and not all(texts)):
        return "'$.input' is invalid. Please check the API reference."
    if body.get("encoding_format", "float") not in ("float", "base64"):
        return "Invalid value for 'encoding_format': supported values are 'float' and 'base64'."
    return ""
