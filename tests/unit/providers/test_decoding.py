"""What vendors send means the same, however the network cuts it."""

import math

import pytest

from tests.unit.providers.models import Read, cuts, read
from tests.unit.providers.transcripts import (
    CHAT,
    MESSAGES,
    OPENAI,
    OVERLOADED,
    Transcript,
    chunk,
    events,
    measured,
    named,
)

ALL = {**CHAT, **MESSAGES}


def meaning(found: Read) -> tuple[object, ...]:
    reading = found.reading
    failure = reading.failure and (reading.failure.code, reading.failure.detail)
    surprise = round(reading.surprise, 9)
    ends = (reading.finish, reading.is_over, failure)
    known = (reading.usage, tuple(reading.pages), reading.measured, surprise, reading.has_logprobs)
    return found.text, found.thinking, *ends, *known


@pytest.mark.parametrize("transcript", ALL.values(), ids=ALL)
def test_each_vendors_stream_is_understood(transcript: Transcript) -> None:
    found = read(transcript.preset, [transcript.stream])
    reading = found.reading
    assert (found.text, found.thinking) == (transcript.text, transcript.thinking)
    assert (reading.finish, reading.failure) == (transcript.finish, None)
    usage = reading.usage and (reading.usage.prompt_tokens, reading.usage.completion_tokens)
    assert usage == transcript.usage
    assert tuple(page.url for page in reading.pages) == transcript.pages
    assert reading.measured == transcript.measured


@pytest.mark.parametrize("transcript", ALL.values(), ids=ALL)
def test_a_stream_cut_at_any_byte_means_the_same(transcript: Transcript) -> None:
    whole, *others = (meaning(read(transcript.preset, parts)) for parts in cuts(transcript.stream))
    assert all(other == whole for other in others)


def test_an_error_cut_at_any_byte_comes_after_the_text_before_it() -> None:
    said = chunk({"content": "Half "})
    error = {"error": {"message": "It broke.", "type": "server_error", "code": None}}
    stream = events(said, said, error, said)
    whole, *others = (meaning(read("other", parts)) for parts in cuts(stream))
    assert whole[0] == "Half Half "
    assert all(other == whole for other in others)


def test_the_probability_of_an_answer_is_that_of_its_tokens_without_the_special_ones() -> None:
    reading = read("openai", [OPENAI.stream]).reading
    assert math.exp(-reading.surprise / reading.measured) == pytest.approx(math.exp(-0.5))


def test_a_token_outside_the_likely_ones_counts_as_unlikely_and_no_more() -> None:
    reading = read("other", [events(measured("a", -9999.0), measured("b", 0.1))]).reading
    assert (reading.measured, reading.surprise) == (2, 10.0)


def test_an_answer_that_begins_without_probabilities_has_none() -> None:
    reading = read("other", [events(chunk({"content": "a"}), measured("b", -1.0))]).reading
    assert (reading.has_logprobs, reading.measured) == (False, 0)


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        ({"message": "Slow down", "type": "rate_limit_exceeded"}, "provider_limit", True),
        ({"message": "Bad gateway", "code": 502}, "provider_down", True),
        ({"message": "The model is overloaded", "type": "overloaded"}, "provider_down", True),
        ({"message": "Too long", "type": "invalid_request_error"}, "provider_refused", False),
        ("It broke", "provider_down", True),
    ],
)
def test_an_error_inside_a_stream_has_the_code_of_its_kind(
    error: object, code: str, again: bool
) -> None:
    failure = read("other", [events({"error": error})]).reading.failure
    assert failure is not None
    assert (failure.code, failure.again) == (code, again)


def test_an_error_in_place_of_a_finish_is_an_error() -> None:
    failure = read("openrouter", [events(chunk({"content": "x"}, "error"))]).reading.failure
    assert failure is not None
    assert failure.code == "provider_down"


def test_an_overloaded_anthropic_may_be_asked_again() -> None:
    failure = read("anthropic", [named(OVERLOADED)]).reading.failure
    assert failure is not None
    assert (failure.code, failure.again) == ("provider_down", True)
    assert "Overloaded" in failure.detail


@pytest.mark.parametrize("data", ["[1,2]", '"text"', "7", '{"choices":{},"delta":9}', "{", "null"])
@pytest.mark.parametrize("preset", ["other", "anthropic"])
def test_what_is_not_of_the_format_is_broken(preset: str, data: str) -> None:
    failure = read(preset, [f"data: {data}\n\n".encode()]).reading.failure
    assert failure is not None
    assert failure.code == "provider_broken"


def test_pages_in_a_form_that_is_not_known_do_no_harm() -> None:
    odd = chunk({"content": "x"}, search_results=[1], citations={"a": 1})
    found = read("perplexity", [events(odd)])
    assert (found.text, found.reading.pages, found.reading.failure) == ("x", (), None)


@pytest.mark.parametrize(
    ("parts", "thinking", "text"),
    [
        (["<think>a</think>b"], "a", "b"),
        (["\n<think>", "a", "</think>", "\n\n", "b"], "a", "b"),
        (["<", "think", ">a<", "/think", "> b"], "a", "b"),
        (["<thin"], "", "<thin"),
        (["<thinner> b"], "", "<thinner> b"),
        (["a <think>b</think>"], "", "a <think>b</think>"),
        (["<think>never ends</thi"], "never ends</thi", ""),
        (["  ", "\n"], "", "  \n"),
    ],
)
def test_thoughts_in_tags_count_only_at_the_beginning(
    parts: list[str], thinking: str, text: str
) -> None:
    found = read("other", [events(*(chunk({"content": part}) for part in parts))])
    assert (found.thinking, found.text) == (thinking, text)
