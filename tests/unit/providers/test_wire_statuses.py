"""Each status that is an error has its code, a sentence that says what to do, and no secret."""

import json
import time
from email.utils import formatdate

import pytest

from chat.providers.failures import Complaints, StatusError, retry_after, words_of
from tests.unit.providers.calling import SECRET, events_of, failing, upstream
from tests.unit.providers.raw_server import Peer, answering, chunked, head, serving, sized


def refusal(status: str, message: str = "no", *lines: str) -> bytes:
    body = json.dumps({"error": {"message": message}}).encode()
    return sized(body, *lines, status=status, kind="application/json")


@pytest.mark.parametrize(
    ("status", "code", "retryable", "again"),
    [
        (400, "provider_refused", False, False),
        (401, "provider_key", False, False),
        (402, "provider_refused", False, False),
        (403, "provider_key", False, False),
        (404, "provider_refused", False, False),
        (405, "provider_refused", False, False),
        (408, "provider_down", True, True),
        (409, "provider_down", True, True),
        (413, "provider_refused", False, False),
        (422, "provider_refused", False, False),
        (429, "provider_limit", True, True),
        (500, "provider_down", True, True),
        (502, "provider_down", True, True),
        (503, "provider_down", True, True),
        (529, "provider_down", True, True),
    ],
)
def test_each_status_has_its_code(status: int, code: str, retryable: bool, again: bool) -> None:
    with (
        serving(answering(refusal(f"{status} Because", "the reason why"))) as server,
        failing(code) as caught,
    ):
        upstream(server).post("/", b"")
    error = caught[0]
    assert isinstance(error, StatusError)
    assert (error.retryable, error.again) == (retryable, again)
    assert (error.answered, error.said) == (status, "the reason why")
    assert error.detail.startswith("acme ")
    assert f"({status})" in error.detail
    assert error.detail.endswith("It says: the reason why")


def test_a_refused_key_says_where_it_is_corrected() -> None:
    with serving(answering(sized(b"", status="401 No"))) as server, failing("provider_key") as told:
        upstream(server).post("/", b"")
    assert told[0].detail == (
        "acme refused the key (401). An admin can correct it on the Models page."
    )


def test_an_account_without_money_is_not_asked_again() -> None:
    told = b'{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}'
    assert not Complaints("acme", []).status(429, told).again
    assert not Complaints("acme", []).status(429, "Your credit balance is too low").again
    assert Complaints("acme", []).status(429, b"slow down").again


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_named_and_not_followed(status: str) -> None:
    with (
        serving(
            answering(sized(b"", "Location: http://other.test/v1?k=1", status=status))
        ) as server,
        failing("provider_refused") as caught,
    ):
        upstream(server).post("/", b"")
    assert "redirects to http://other.test/v1 (" in caught[0].detail
    assert not caught[0].retryable
    assert server.connections == 1


def test_a_connection_lives_on_after_an_error_that_was_read_whole() -> None:
    with serving(answering(refusal("503 Busy"), chunked(b"data: a\n\n"))) as server:
        acme = upstream(server)
        with failing("provider_down"):
            acme.post("/", b"")
        assert events_of(acme.post("/", b"")) == ["a"]
        assert server.connections == 1


def test_an_error_that_does_not_end_is_told_with_what_has_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chat.providers.calls._ERROR_SECONDS", 0.05)

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Content-Length: 99", status="500 Down"))
        peer.wait_until_closed()

    with serving(script) as server, failing("provider_down"):
        upstream(server).post("/", b"")


def test_an_error_of_many_megabytes_is_not_read() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Connection: close", status="500 Down"))
        while peer.send(b"[" * 60_000):
            pass

    with serving(script) as server, failing("provider_down"):
        upstream(server).post("/", b"")


@pytest.mark.parametrize(
    "said",
    [f"the key {SECRET} is wrong", f"Bearer {SECRET}", f"Authorization: {SECRET}",
     "Incorrect API key provided: sk-proj-abcd**********wxyz.", "Bearer eyJhbGciOi.J9.abc",
     "gsk_0123456789abcdefghij is unknown", "sk-ant-api03-abcdefghijk",
     "AIzaSyA0123456789abcdefgh"],
)  # fmt: skip
def test_a_provider_that_repeats_a_key_is_not_quoted_with_it(said: str) -> None:
    with serving(answering(refusal("401 No", said))) as server, failing("provider_key") as caught:
        upstream(server).post("/", b"")
    assert "•••" in caught[0].detail
    for part in (SECRET, "wxyz", "abcd", "eyJ", "0123"):
        assert part not in caught[0].detail
        assert part not in repr(caught[0])


def test_no_repr_shows_a_key() -> None:
    with serving(answering(chunked(b"data: a\n\n"))) as server:
        acme = upstream(server)
        call = acme.post("/", b"")
        assert SECRET not in f"{acme!r}{call!r}{acme.complaints!r}"
        call.close()


def test_words_are_one_short_line() -> None:
    words = Complaints("acme", []).clean("one\ntwo\x1b[31m\u2028three " + "very long " * 100)
    assert words.startswith("one two [31m three very")
    assert len(words) == 300
    assert words.endswith("…")


def test_ordinary_words_are_left_alone() -> None:
    said = "This model's maximum context length is 8192 tokens; the key 'task-based-approach' ..."
    assert Complaints("acme", ["no"]).clean(said) == said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "a", "type": "b"}}, "a"),
        ({"error": {"type": "overloaded_error"}}, "overloaded_error"),
        ({"error": "a"}, "a"),
        ({"object": "error", "message": "a"}, "a"),
        ({"detail": "a"}, "a"),
        ({"detail": [{"loc": ["body"], "msg": "a"}]}, "a"),
        ([{"error": {"message": "a"}}], "a"),
        ({"error": {"message": {"message": {"message": {"message": "deep"}}}}}, ""),
        ({"error": None}, ""),
        ({"error": 7}, ""),
        ([], ""),
    ],
)
def test_the_message_is_found_in_each_form(body: object, words: str) -> None:
    assert words_of(json.dumps(body)) == words


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b'{"error":', b"[" * 60_000])
def test_a_body_without_a_message_is_no_failure(body: bytes) -> None:
    assert words_of(body) == ""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e99"}, 3600),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "²"}, None),
    ],
)
def test_the_time_to_wait_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_to_wait_for_is_understood() -> None:
    seconds = retry_after({"retry-after": formatdate(time.time() + 90, usegmt=True)})
    assert seconds is not None
    assert 85 < seconds <= 90


def test_a_limit_tells_when_to_come_again() -> None:
    with (
        serving(answering(refusal("429 Slow", "slow down", "Retry-After: 20"))) as server,
        failing("provider_limit") as caught,
    ):
        upstream(server).post("/", b"")
    assert caught[0].retry_after == 20
    assert "Try again in 20 s." in caught[0].detail
