"""Asking models in the Chat Completions format, over real sockets."""

import gc
import json
import math
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from chat.providers.base import Text, Usage
from chat.providers.pacing import Pace
from chat.providers.prompt import Prompt
from chat.values import Depth
from tests.unit.providers.models import (
    HARBOUR,
    KEY,
    LIGHTHOUSE,
    ask,
    asked,
    noting,
    providing,
    talk,
    told,
)
from tests.unit.providers.raw_server import answering, chunked, serving, sized
from tests.unit.providers.transcripts import (
    CHAT,
    DEEPSEEK,
    LLAMA_CPP_PYTHON,
    PERPLEXITY,
    Transcript,
    chunk,
    events,
    measured,
)
from tests.upstream import words
from tests.upstream.process import Upstream

WORDS = "".join(text for text, _ in zip(words.tokens(), range(40), strict=False))


def bodies(upstream: Upstream) -> list[dict[str, Any]]:
    return [one["body"] for one in upstream.seen()]


def streamed(stream: bytes) -> bytes:
    return sized(stream)


def plain(**message: Any) -> bytes:
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    return sized(
        json.dumps({"choices": [choice], "usage": usage}).encode(), kind="application/json"
    )


def refusing(message: str, status: str = "400 Bad Request") -> bytes:
    body = json.dumps({"error": {"message": message, "type": "invalid_request_error"}}).encode()
    return sized(body, status=status, kind="application/json")


def test_an_answer_is_written_and_measured(upstream: Upstream) -> None:
    found = ask(upstream.url)
    assert (found.text, found.finish, found.failure) == (WORDS, "end", None)
    values = [words.log_probability(n) for n in range(40)]
    last = found.texts[-1]
    assert last.confidence == pytest.approx(math.exp(sum(values) / 40))
    assert last.basis == "token_probability"
    assert found.usage is not None
    assert (found.usage.completion_tokens, found.usage.estimated) == (40, False)
    [seen] = upstream.seen()
    assert seen["path"] == "/v1/chat/completions"
    assert seen["headers"]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("transcript", CHAT.values(), ids=CHAT)
def test_a_stream_that_comes_byte_by_byte_is_the_same_answer(transcript: Transcript) -> None:
    stream = transcript.stream
    bytewise = chunked(*(stream[at : at + 1] for at in range(len(stream))))
    with serving(answering(bytewise)) as server:
        found = ask(server.url, transcript.preset)
    assert (found.text, found.thinking) == (transcript.text, transcript.thinking)
    assert (found.finish, found.failure) == (transcript.finish, None)


def test_all_text_of_one_read_travels_together() -> None:
    with serving(answering(streamed(DEEPSEEK.stream))) as server:
        found = ask(server.url, "deepseek")
    assert len(found.texts) == 1


def test_reads_are_a_pace_apart_once_there_is_text() -> None:
    rested: list[float] = []
    pace = Pace(sleep=rested.append)
    parts = [events(chunk({"content": word}), done=False) for word in ("", "a", "b")]
    ends: list[str] = []

    def play(peer: Any) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        for part in parts:
            peer.send(part)
            ends.append("sent")

    with serving(play) as server, providing(server.url, pace=pace) as provider:
        found = told(provider.open(asked()))
    assert found.text == "ab"
    assert 1 <= len(rested) <= 2
    assert all(0 <= one <= 0.1 for one in rested)


@pytest.mark.parametrize("kind", ["thinking", "thinking-reasoning", "thinking-tags"])
def test_reasoning_is_told_apart_under_each_of_its_names(upstream: Upstream, kind: str) -> None:
    found = ask(upstream.url, model=kind)
    assert found.thinking == "".join(words.THOUGHTS)
    assert found.text == WORDS


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("refuses-logprobs", "logprobs"),
        ("refuses-stream-options", "stream_options"),
        ("refuses-max-tokens", "max_tokens"),
    ],
)
def test_a_field_that_a_model_refuses_is_left_out_once_and_for_all(
    upstream: Upstream, kind: str, field: str
) -> None:
    with providing(upstream.url, model=kind) as provider:
        assert told(provider.open(asked(kind))).text == WORDS
        assert told(provider.open(asked(kind))).text == WORDS
    first, *others = bodies(upstream)
    assert field in first
    assert len(others) == 2
    assert not any(field in other for other in others)


