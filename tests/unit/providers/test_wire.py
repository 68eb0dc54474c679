"""Requests out, events back, over real sockets: whole answers, connections kept for the next."""

import json
import socket
import threading

import pytest

from chat.providers import connecting
from chat.providers.wire import Upstream
from chat.values import Limits
from tests.unit.providers.calling import SECRET, events_of, failing, upstream
from tests.unit.providers.raw_server import (
    Peer,
    answering,
    chunk,
    chunked,
    head,
    serving,
    sized,
    until_close,
)

PARTS = (
    b'data: {"n":1,"text":"\xc3\xab"}\n\n',
    b": still here\n\n",
    b'event: x\r\ndata: {"n":2,"text":"\xf0\x9f\x98\x80"}\r\n\r\n',
    b"data: three\ndata: lines\n\n",
    b"data: [DONE]\n\n",
)
EVENTS = ['{"n":1,"text":"ë"}', '{"n":2,"text":"😀"}', "three\nlines", "[DONE]"]
WHOLE = {
    "in chunks": chunked(*PARTS),
    "with a length": sized(b"".join(PARTS)),
    "until the close": until_close(b"".join(PARTS)),
    "after an interim response": b"HTTP/1.1 100 Continue\r\n\r\n" + chunked(*PARTS),
}


