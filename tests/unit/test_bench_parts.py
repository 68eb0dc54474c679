"""The bench's own parts: a figure is only as good as what it is read from."""

import json
import socket
import time

import pytest

from bench.arrivals import Arrival, Tally
from bench.measuring import window_cost
from bench.relay_figures import at_rate
from bench.tokens import STAMP, Frames, model_name, read_model
from bench.wheel import Wheel


def unchunked(data: bytes) -> bytes:
    """What the chunks of the transfer encoding hold."""
    whole = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        whole, data = whole + data[: int(size, 16)], data[int(size, 16) + 2 :]
    return whole


def test_every_frame_of_the_upstream_is_one_chunk_of_openais_format() -> None:
    frames = Frames(model_name(3, 20))
    tokens = [frames.token(1), frames.token(20)]  # the twentieth ends a sentence
    sent = b"".join([frames.role, *tokens, frames.end(2, with_usage=True)])
    *events, done, rest = unchunked(sent).split(b"\n\n")
    parts = [json.loads(event.removeprefix(b"data: ")) for event in events]
    texts = [p["choices"][0]["delta"].get("content") for p in parts if p["choices"]]
    assert (done, rest) == (b"data: [DONE]", b"")
    assert [bool(STAMP.fullmatch(text.rstrip(".").encode())) for text in texts[1:3]] == [True, True]
    assert parts[-1]["usage"]["completion_tokens"] == 2


def test_a_model_that_is_not_the_upstreams_is_refused() -> None:
    assert read_model(b'{"model":"tokens-600-rate-20"}') == (600, 20)
    with pytest.raises(ValueError, match="tokens-"):
        read_model(b'{"model":"gpt-5"}')


def test_the_wheel_gives_what_is_due_and_keeps_the_rest() -> None:
    wheel: Wheel[str] = Wheel()
    wheel.add_after(0, "now")
    wheel.add_after(2000, "later")
    assert list(wheel.due()) == ["now"]
    assert wheel.wait() <= 0.001


PARLEYS = (
    b'HTTP/1.1 200 OK\r\n\r\nretry: 2000\n\nevent: chunk\ndata: {"content":" %012d %012d"}\n\n'
    b'event: complete\ndata: {"content":" %012d %012d"}\n\n'
)
BARE = b'HTTP/1.1 200 OK\r\n\r\ndata: {" %012d"}\n\ndata: {" %012d"}\n\ndata: [DONE]\n\n'


@pytest.mark.parametrize("stream", [PARLEYS % (1, 2, 1, 2), BARE % (1, 2)])
@pytest.mark.parametrize("cut", [20, 70, 75, 90, 110])
def test_the_tokens_of_a_stream_are_counted_once_however_it_is_cut(stream: bytes, cut: int) -> None:
    tally = Tally()
    with socket.create_server(("127.0.0.1", 0)) as server:
        arrival = Arrival(server.getsockname()[1], b"GET", 2, 0, tally)
        peer, _ = server.accept()
        with peer:
            for part in (stream[:cut], stream[cut:]):
                peer.sendall(part)
                read_all(arrival, len(part))
    assert (arrival.done, tally.errors, tally.tokens, len(tally.delays)) == (True, [], 2, 2)
    assert len(tally.first_chunks) == 1


@pytest.mark.parametrize(
    ("expected", "tail", "is_right"), [(3, 1, True), (4, 1, False), (1, 1, False)]
)
def test_some_tokens_may_come_only_with_the_end(expected: int, tail: int, is_right: bool) -> None:
    tally, stream = Tally(), PARLEYS % (1, 2, 1, 2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        arrival = Arrival(server.getsockname()[1], b"GET", expected, tail, tally)
        peer, _ = server.accept()
        with peer:
            peer.sendall(stream)
            read_all(arrival, len(stream))
    assert (arrival.done, not tally.errors) == (True, is_right)


def read_all(arrival: Arrival, count: int) -> None:
    """Let it read once, as soon as all of a part has come."""
    deadline = time.monotonic() + 5
    while not arrival.done and len(peek(arrival.sock)) < count and time.monotonic() < deadline:
        pass
    if not arrival.done:
        arrival.receive()


def peek(sock: socket.socket) -> bytes:
    try:
        return sock.recv(65_536, socket.MSG_PEEK)
    except BlockingIOError:
        return b""


def test_the_slope_is_free_of_what_a_send_costs() -> None:
    costs = {100: one_crowd(100, 500 * 0.008 + 5.0), 600: one_crowd(600, 500 * 0.008 + 30.0)}
    figures = at_rate(costs, own=50.0)
    assert figures["slope_cpu_for_1000"] == pytest.approx(0.1)
    assert figures["cpu_ms_left_over"] == pytest.approx(8)


def test_sends_are_measured_by_themselves_and_are_no_part_of_the_slope() -> None:
    costs = {100: one_crowd(100, 8.0), 600: one_crowd(600, 33.0), 1: one_crowd(1, 500 * 0.007)}
    figures = at_rate(costs, own=50.0)
    assert figures["cpu_ms_a_send"] == pytest.approx(7)
    assert figures["slope_cpu_for_1000"] == pytest.approx(0.1)


def test_a_window_too_short_to_measure_gives_no_figure() -> None:
    assert window_cost([(0.0, 0, 1.0), (1.0, 1000, 2.0)]) is None
    assert window_cost([(0.0, 1000, 1.0), (10.0, 21_000, 3.0)]) == pytest.approx(0.1)


def one_crowd(tokens: int, cpu: float) -> list[dict[str, object]]:
    served = {"p50": 60.0, "p99": 80.0}
    figures = {name: served for name in ("first_chunk_ms", "delay_ms", "gap_ms")}
    crowd = {"streams": 500, "failed": 0, "errors": [], "all_open_cpu_for_1000": None}
    kept = {"resident_kib": 50.0, "proportional_kib": 40.0, "load_cpu_seconds": 1.0}
    count = {"tokens": 500 * tokens, "reads": 500 * tokens, "cpu_seconds": cpu}
    return [{**crowd, **figures, **kept, **count, "cpu_for_1000": 1000 * cpu / (500 * tokens)}]