def test_the_other_name_of_the_limit_is_tried(upstream: Upstream) -> None:
    ask(upstream.url, model="refuses-max-tokens")
    assert bodies(upstream)[1]["max_completion_tokens"] == 1_500


def test_a_complaint_of_unknown_fields_without_a_name_is_about_all_of_them() -> None:
    detail = [{"type": "extra_forbidden", "loc": ["body", "logprobs"], "msg": "Extra inputs are"}]
    body = json.dumps({"detail": detail}).encode()
    refusal = sized(body, status="422 Unprocessable Entity", kind="application/json")
    sent: list[dict[str, Any]] = []
    with serving(noting(sent, refusal, streamed(LLAMA_CPP_PYTHON.stream))) as server:
        assert ask(server.url).text == "Fine <b"
    assert set(sent[1]) == {"model", "messages", "stream", "max_tokens"}


def test_a_refusal_of_anything_else_is_told(upstream: Upstream) -> None:
    failure = ask(upstream.url, model="400").failure
    assert failure is not None
    assert failure.code == "provider_refused"
    assert len(upstream.seen()) == 1


def test_a_model_that_may_not_stream_is_asked_for_the_plain_answer(upstream: Upstream) -> None:
    found = ask(upstream.url, model="refuses-stream")
    assert (found.text, found.finish) == (WORDS, "end")
    assert 1 < len(found.texts) < 10
    assert found.texts[-1].basis == "token_probability"
    assert "stream" not in bodies(upstream)[1]


def test_a_plain_answer_where_a_stream_was_asked_for_is_taken() -> None:
    with serving(answering(plain(content="Yes.", reasoning_content="Hm."))) as server:
        found = ask(server.url)
    assert (found.thinking, found.text, found.usage) == ("Hm.", "Yes.", Usage(3, 2))


def test_an_error_in_a_plain_answer_is_told() -> None:
    body = sized(b'{"error": {"message": "Out of memory"}}', kind="application/json")
    with serving(answering(body)) as server:
        failure = ask(server.url).failure
    assert failure is not None
    assert "Out of memory" in failure.detail


def test_without_probabilities_the_passages_count_and_the_next_answer_knows_it() -> None:
    stream = streamed(events(chunk({"content": "It was built in 1871 [1]. "}), chunk({}, "stop")))
    with serving(answering(stream, stream)) as server, providing(server.url) as provider:
        first = provider.open(asked())
        assert first.confidence_basis == "token_probability"
        assert {one.basis for one in told(first).texts} == {"retrieval_support"}
        assert provider.open(asked()).confidence_basis == "retrieval_support"
        without = replace(asked(), retrieval=replace(asked().retrieval, passages=()))
        assert provider.open(without).confidence_basis is None


def test_nothing_is_said_of_certainty_where_nothing_is_known() -> None:
    stream = streamed(events(chunk({"content": "Hello. "}), chunk({}, "stop")))
    greeting = replace(asked(), retrieval=replace(asked().retrieval, passages=()))
    with serving(answering(stream)) as server:
        found = ask(server.url, "lm_studio", request=greeting)
    assert found.texts == [Text("Hello. ", None, None)]


@pytest.mark.parametrize(("kind", "finish"), [("length", "length"), ("filtered", "refused")])
def test_the_reason_of_an_end_is_told(upstream: Upstream, kind: str, finish: str) -> None:
    assert ask(upstream.url, model=kind).finish == finish


def test_usage_that_is_not_told_is_estimated() -> None:
    stream = events(chunk({"content": "word " * 8}), chunk({}, "stop"))
    with serving(answering(streamed(stream))) as server:
        usage = ask(server.url).usage
    assert usage is not None
    assert (usage.completion_tokens, usage.estimated) == (10, True)
    assert usage.prompt_tokens > 100


def test_an_end_without_done_but_with_a_reason_is_an_end(upstream: Upstream) -> None:
    stream = events(chunk({"content": "Yes"}), chunk({}, "stop"), done=False)
    with serving(answering(streamed(stream))) as server:
        assert ask(server.url).finish == "end"


def test_what_breaks_behind_the_end_does_not_count() -> None:
    stream = events(chunk({"content": "Yes"}), chunk({}, "stop"), done=False)
    cut = chunked(stream).removesuffix(b"0\r\n\r\n")
    with serving(answering(cut)) as server:
        found = ask(server.url)
    assert (found.text, found.finish, found.failure) == ("Yes", "end", None)


