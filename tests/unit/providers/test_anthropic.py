"""Asking models in the Messages format, over real sockets."""

import json
from typing import Any

import pytest

from chat.providers.base import Usage
from chat.values import Depth
from tests.unit.providers.models import KEY, ask, asked, noting, providing, talk, told
from tests.unit.providers.raw_server import answering, chunked, serving, sized
from tests.unit.providers.transcripts import ANTHROPIC, MESSAGES, OVERLOADED, Transcript, named
from tests.upstream import words
from tests.upstream.process import Upstream

WORDS = "".join(text for text, _ in zip(words.tokens(), range(40), strict=False))
CLAUDE = "claude-sonnet-4-5"


def refusing(message: str) -> bytes:
    error = {"type": "invalid_request_error", "message": message}
    body = json.dumps({"type": "error", "error": error}).encode()
    return sized(body, status="400 Bad Request", kind="application/json")


@pytest.mark.parametrize("path", ["", "/v1"])
def test_an_answer_is_written_with_its_usage(upstream: Upstream, path: str) -> None:
    found = ask(upstream.url + path, "anthropic")
    assert (found.text, found.finish, found.failure) == (WORDS, "end", None)
    assert found.usage is not None
    assert (found.usage.completion_tokens, found.usage.estimated) == (40, False)
    [seen] = upstream.seen()
    assert seen["path"] == "/v1/messages"
    assert seen["headers"]["x-api-key"] == KEY
    assert seen["headers"]["anthropic-version"] == "2023-06-01"
    assert "authorization" not in seen["headers"]


@pytest.mark.parametrize("transcript", MESSAGES.values(), ids=MESSAGES)
def test_a_stream_that_comes_byte_by_byte_is_the_same_answer(transcript: Transcript) -> None:
    stream = transcript.stream
    bytewise = chunked(*(stream[at : at + 1] for at in range(len(stream))))
    with serving(answering(bytewise)) as server:
        found = ask(server.url, "anthropic")
    assert (found.text, found.thinking) == (transcript.text, transcript.thinking)
    assert (found.finish, found.usage) == (transcript.finish, Usage(11, 7))


def test_the_system_text_stands_beside_the_messages(upstream: Upstream) -> None:
    ask(upstream.url, "anthropic", request=asked(history=talk("One", "Two")))
    body = upstream.seen()[0]["body"]
    assert body["system"].startswith("You are Parley")
    assert [one["role"] for one in body["messages"]] == ["user", "assistant", "user"]
    assert body["max_tokens"] == 1_500


def test_a_deep_question_is_thought_about_first(upstream: Upstream) -> None:
    found = ask(upstream.url, "anthropic", CLAUDE, asked(CLAUDE, Depth.DEEP))
    assert found.thinking == "".join(words.THOUGHTS)
    assert found.text == WORDS
    body = upstream.seen()[0]["body"]
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 4_000}


def test_a_model_that_refuses_a_budget_is_left_to_decide_itself() -> None:
    refusal = refusing(
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" '
        'and "output_config.effort" to control thinking behavior.'
    )
    sent: list[dict[str, Any]] = []
    stream = sized(ANTHROPIC.stream)
    deep = asked(CLAUDE, Depth.DEEP)
    script = noting(sent, refusal, stream, stream)
    with serving(script) as server, providing(server.url, "anthropic", CLAUDE) as provider:
        assert told(provider.open(deep)).text == ANTHROPIC.text
        assert told(provider.open(deep)).text == ANTHROPIC.text
    assert [one["thinking"]["type"] for one in sent] == ["enabled", "adaptive", "adaptive"]


def test_an_answer_that_may_not_be_streamed_is_sent_in_chunks(upstream: Upstream) -> None:
    found = ask(upstream.url, "anthropic", "refuses-stream")
    assert (found.text, found.finish) == (WORDS, "end")
    assert len(found.texts) > 1


def test_a_whole_answer_has_its_thoughts_apart() -> None:
    content = [{"type": "thinking", "thinking": "Hm", "signature": "x"}]
    content += [{"type": "text", "text": "Yes. "}, {"type": "text", "text": "No."}]
    usage = {"input_tokens": 3, "cache_read_input_tokens": None, "output_tokens": 4}
    body = {"type": "message", "content": content, "stop_reason": "max_tokens", "usage": usage}
    with serving(answering(sized(json.dumps(body).encode(), kind="application/json"))) as server:
        found = ask(server.url, "anthropic")
    assert (found.thinking, found.text, found.finish) == ("Hm", "Yes. No.", "length")
    assert found.usage == Usage(3, 4)


def test_an_overloaded_server_may_be_asked_again() -> None:
    with serving(answering(sized(named(OVERLOADED)))) as server:
        failure = ask(server.url, "anthropic").failure
    assert failure is not None
    assert (failure.code, failure.again) == ("provider_down", True)


@pytest.mark.parametrize("kind", ["unfinished", "error-in-stream", "reset-after-text"])
def test_a_failure_behind_text_keeps_the_text(upstream: Upstream, kind: str) -> None:
    found = ask(upstream.url, "anthropic", kind)
    assert found.failure is not None
    assert found.text
    assert WORDS.startswith(found.text)


def test_an_answer_is_continued(upstream: Upstream) -> None:
    with providing(upstream.url, "anthropic") as provider:
        draft = provider.open(asked(written="Roll"))
        assert draft.continues
        assert told(draft).text == WORDS
    messages = upstream.seen()[0]["body"]["messages"]
    assert [one["role"] for one in messages] == ["user", "assistant", "user"]
    assert messages[1]["content"] == "Roll"


def test_its_certainty_rests_on_the_passages(upstream: Upstream) -> None:
    with providing(upstream.url, "anthropic") as provider:
        assert provider.open(asked()).confidence_basis == "retrieval_support"


def test_cancelling_closes_the_socket(upstream: Upstream) -> None:
    with providing(upstream.url, "anthropic", "endless") as provider:
        draft = provider.open(asked("endless"))
        next(draft.pieces)
        draft.cancel()
        assert list(draft.pieces) == []
        upstream.wait_for(lambda seen: seen[0]["closed"])
