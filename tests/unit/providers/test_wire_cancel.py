"""A cancelled call ends at once, in whatever it waits: the provider sees its socket close."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.providers import resolving
from chat.providers.wire import Call, Cancelled, Upstream
from chat.values import Limits
from tests.unit.providers.calling import events_of, upstream
from tests.unit.providers.raw_server import (
    PATIENCE,
    Peer,
    answering,
    chunk,
    chunked,
    head,
    serving,
)
from tests.unit.providers.test_wire_limits import full_backlog

SOON = 0.1  # seconds


def cancelled_after(make: Callable[[Call], None], ready: threading.Event | None = None) -> float:
    """Seconds from `cancel` to Cancelled in who makes a call.

    It is cancelled once `ready`, by default once it has a socket to connect.
    """
    call, ended = Call(), []

    def work() -> None:
        try:
            make(call)
        except Cancelled:
            ended.append(time.monotonic())

    reader = threading.Thread(target=work)
    reader.start()
    _wait_until(ready.is_set if ready else lambda: call._lease.held)
    began = time.monotonic()
    call.cancel()
    call.cancel()
    reader.join(PATIENCE)
    call.close()
    call.cancel()
    assert ended, "the reader did not see that it was cancelled"
    return ended[0] - began


def _wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.001)


def waiting(sent: bytes, ready: threading.Event) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.request()
        peer.send(sent)
        ready.set()
        peer.wait_until_closed()

    return script


@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 200", head("Transfer-Encoding: chunked"),
     head("Transfer-Encoding: chunked") + chunk(b"data: a\n\ndata: b"),
     head("Content-Length: 99", status="500 Down")],
    ids=["before the head", "in the head", "before the body", "in the body", "in an error"],
)  # fmt: skip
def test_a_call_that_waits_for_its_answer_is_cancelled_at_once(sent: bytes) -> None:
    ready = threading.Event()
    with serving(waiting(sent, ready)) as server:
        acme = upstream(server)
        assert cancelled_after(lambda call: _ask(acme, call), ready) < SOON


def _ask(acme: Upstream, call: Call) -> None:
    events_of(acme.post("/", b"", call=call))


def test_a_call_that_waits_for_its_request_to_be_taken_is_cancelled_at_once() -> None:
    ready = threading.Event()

    def script(peer: Peer) -> None:
        ready.set()
        left.wait(PATIENCE)

    left = threading.Event()
    with serving(script) as server:
        acme = upstream(server)
        assert cancelled_after(lambda call: _post(acme, call, b"x" * 50_000_000), ready) < SOON
        left.set()


def _post(acme: Upstream, call: Call, body: bytes) -> None:
    acme.post("/", body, call=call)


def test_a_call_that_waits_for_a_connection_is_cancelled_at_once() -> None:
    with full_backlog() as port:
        acme = Upstream(f"http://127.0.0.1:{port}", {}, Limits(), name="acme")
        assert cancelled_after(lambda call: _ask(acme, call)) < SOON


def test_a_call_that_waits_for_a_name_is_cancelled_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def look_up(*args: object, **more: object) -> list[object]:
        asked.set()
        assert answer.wait(PATIENCE)
        return []

    monkeypatch.setattr(resolving.socket, "getaddrinfo", look_up)
    acme = Upstream("http://acme.test", {}, Limits(), name="acme")
    assert cancelled_after(lambda call: _ask(acme, call), asked) < SOON
    answer.set()


def test_the_provider_sees_the_close_while_the_reader_rests() -> None:
    """Nobody reads when the call is cancelled: the close does not wait for the next read."""
    began, closed = threading.Event(), threading.Event()

    def script(peer: Peer) -> None:
        waiting(head("Transfer-Encoding: chunked") + chunk(b"data: a\n\n"), began)(peer)
        closed.set()

    with serving(script) as server:
        call = upstream(server).post("/", b"")
        assert call.read() == ["a"]
        call.cancel()
        assert closed.wait(SOON)
        with pytest.raises(Cancelled):
            call.read()
        call.close()


def test_a_call_that_was_cancelled_before_it_began_asks_nobody() -> None:
    with serving(answering(b"")) as server:
        call = Call()
        call.cancel()
        with pytest.raises(Cancelled):
            upstream(server).post("/", b"", call=call)
        assert server.connections == 0


def test_a_late_cancel_does_not_hit_the_next_call_on_the_same_connection() -> None:
    with serving(answering(*[chunked(b"data: a\n\n")] * 2)) as server:
        acme = upstream(server)
        first = acme.post("/", b"")
        events_of(first)
        second = acme.post("/", b"")
        first.cancel()
        assert events_of(second) == ["a"]
        assert server.connections == 1


def test_a_cancelled_call_leaves_no_connection_for_the_next() -> None:
    with serving(answering(chunked(b"data: a\n\n"))) as server:
        acme = upstream(server)
        call = acme.post("/", b"")
        assert call.read() == ["a"]
        call.cancel()
        call.close()
        assert acme._pool.take() is None


IN_THE_WORKER = """
from gevent import monkey
monkey.patch_all()
import select, sys, threading, time
from chat.providers.pacing import Pace
from chat.providers.wire import Call, Cancelled, Upstream
from chat.values import Limits

url, phase = sys.argv[1:]
acme = Upstream(url, {}, Limits(), name="acme")
call, ended = Call(), []

def read():
    try:
        acme.post("/", b"", call=call)
        call.read()
        print("reads", flush=True)
        if phase == "rest":
            time.sleep(0.3)
        call.read()
    except Cancelled:
        ended.append(time.monotonic())
    finally:
        call.close()

reader = threading.Thread(target=read)
reader.start()
while not call._lease.held:
    time.sleep(0.001)
print("connects", flush=True)
select.select([sys.stdin], [], [])
began = time.monotonic()
call.cancel()
call.cancel()
time.sleep(0)
print("cancelled", flush=True)
reader.join()
call.cancel()
print(ended[0] - began)
"""


@pytest.mark.parametrize("phase", ["connect", "head", "body", "rest"])
def test_in_the_worker_a_greenlet_cancels_another_at_once(phase: str) -> None:
    """A process of its own, patched by gevent as the worker is."""
    began, closed = threading.Event(), []
    word = head("Transfer-Encoding: chunked") + chunk(b"data: a\n\n")

    def script(peer: Peer) -> None:
        waiting(b"" if phase == "head" else word, began)(peer)
        closed.append(time.monotonic())

    with serving(script) as server, full_backlog() as port:
        url = f"http://127.0.0.1:{port}" if phase == "connect" else server.url
        worker = subprocess.Popen(
            [sys.executable, "-c", IN_THE_WORKER, url, phase],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stdout.readline() == "connects\n"
        if phase in ("body", "rest"):
            assert worker.stdout.readline() == "reads\n"
        elif phase == "head":
            assert began.wait(PATIENCE)
        asked = time.monotonic()
        worker.stdin.write("cancel\n")
        worker.stdin.flush()
        told = worker.communicate(timeout=PATIENCE)[0].split()
    assert told[0] == "cancelled"
    assert float(told[1]) < (0.5 if phase == "rest" else SOON)
    if phase != "connect":
        assert closed[0] - asked < SOON