@pytest.mark.parametrize("kind", ["unfinished", "half-frame-after-3", "reset-after-text"])
def test_an_answer_that_stops_in_the_middle_is_an_error_behind_its_text(
    upstream: Upstream, kind: str
) -> None:
    found = ask(upstream.url, model=kind)
    assert found.failure is not None
    assert found.failure.code in ("provider_broken", "provider_unreachable")
    assert WORDS.startswith(found.text)
    assert found.text
    assert found.finish is None


def test_an_empty_answer_is_asked_for_without_probabilities_then_shorter() -> None:
    sent: list[dict[str, Any]] = []
    with serving(noting(sent, *[streamed(b"")] * 3)) as server:
        failure = ask(server.url).failure
    assert failure is not None
    assert failure.code == "provider_broken"
    assert "too long" in failure.detail
    assert ["logprobs" in one for one in sent] == [True, False, False]


def test_what_an_empty_answer_was_due_to_is_remembered() -> None:
    sent: list[dict[str, Any]] = []
    good = streamed(events(chunk({"content": "Yes. "}), chunk({}, "stop")))
    with (
        serving(noting(sent, streamed(b""), good, good)) as server,
        providing(server.url) as provider,
    ):
        assert told(provider.open(asked())).text == "Yes. "
        assert told(provider.open(asked())).text == "Yes. "
    assert ["logprobs" in one for one in sent] == [True, False, False]


def test_a_prompt_that_is_too_long_is_shortened_and_the_sources_with_it() -> None:
    refusal = refusing("This request exceeds the available context size of 4096 tokens")
    good = streamed(events(measured("Yes.", -0.1), chunk({}, "stop")))
    many = [structs.replace(LIGHTHOUSE, id=f"p{n}", text="word " * 200) for n in range(20)]
    long = replace(asked(), retrieval=replace(asked().retrieval, passages=many))
    sent: list[dict[str, Any]] = []
    script = noting(sent, refusal, good)
    with serving(script) as server, providing(server.url, context_tokens=8_192) as provider:
        draft = provider.open(long)
        found = told(draft)
    assert found.text == "Yes."
    before, after = (len(one["messages"][-1]["content"]) for one in sent)
    assert after < 0.7 * before
    [cited] = found.cited
    assert 0 < len(cited.sources) < len(draft.sources)
    assert list(cited.sources) == list(draft.sources[: len(cited.sources)])


def test_a_window_far_smaller_than_said_gets_half_of_what_was_sent_then_a_fourth() -> None:
    refusal = refusing("Requested tokens (3396) exceed context window of 1024")
    good = streamed(events(chunk({"content": "Yes."}), chunk({}, "stop")))
    many = [structs.replace(LIGHTHOUSE, id=f"p{n}", text="word " * 100) for n in range(12)]
    long = replace(asked(), retrieval=replace(asked().retrieval, passages=many))
    sent: list[dict[str, Any]] = []
    with (
        serving(noting(sent, refusal, refusal, good)) as server,
        providing(server.url, context_tokens=1_000_000) as provider,
    ):
        assert told(provider.open(long)).text == "Yes."
    whole, half, fourth = (sum(len(turn["content"]) for turn in one["messages"]) for one in sent)
    assert half <= 0.5 * whole
    assert fourth <= 0.5 * half


def test_thoughts_that_leave_no_room_for_an_answer_get_more() -> None:
    thinking = chunk({"reasoning_content": "Hm"})
    starved = streamed(events(thinking, chunk({}, "length")))
    good = streamed(events(thinking, chunk({"content": "Yes"}), chunk({}, "stop")))
    sent: list[dict[str, Any]] = []
    with serving(noting(sent, starved, good, good)) as server, providing(server.url) as provider:
        assert told(provider.open(asked())).text == "Yes"
        told(provider.open(asked()))
    assert [one["max_tokens"] for one in sent] == [1_500, 5_500, 5_500]


@pytest.mark.parametrize("finish", ["stop", "length"])
def test_thoughts_without_an_answer_are_an_error(finish: str) -> None:
    stream = streamed(events(chunk({"reasoning_content": "Hm"}), chunk({}, finish)))
    with serving(answering(stream, stream)) as server:
        failure = ask(server.url).failure
    assert failure is not None
    assert failure.code == "provider_broken"


