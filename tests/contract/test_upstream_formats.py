"""The loopback provider speaks the vendors' real formats: their own SDKs read it, unretried."""

from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest

from tests.upstream.process import KEY, Upstream

QUESTION: Any = [{"role": "user", "content": "How do I roll back? 🤔"}]
START = "Roll back with `make rollback`, then check the health page [1]. Café"


@pytest.fixture(scope="module")
def chat(upstream_process: Upstream) -> Iterator[openai.OpenAI]:
    url = f"{upstream_process.url}/v1"
    with openai.OpenAI(base_url=url, api_key=KEY, max_retries=0, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def claude(upstream_process: Upstream) -> Iterator[anthropic.Anthropic]:
    url = upstream_process.url
    with anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0, timeout=10) as client:
        yield client


pytestmark = pytest.mark.usefixtures("upstream")


def stream_of(chat: openai.OpenAI, model: str, **more: Any) -> list[Any]:
    return list(chat.chat.completions.create(model=model, messages=QUESTION, stream=True, **more))


def text_of(chunks: list[Any]) -> str:
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def test_openais_client_reads_the_stream(chat: openai.OpenAI) -> None:
    chunks = stream_of(chat, "tokens-52", stream_options={"include_usage": True})
    first, last = chunks[0], chunks[-1]
    assert (first.choices[0].delta.role, first.choices[0].delta.content) == ("assistant", "")
    assert text_of(chunks).startswith(START)
    assert "👩‍🚀 and 𝔘" in text_of(chunks)
    assert "[99]" in text_of(chunks)
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert [c.usage for c in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert (last.choices, last.usage.completion_tokens) == ([], 52)
    assert {(c.id, c.object, c.model) for c in chunks} == {
        ("chatcmpl-loopback", "chat.completion.chunk", "tokens-52")
    }


def test_openais_client_reads_the_plain_answer(chat: openai.OpenAI) -> None:
    answer = chat.chat.completions.create(model="any-model", messages=QUESTION)
    assert answer.object == "chat.completion"
    assert (answer.choices[0].message.content or "").startswith(START)
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 40


def test_openais_own_parser_puts_the_chunks_together(chat: openai.OpenAI) -> None:
    with chat.chat.completions.stream(
        model="write", messages=QUESTION, stream_options={"include_usage": True}
    ) as stream:
        whole = stream.get_final_completion()
    assert (whole.choices[0].message.content or "").startswith(START)
    assert whole.usage
    assert whole.usage.completion_tokens == 40


@pytest.mark.parametrize("stream", [True, False])
def test_log_probabilities_come_when_asked(chat: openai.OpenAI, stream: bool) -> None:
    asked: dict[str, Any] = {"logprobs": True, "top_logprobs": 1}
    if stream:
        chunks = stream_of(chat, "tokens-32", **asked)
        choices = [c.choices[0] for c in chunks]
    else:
        answer: Any = chat.chat.completions.create(model="tokens-32", messages=QUESTION, **asked)
        choices = answer.choices
    entries = [entry for one in choices if one.logprobs for entry in one.logprobs.content]
    assert len(entries) == 32
    assert all(-1 < entry.logprob < 0 for entry in entries)
    assert b"".join(bytes(entry.bytes) for entry in entries).decode().startswith(START)
    assert entries[0].top_logprobs[0].token == entries[0].token
    assert not any(c.choices[0].logprobs for c in stream_of(chat, "write"))


@pytest.mark.parametrize(
    ("model", "field"), [("thinking", "reasoning_content"), ("thinking-reasoning", "reasoning")]
)
def test_reasoning_comes_before_the_text(chat: openai.OpenAI, model: str, field: str) -> None:
    deltas = [c.choices[0].delta for c in stream_of(chat, model)]
    thoughts = [getattr(delta, field, None) for delta in deltas]
    last_thought = max(at for at, thought in enumerate(thoughts) if thought)
    first_word = min(at for at, delta in enumerate(deltas) if delta.content)
    assert last_thought < first_word
    assert "🤔" in "".join(thought or "" for thought in thoughts)
    plain = chat.chat.completions.create(model=model, messages=QUESTION).choices[0].message
    assert getattr(plain, field).startswith("The passages")


def test_perplexitys_pages_come_with_the_last_chunk(chat: openai.OpenAI) -> None:
    found = [c for c in stream_of(chat, "perplexity") if getattr(c, "citations", None)]
    assert found[0].choices[0].finish_reason == "stop"
    assert found[0].search_results[0]["url"] == found[0].citations[0]


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_an_answer_ends_at_the_limit_that_was_asked_for(chat: openai.OpenAI, limit: str) -> None:
    chunks = stream_of(chat, "write", **{limit: 7})
    assert chunks[-1].choices[0].finish_reason == "length"
    assert text_of(chunks) == "Roll back with `make rollback`, then"


def test_both_clients_list_the_models(
    chat: openai.OpenAI, claude: anthropic.Anthropic, upstream: Upstream
) -> None:
    theirs = [model.id for model in chat.models.list()]
    assert "tokens-600-rate-20" in theirs
    listed = list(claude.models.list())
    assert [model.id for model in listed] == theirs
    assert listed[0].created_at.year == 2026
    assert [one["path"] for one in upstream.seen()] == ["/v1/models"] * 2


def test_anthropics_client_reads_the_stream(claude: anthropic.Anthropic) -> None:
    with claude.messages.stream(model="write", max_tokens=99, messages=QUESTION) as stream:
        kinds = [event.type for event in stream]
        whole = stream.get_final_message()
    assert kinds[0] == "message_start"
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert [block.type for block in whole.content] == ["text"]
    assert stream.get_final_text().startswith(START)
    assert (whole.stop_reason, whole.usage.output_tokens) == ("end_turn", 40)
    assert whole.usage.input_tokens > 0


@pytest.mark.parametrize("stream", [True, False])
def test_anthropics_thinking_is_a_signed_block_of_its_own(
    claude: anthropic.Anthropic, stream: bool
) -> None:
    asked: Any = {
        "model": "write",
        "max_tokens": 2048,
        "messages": QUESTION,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    }
    if stream:
        with claude.messages.stream(**asked) as answer:
            content = answer.get_final_message().content
    else:
        content = claude.messages.create(**asked).content
    assert [block.type for block in content] == ["thinking", "text"]
    assert content[0].thinking.startswith("The passages")
    assert content[0].signature
    assert content[1].text.startswith(START)


def test_anthropics_client_reads_the_plain_answer(claude: anthropic.Anthropic) -> None:
    answer: Any = claude.messages.create(model="write", max_tokens=7, messages=QUESTION)
    assert answer.stop_reason == "max_tokens"
    assert answer.content[0].text == "Roll back with `make rollback`, then"


FAILURES = [
    ("401", "AuthenticationError"),
    ("403", "PermissionDeniedError"),
    ("404", "NotFoundError"),
    ("429-retry-after-1", "RateLimitError"),
    ("500", "InternalServerError"),
    ("503", "InternalServerError"),
    ("529", "InternalServerError"),
    ("reset-before", "APIConnectionError"),
    ("close-before", "APIConnectionError"),
]


@pytest.mark.parametrize(("model", "name"), FAILURES)
def test_a_failure_is_the_vendors_own_exception(
    chat: openai.OpenAI, claude: anthropic.Anthropic, model: str, name: str
) -> None:
    with pytest.raises(getattr(openai, name)) as theirs:
        stream_of(chat, model)
    with pytest.raises(getattr(anthropic, name)) as others:
        claude.messages.create(model=model, max_tokens=9, messages=QUESTION)
    for failure in (theirs.value, others.value):
        if model.startswith("429"):
            assert failure.response.headers["retry-after"] == "1"
        if hasattr(failure, "status_code"):
            assert str(failure.status_code) == model[:3]
            assert failure.body


def test_an_error_inside_the_stream_is_theirs_too(
    chat: openai.OpenAI, claude: anthropic.Anthropic
) -> None:
    with pytest.raises(openai.APIError, match="had an error"):
        stream_of(chat, "error-in-stream")
    with (
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
        claude.messages.stream(model="error-in-stream", max_tokens=9, messages=QUESTION) as stream,
    ):
        stream.until_done()


REFUSALS = [
    ("refuses-stream", {"stream": True}, "stream"),
    ("refuses-logprobs", {"logprobs": True}, "logprobs"),
    ("refuses-max-tokens", {"max_tokens": 5}, "max_tokens"),
    (
        "refuses-stream-options",
        {"stream": True, "stream_options": {"include_usage": True}},
        "stream_options",
    ),
]


@pytest.mark.parametrize(("model", "asked", "field"), REFUSALS)
def test_a_refused_field_is_named_and_without_it_the_answer_comes(
    chat: openai.OpenAI, model: str, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        chat.chat.completions.create(model=model, messages=QUESTION, **asked)
    assert refused.value.param == field
    assert chat.chat.completions.create(model=model, messages=QUESTION).choices


def test_a_wrong_key_is_refused_everywhere(upstream: Upstream) -> None:
    with openai.OpenAI(base_url=f"{upstream.url}/v1", api_key="sk-wrong", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError, match="sk-wrong"):
            client.models.list()
        with pytest.raises(openai.AuthenticationError):
            client.chat.completions.create(model="write", messages=QUESTION)


def test_a_compressed_answer_is_a_good_one_to_who_can_read_it(
    chat: openai.OpenAI, claude: anthropic.Anthropic
) -> None:
    assert text_of(stream_of(chat, "gzip")).startswith(START)
    plain: Any = claude.messages.create(model="gzip", max_tokens=99, messages=QUESTION)
    assert plain.content[0].text.startswith(START)
