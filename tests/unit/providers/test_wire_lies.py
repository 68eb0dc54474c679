"""What a provider sends that cannot be an answer ends in one clear error, in little memory."""

import gc
import tracemalloc

import pytest

from tests.unit.providers.calling import events_of, failing, upstream
from tests.unit.providers.raw_server import Peer, answering, chunk, chunked, head, serving, sized

MB = 1_000_000
HALF = b"data: a\n\ndata: b"
LIES = {
    "a web page": (sized(b"<html>Welcome</html>", kind="text/html"), "text/html"),
    "a word without its framing": (b"Hello there, this is no HTTP at all\r\n\r\n", "not HTTP"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.9\r\n", "not HTTP"),
    "a chunk of no length": (
        head("Transfer-Encoding: chunked") + b"zz\r\ndata: a\n\n\r\n",
        "not HTTP",
    ),
    "a chunk longer than told": (
        head("Transfer-Encoding: chunked") + b"2\r\ndata: a\n\n\r\n0\r\n\r\n",
        "not HTTP",
    ),
    "two lengths": (head("Content-Length: 3", "Content-Length: 4") + b"abcd", "not HTTP"),
    "half a frame in chunks": (head("Transfer-Encoding: chunked") + chunk(HALF), "in the middle"),
    "half a length": (head("Content-Length: 99") + HALF, "in the middle"),
    "half a frame until the close": (head("Connection: close") + HALF, "in the middle"),
    "half a frame in a whole response": (sized(HALF), "in the middle"),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-Ty", "in the middle"),
    "gzip": (sized(b"\x1f\x8b\x08", "Content-Encoding: gzip"), "compressed"),
    "brotli": (sized(b"\x0b\x02", "Content-Encoding: br"), "compressed"),
    "gzip in transfer": (head("Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n", "compressed"),
    "another protocol from here on": (
        head("Upgrade: websocket", "Connection: Upgrade", status="101 Switching Protocols"),
        "",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_ends_in_one_clear_error(lie: str) -> None:
    sent, words = LIES[lie]
    with serving(answering(sent)) as server, failing("provider_broken") as caught:
        events_of(upstream(server).post("/", b""))
    assert caught[0].detail.startswith("acme ")
    assert words in caught[0].detail
    assert not caught[0].again


@pytest.mark.parametrize(
    "lie", ["a chunk of no length", "half a frame in chunks", "half a frame until the close"]
)
def test_what_came_before_a_lie_is_read_first(lie: str) -> None:
    before = chunk(b"data: whole\n\n")
    sent = LIES[lie][0].replace(b"chunked\r\n\r\n", b"chunked\r\n\r\n" + before)
    if before not in sent:
        sent = sent.replace(HALF, b"data: whole\n\n" + HALF)
    with serving(answering(sent)) as server:
        call = upstream(server).post("/", b"")
        found = call.read() or []
        assert found[0] == "whole"
        with failing("provider_broken"):
            events_of(call)


def test_an_answer_of_another_charset_is_not_shown() -> None:
    sent = sized("data: Zürich\n\n".encode("latin-1"), kind="text/event-stream; charset=latin-1")
    with serving(answering(sent)) as server:
        call = upstream(server).post("/", b"")
        with failing("provider_broken") as caught:
            events_of(call)
    assert "not UTF-8" in caught[0].detail


def test_a_stream_without_a_type_is_read() -> None:
    with serving(answering(sized(b"data: a\n\n", kind=""))) as server:
        assert events_of(upstream(server).post("/", b"")) == ["a"]


def test_a_last_word_without_its_blank_line_is_taken() -> None:
    with serving(answering(sized(b"data: a\n\ndata: [DONE]"))) as server:
        assert events_of(upstream(server).post("/", b"")) == ["a", "[DONE]"]


def test_bytes_after_a_response_cost_its_connection_only() -> None:
    surplus = sized(b"data: a\n\n") + sized(b"data: not asked for\n\n")
    with serving(answering(surplus)) as server:
        acme = upstream(server)
        assert events_of(acme.post("/", b"")) == events_of(acme.post("/", b"")) == ["a"]
        assert server.connections == 2


def test_a_web_page_is_no_list_of_models() -> None:
    page = sized(b"<html>Welcome</html>", kind="text/html; charset=utf-8")
    with serving(answering(page)) as server, failing("provider_broken") as caught:
        upstream(server).get("/models")
    assert "web page" in caught[0].detail


FLOODS = {
    "a frame": (head("Transfer-Encoding: chunked"), chunk(b"x" * 60_000), "without end"),
    "a frame of many lines": (
        head("Transfer-Encoding: chunked"),
        chunk(b"data: " + b"x" * 60_000 + b"\n"),
        "without end",
    ),
    "comments": (head("Connection: close"), (b": " + b"." * 96 + b"\n\n") * 600, "without end"),
    "empty events": (
        head("Connection: close"),
        (b"event: " + b"." * 91 + b"\n\n") * 600,
        "without end",
    ),
    "one header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 60_000, "headers without end"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-Long: 1\r\n" * 6000, "headers without end"),
    "interim responses": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2500, "headers without end"),
    "a chunk's extension": (
        head("Transfer-Encoding: chunked") + b"5;",
        b"x" * 60_000,
        "without end",
    ),
    "trailers": (
        head("Transfer-Encoding: chunked") + b"0\r\n",
        b"X-Long: 1\r\n" * 6000,
        "without end",
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_fifty_megabytes_is_cut_off_in_little_memory(flood: str) -> None:
    begin, piece, words = FLOODS[flood]
    taken = []

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(begin)
        while len(taken) * len(piece) < 50 * MB and peer.send(piece):
            taken.append(len(piece))

    with serving(script) as server:
        gc.collect()
        tracemalloc.start()
        try:
            with failing("provider_broken") as caught:
                events_of(upstream(server).post("/", b""))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert words in caught[0].detail
    assert sum(taken) < 50 * MB
    assert peak < 5 * MB


def test_more_events_than_an_answer_may_have_are_cut_off() -> None:
    many = chunked(*[b"data: a\n\n"] * 30)
    with serving(answering(many)) as server, failing("provider_broken"):
        events_of(upstream(server, max_events=20).post("/", b""))


def test_more_bytes_than_an_answer_may_have_are_cut_off() -> None:
    many = chunked(*[b"data: " + b"x" * 5000 + b"\n\n"] * 10)
    with serving(answering(many)) as server, failing("provider_broken"):
        events_of(upstream(server, max_events=20).post("/", b""))


def test_a_whole_body_has_its_limit_too() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Connection: close", kind="application/json"))
        while peer.send(b"[" * 60_000):
            pass

    with serving(script) as server, failing("provider_broken"):
        upstream(server).get("/models")