def test_a_model_without_a_system_role_is_asked_without_it() -> None:
    sent: list[dict[str, Any]] = []
    good = streamed(events(chunk({"content": "Yes"}), chunk({}, "stop")))
    with serving(noting(sent, refusing("System role not supported"), good)) as server:
        assert ask(server.url).text == "Yes"
    assert [one["role"] for one in sent[1]["messages"]] == ["user"]


def test_what_went_into_the_prompt_is_known_before_it_is_sent() -> None:
    with providing("http://127.0.0.1:1") as provider:
        draft = provider.open(asked(history=talk("One", "Two")))
    assert [(one.n, one.passage_id, one.score) for one in draft.sources] == [
        (1, LIGHTHOUSE.id, 1.0),
        (2, HARBOUR.id, 0.5),
    ]
    assert draft.sources[0].quote == LIGHTHOUSE.text
    assert draft.messages_used == 2
    assert draft.tokens_used is not None
    assert draft.tokens_used > 100
    assert draft.analysis["passages_given"] == 2
    assert "signals" not in draft.analysis
    assert not draft.continues


def test_an_answer_is_continued(upstream: Upstream) -> None:
    with providing(upstream.url) as provider:
        draft = provider.open(asked(written="Roll"))
        assert draft.continues
        assert told(draft).text == WORDS
    roles = [one["role"] for one in bodies(upstream)[0]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]


def test_nothing_more_to_say_is_a_fine_way_to_go_on() -> None:
    with serving(answering(streamed(events(chunk({}, "stop"))))) as server:
        found = ask(server.url, request=asked(written="All of it."))
    assert (found.text, found.finish, found.failure) == ("", "end", None)


def test_the_pages_that_a_provider_finds_are_its_sources() -> None:
    with (
        serving(answering(streamed(PERPLEXITY.stream))) as server,
        providing(server.url, "perplexity") as provider,
    ):
        draft = provider.open(asked())
        found = told(draft)
    assert (draft.sources, draft.cites_later, draft.confidence_basis) == ([], True, None)
    [cited] = found.cited
    assert [(one.n, one.title, one.url, one.quote) for one in cited.sources] == [
        (1, "A", "https://example.org/a", "About A."),
        (2, "B", "https://example.org/b", ""),
    ]
    assert {one.document_id for one in cited.sources} == {""}


def test_an_address_that_a_browser_must_not_open_is_no_source() -> None:
    odd = chunk({"content": "x"}, "stop", citations=["javascript:alert(1)", "https://example.org"])
    with serving(answering(streamed(events(odd)))) as server:
        [cited] = ask(server.url, "perplexity").cited
    assert [(one.n, one.url) for one in cited.sources] == [(2, "https://example.org")]


def test_cancelling_ends_the_pieces_and_closes_the_socket(upstream: Upstream) -> None:
    with providing(upstream.url, model="endless") as provider:
        draft = provider.open(asked("endless"))
        assert next(draft.pieces)
        draft.cancel()
        assert list(draft.pieces) == []
    upstream.wait_for(lambda seen: seen[0]["closed"])


def test_cancelling_before_the_first_piece_asks_nobody(upstream: Upstream) -> None:
    with providing(upstream.url) as provider:
        draft = provider.open(asked())
    draft.cancel()
    draft.cancel()
    assert list(draft.pieces) == []
    assert upstream.seen() == []


def test_closing_the_pieces_closes_the_socket(upstream: Upstream) -> None:
    with providing(upstream.url, model="endless") as provider:
        draft = provider.open(asked("endless"))
        next(draft.pieces)
        draft.pieces.close()
    upstream.wait_for(lambda seen: seen[0]["closed"])


def test_a_connection_serves_the_next_answer_too(upstream: Upstream) -> None:
    with providing(upstream.url) as provider:
        for _ in range(3):
            assert told(provider.open(asked())).text == WORDS
    assert len({one["connection"] for one in upstream.seen()}) == 1


def test_the_prompt_is_let_go_when_text_comes(upstream: Upstream) -> None:
    def prompts() -> int:
        gc.collect()
        return sum(1 for one in gc.get_objects() if isinstance(one, Prompt) and one.turns)

    before = prompts()
    with providing(upstream.url, model="endless") as provider:
        pieces = provider.open(asked("endless", Depth.DEEP)).pieces
        next(pieces)
        assert prompts() == before
        pieces.close()
