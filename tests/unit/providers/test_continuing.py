"""An answer that was cut off goes on at its last word, where a server can do that."""

import json
from typing import Any

import pytest

from tests.unit.providers.models import ask, asked, noting, providing, told
from tests.unit.providers.raw_server import serving, sized
from tests.unit.providers.transcripts import LLAMA_CPP
from tests.upstream import words
from tests.upstream.process import Upstream

WORDS = "".join(text for text, _ in zip(words.tokens(), range(40), strict=False))
MODEL = "continues"


@pytest.mark.parametrize("preset", ["vllm", "llama_cpp"])
@pytest.mark.parametrize("cut", [9, 10, 14, 100])  # behind a word, a space, inside a word
def test_the_two_parts_are_the_whole_answer(upstream: Upstream, preset: str, cut: int) -> None:
    written = WORDS[:cut]
    found = ask(f"{upstream.url}/v1", preset, MODEL, asked(MODEL, written=written))
    assert written + found.text == WORDS
    [seen] = upstream.seen()
    assert seen["body"]["messages"][-1] == {"role": "assistant", "content": written.rstrip()}


def test_claude_goes_on_as_well(upstream: Upstream) -> None:
    upstream.script(then=MODEL)
    model = "claude-sonnet-4-5"
    found = ask(upstream.url, "anthropic", model, asked(model, written=WORDS[:50]))
    assert WORDS[:50] + found.text == WORDS


def test_a_server_that_refuses_a_beginning_is_asked_for_the_rest(upstream: Upstream) -> None:
    message = "Assistant response prefill is incompatible with enable_thinking."
    refusal = sized(
        json.dumps({"error": {"code": 400, "message": message}}).encode(),
        status="400 Bad Request",
        kind="application/json",
    )
    sent: list[dict[str, Any]] = []
    stream = sized(LLAMA_CPP.stream)
    request = asked(MODEL, written="It was bui")
    script = noting(sent, refusal, stream, stream)
    with serving(script) as server, providing(server.url, "llama_cpp", MODEL) as provider:
        assert told(provider.open(request)).text == LLAMA_CPP.text
        assert told(provider.open(request)).text == LLAMA_CPP.text
    assert [one["messages"][-1]["role"] for one in sent] == ["assistant", "user", "user"]
