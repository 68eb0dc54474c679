"""What takes too long ends with the code of its limit; what cannot be reached says why."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chat.errors import Invalid
from chat.providers.wire import Upstream
from chat.values import Limits
from tests.unit.providers.calling import events_of, failing, upstream
from tests.unit.providers.raw_server import Peer, answering, chunk, chunked, head, serving


def test_a_host_that_takes_no_connection_runs_into_the_limit_to_connect() -> None:
    with full_backlog() as port:
        acme = Upstream(f"http://127.0.0.1:{port}", {}, Limits(connect_seconds=0.05), name="acme")
        with failing("connect_timeout") as caught:
            acme.post("/", b"")
    assert caught[0].again


@contextmanager
def full_backlog() -> Iterator[int]:
    """A port where the system answers no connection, since as many as it may hold wait already."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    port = listener.getsockname()[1]
    waiting = []
    for _ in range(8):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", port))
        waiting.append(sock)
    try:
        yield port
    finally:
        for sock in (*waiting, listener):
            sock.close()


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n", head("Transfer-Encoding: chunked")])
def test_the_body_has_to_begin_in_time(sent: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(sent)
        peer.wait_until_closed()

    with serving(script) as server, failing("first_byte_timeout"):
        events_of(upstream(server, first_byte_seconds=0.05).post("/", b""))


def silent_after_a_word(peer: Peer) -> None:
    peer.request()
    peer.send(head("Transfer-Encoding: chunked") + chunk(b"data: a\n\n"))
    peer.wait_until_closed()


def test_silence_after_the_first_byte_has_its_own_limit() -> None:
    with serving(silent_after_a_word) as server:
        call = upstream(server, silence_seconds=0.05).post("/", b"")
        assert call.read() == ["a"]
        with failing("silence_timeout"):
            call.read()
        call.close()


def test_comments_break_the_silence_but_not_the_deadline() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Transfer-Encoding: chunked"))
        while peer.send(chunk(b": wait\n\n")):
            time.sleep(0.01)  # the beat itself is what is tested

    with serving(script) as server, failing("run_timeout"):
        acme = upstream(server, silence_seconds=0.1)
        call = acme.post("/", b"", deadline=time.monotonic() + 0.3)
        try:
            events_of(call)
        finally:
            call.close()


def test_who_sends_what_counts_for_nothing_is_held_to_the_limits_too() -> None:
    """There is always something to read, and of it nearly nothing is the answer."""
    padded = (b"1;" + b"x" * 16_000 + b"\r\na\r\n") * 60

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Transfer-Encoding: chunked", kind="application/json"))
        while peer.send(padded):
            pass

    with serving(script) as server, failing("run_timeout"):
        upstream(server, first_byte_seconds=0.5).get("/models")


def test_a_deadline_that_is_over_ends_a_call_before_it_begins() -> None:
    with serving(answering(b"")) as server, failing("run_timeout"):
        upstream(server).post("/", b"", deadline=time.monotonic() - 1)


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with failing("provider_unreachable") as caught:
        Upstream(f"http://127.0.0.1:{port}", {}, Limits(), name="acme").post("/", b"")
    assert caught[0].again
    assert caught[0].detail == "acme cannot be reached: connection refused. Try again in a moment."


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    with failing("provider_unreachable") as caught:
        Upstream("http://nowhere.invalid/v1", {}, Limits(), name="acme").post("/", b"")
    assert caught[0].again


def test_a_name_is_looked_up_and_all_its_addresses_are_tried() -> None:
    with serving(answering(chunked(b"data: a\n\n"))) as server:
        acme = Upstream(f"http://localhost:{server.port}", {}, Limits(), name="acme")
        assert events_of(acme.post("/", b"")) == ["a"]


@pytest.mark.parametrize("sent", [b"", head("Content-Length: 9") + b"data: a\n"])
def test_a_reset_is_unreachable(sent: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(sent)
        peer.reset()

    with serving(script) as server, failing("provider_unreachable") as caught:
        events_of(upstream(server).post("/", b""))
    assert caught[0].again


@pytest.mark.parametrize(
    "url",
    ["", "acme.test", "ftp://acme.test", "http://", "http://me:pw@acme.test", "http://a b/",
     "http://acme.test/v1?key=1", "http://acme.test:99999", "http://[::1"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(Invalid, match="acme"):
        Upstream(url, {}, Limits(), name="acme")


@pytest.mark.parametrize("key", ["two\nlines", "two\r\nX-Other: 1", "schlüssel", "nul\0"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(Invalid, match="Authorization") as failure:
        Upstream("http://acme.test", {"Authorization": key}, Limits(), name="acme")
    assert key not in repr(failure.value)
    assert failure.value.__cause__ is failure.value.__context__ is None
