"""What vendors send, after their public references (2026): streams as bytes, and what they say.

Each is shortened to its kinds of events; odd ones (comments, CRLF, nulls, empty choices, repeated
usage, fields that no reader knows) are kept.
"""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Transcript:
    """A stream and its meaning; `preset` says whose it is."""

    preset: str
    stream: bytes
    text: str
    thinking: str = ""
    usage: tuple[int, int] | None = None
    finish: str | None = "end"
    pages: tuple[str, ...] = ()
    measured: int = 0


def events(*datas: Any, done: bool = True, end: str = "\n") -> bytes:
    """Events of data alone; a str stands as it is."""
    lines = [one if isinstance(one, str) else "data: " + _json(one) for one in datas]
    if done:
        lines.append("data: [DONE]")
    return "".join(line + end + end for line in lines).encode()


def named(*datas: dict[str, Any]) -> bytes:
    """Events with their type as their name, as Anthropic sends them."""
    return "".join(f"event: {one['type']}\ndata: {_json(one)}\n\n" for one in datas).encode()


def chunk(delta: Any = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """A chunk of chat completions; `delta` None leaves the choices empty."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return {**head, "choices": [] if delta is None else [choice], **more}


def measured(token: str, logprob: float) -> dict[str, Any]:
    """A chunk with one token and its log-probability."""
    entry = {"token": token, "logprob": logprob, "bytes": list(token.encode()), "top_logprobs": []}
    told = chunk({"content": token})
    told["choices"][0]["logprobs"] = {"content": [entry], "refusal": None}
    return told


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


TOLD = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}

OPENAI = Transcript(
    "openai",
    events(
        chunk({"role": "assistant", "content": "", "refusal": None}, usage=None, obfuscation="x"),
        measured("Roll", -0.25),
        measured(" back", -0.75),
        measured(" 👩‍🚀", -0.5),
        measured("<|end|>", -9.0),
        chunk({}, "stop", usage=None, service_tier="default"),
        chunk(usage={**TOLD, "completion_tokens_details": {"reasoning_tokens": 0}}),
    ),
    "Roll back 👩‍🚀<|end|>",
    usage=(11, 7),
    measured=3,
)
AZURE = Transcript(
    "azure",
    events(
        chunk(prompt_filter_results=[{"prompt_index": 0, "content_filter_results": {}}]),
        chunk({"role": "assistant", "content": None}),
        chunk({"content": "Hel"}, content_filter_results={}),
        chunk({"content": "lo"}),
        chunk({}, "content_filter"),
    ),
    "Hello",
    finish="refused",
)
DEEPSEEK = Transcript(
    "deepseek",
    events(
        ": keep-alive",
        chunk({"role": "assistant", "content": None, "reasoning_content": ""}),
        chunk({"content": None, "reasoning_content": "Let me "}),
        chunk({"content": None, "reasoning_content": "see…"}),
        chunk({"content": "日本語", "reasoning_content": None}),
        chunk({"content": ".", "reasoning_content": None}),
        chunk({"content": "", "reasoning_content": None}, "length", usage=TOLD),
        end="\r\n",
    ),
    "日本語.",
    "Let me see…",
    (11, 7),
    "length",
)
OPENROUTER = Transcript(
    "openrouter",
    events(
        ": OPENROUTER PROCESSING",
        ": OPENROUTER PROCESSING",
        chunk({"role": "assistant", "content": "", "reasoning": "Hm", "reasoning_details": [{}]}),
        chunk({"role": "assistant", "content": "Yes", "reasoning": None}, provider="X"),
        chunk({"role": "assistant", "content": ""}, "stop", usage=TOLD),
    ),
    "Yes",
    "Hm",
    (11, 7),
)
MISTRAL = Transcript(
    "mistral",
    events(
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "So"}]}]}),
        chunk({"content": [{"type": "text", "text": "It is "}]}),
        chunk({"content": "so."}),
        chunk({"content": ""}, "stop", usage=TOLD),
    ),
    "It is so.",
    "So",
    (11, 7),
)
PAGES = {
    "citations": ["https://example.org/a", "https://example.org/b"],
    "search_results": [
        {"title": "A", "url": "https://example.org/a", "date": None, "snippet": "About A."},
        {"title": "B", "url": "https://example.org/b", "date": None, "last_updated": None},
    ],
}
PERPLEXITY = Transcript(
    "perplexity",
    events(
        chunk({"role": "assistant", "content": "It"}, usage={**TOLD, "completion_tokens": 1}),
        chunk({"content": " is [1]"}, usage={**TOLD, "completion_tokens": 3}, **PAGES),
        chunk({"content": "."}, "stop", usage={**TOLD, "cost": {"total_cost": 0.006}}, **PAGES),
        done=False,
    ),
    "It is [1].",
    usage=(11, 7),
    pages=("https://example.org/a", "https://example.org/b"),
)
LLAMA_CPP = Transcript(
    "llama_cpp",
    events(
        chunk({"role": "assistant", "content": None}),
        chunk({"reasoning_content": "Thinking"}),
        measured("Good", -0.5),
        measured(" day", -0.5),
        chunk({}, "stop"),
        chunk(usage=TOLD, timings={"prompt_n": 11, "predicted_ms": 20.5}),
    ),
    "Good day",
    "Thinking",
    (11, 7),
    measured=2,
)
LLAMA_CPP_PYTHON = Transcript(
    "other",
    events(
        chunk({"role": "assistant"}),
        chunk({"content": "<th"}),
        chunk({"content": "ink>I see</thi"}),
        chunk({"content": "nk>\n\n"}),
        chunk({"content": "Fine <b"}),
        chunk({}, "stop"),
    ),
    "Fine <b",
    "I see",
)
TOOLS = Transcript(
    "other",
    events(
        {"choices": None},
        {"id": "x"},
        chunk({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": "{}"}}]}),
        chunk({"content": "Done"}, usage={"prompt_tokens": None, "completion_tokens": None}),
        {"choices": [{"delta": None, "finish_reason": "tool_calls"}]},
    ),
    "Done",
)
CHAT = {
    "openai": OPENAI,
    "azure": AZURE,
    "deepseek": DEEPSEEK,
    "openrouter": OPENROUTER,
    "mistral": MISTRAL,
    "perplexity": PERPLEXITY,
    "llama_cpp": LLAMA_CPP,
    "llama_cpp_python": LLAMA_CPP_PYTHON,
    "tools": TOOLS,
}

_START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
        "usage": {
            "input_tokens": 9,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 2,
            "output_tokens": 1,
        },
    },
}


def _started(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def _changed(index: int, **delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def _stopped(reason: str) -> dict[str, Any]:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 7}}


ANTHROPIC = Transcript(
    "anthropic",
    named(
        _START,
        _started(0, type="thinking", thinking="", signature=""),
        {"type": "ping"},
        _changed(0, type="thinking_delta", thinking="I see "),
        _changed(0, type="thinking_delta", thinking="two…"),
        _changed(0, type="signature_delta", signature="EqQBCgIYAhIM1gbcDa9GJwZA2b3h"),
        {"type": "content_block_stop", "index": 0},
        _started(1, type="text", text=""),
        _changed(1, type="text_delta", text="Two "),
        _changed(1, type="text_delta", text="👩‍🚀."),
        {"type": "a_new_kind", "delta": {"odd": True}},
        {"type": "content_block_stop", "index": 1},
        _stopped("max_tokens"),
        {"type": "message_stop"},
    ),
    "Two 👩‍🚀.",
    "I see two…",
    (11, 7),
    "length",
)
REFUSAL = Transcript(
    "anthropic",
    named(
        _START,
        _started(0, type="text", text="I "),
        _changed(0, type="text_delta", text="cannot."),
        _stopped("refusal"),
        {"type": "message_stop"},
    ),
    "I cannot.",
    usage=(11, 7),
    finish="refused",
)
MESSAGES = {"thinking": ANTHROPIC, "refusal": REFUSAL}
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