def test_a_request_carries_its_path_its_headers_and_its_body() -> None:
    seen: list[bytes] = []

    def script(peer: Peer) -> None:
        seen.append(peer.request())
        peer.send(chunked(*PARTS))

    with serving(script) as server:
        assert events_of(upstream(server).post("/chat/completions", b'{"a":1}')) == EVENTS
    lines, _, body = seen[0].decode().partition("\r\n\r\n")
    assert lines.startswith("POST /v1/chat/completions HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}" in lines
    assert f"Authorization: Bearer {SECRET}" in lines
    assert "Accept-Encoding: identity" in lines
    assert body == '{"a":1}'


@pytest.mark.parametrize("form", WHOLE)
def test_an_answer_reads_the_same_wherever_it_is_cut(form: str) -> None:
    """The two halves arrive apart: the second is sent once the first was taken from the socket."""
    answer = WHOLE[form]
    for cut in range(1, len(answer)):
        assert _read_cut(answer[:cut], answer[cut:]) == EVENTS, f"cut at {cut}"


def test_an_answer_reads_the_same_byte_by_byte() -> None:
    answer = WHOLE["in chunks"]
    assert _read_cut(*(answer[at : at + 1] for at in range(len(answer)))) == EVENTS


def _read_cut(*pieces: bytes) -> list[str]:
    """Read an answer whose pieces come in receives of their own, without a network between."""
    return _events_from(_Scripted(list(pieces)))


class _Scripted(connecting.Connection):
    """A connection that has the next piece whenever it is read."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__(socket.socket())
        self.pieces = pieces

    def send(self, data: bytes, timeout: float) -> None:
        """Nobody reads it."""

    def arrived(self) -> bytes:
        return self.receive(0)

    def receive(self, timeout: float) -> bytes:
        self.ended = not self.pieces
        return self.pieces.pop(0) if self.pieces else b""


def _events_from(connection: connecting.Connection) -> list[str]:
    acme = Upstream("http://127.0.0.1:9", {}, Limits(), name="acme")
    acme._pool.put(connection)
    return events_of(acme.post("/", b"{}"))


def test_all_events_that_have_arrived_come_with_one_read() -> None:
    asked, sent = threading.Event(), threading.Event()

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Transfer-Encoding: chunked") + chunk(b"data: 0\n\n"))
        assert asked.wait(5)
        for n in range(1, 200):
            peer.send(chunk(b"data: %d\n\n" % n))
        sent.set()
        peer.wait_until_closed()

    with serving(script) as server:
        call = upstream(server).post("/", b"")
        assert call.read() == ["0"]
        asked.set()
        assert sent.wait(5)
        reads = [call.read() or []]
        while reads[-1][-1] != "199":
            reads.append(call.read() or ["the end"])
        assert [event for read in reads for event in read] == [str(n) for n in range(1, 200)]
        assert len(reads) < 20  # one, where the system hands over all at once
        call.close()


def test_a_flood_is_read_whole() -> None:
    big = b"data: " + b"x" * 400_000 + b"\n\n"
    with serving(answering(chunked(big, big))) as server:
        assert [len(e) for e in events_of(upstream(server).post("/", b""))] == [400_000] * 2


def test_a_connection_serves_one_call_after_the_other() -> None:
    with serving(answering(chunked(*PARTS), sized(b"{}", kind="application/json"))) as server:
        acme = upstream(server)
        assert events_of(acme.post("/", b"")) == EVENTS
        assert acme.get("/models") == b"{}"
        assert server.connections == 1


def test_a_caller_that_stops_at_done_gives_the_connection_back() -> None:
    with serving(answering(*[chunked(*PARTS)] * 2)) as server:
        acme = upstream(server)
        for _ in range(2):
            call = acme.post("/", b"")
            while (call.read() or [])[-1:] != ["[DONE]"]:
                pass
            call.close()
        assert server.connections == 1


def test_a_connection_with_a_rest_to_come_is_closed() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Transfer-Encoding: chunked") + chunk(b"data: a\n\n"))
        peer.wait_until_closed()

    with serving(script, answering(chunked(*PARTS))) as server:
        acme = upstream(server)
        call = acme.post("/", b"")
        assert call.read() == ["a"]
        call.close()
        assert events_of(acme.post("/", b"")) == EVENTS


def test_a_connection_that_the_other_side_closes_is_not_used_again() -> None:
    with serving(answering(sized(b"data: a\n\n", "Connection: close"))) as server:
        acme = upstream(server)
        assert events_of(acme.post("/", b"")) == events_of(acme.post("/", b"")) == ["a"]
        assert server.connections == 2


@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_connection_that_went_stale_is_replaced_in_silence(end: str) -> None:
    gone = threading.Event()

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(chunked(*PARTS))
        peer.reset() if end == "reset" else peer.close()
        gone.set()

    with serving(script, answering(chunked(*PARTS))) as server:
        acme = upstream(server)
        assert events_of(acme.post("/", b"")) == EVENTS
        assert gone.wait(5)
        assert events_of(acme.post("/", b"")) == EVENTS
        assert server.connections == 2


def test_a_connection_that_idled_too_long_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answering(chunked(*PARTS), close=False)) as server:
        acme = upstream(server)
        events_of(acme.post("/", b""))
        monkeypatch.setattr(connecting, "_KEEP_SECONDS", -1.0)
        assert acme._pool.take() is None


def test_closing_an_upstream_closes_its_idle_connections() -> None:
    with serving(answering(chunked(*PARTS), close=False)) as server:
        acme = upstream(server)
        events_of(acme.post("/", b""))
        acme.close()


def test_a_body_that_is_not_a_stream_is_read_whole() -> None:
    answer = json.dumps({"text": "a" * 100_000}).encode()
    with serving(answering(sized(answer, kind="application/json; charset=utf-8"))) as server:
        call = upstream(server).post("/", b"")
        assert call.content_type == "application/json"
        assert call.read_whole() == answer
        call.close()


def test_an_empty_body_is_told_at_once() -> None:
    with serving(answering(sized(b""))) as server:
        assert events_of(upstream(server).post("/", b"")) == []


def test_an_answer_is_read_though_the_request_was_not() -> None:
    """A server that refuses early resets while the request is still being sent."""

    def script(peer: Peer) -> None:
        peer.send(sized(b'{"error":{"message":"far too long"}}', status="413 Too Large"))
        peer.close()

    with serving(script) as server, failing("provider_refused") as caught:
        upstream(server).post("/", b"x" * 3_000_000)
    assert "413" in caught[0].detail
