"""The loopback provider fails as it is told to, and knows when its client has gone."""

import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.upstream.dead_ends import nobody_accepts, nobody_listens
from tests.upstream.process import KEY, ROOT, Upstream

ROUTES = {
    "openai": ("/v1/chat/completions", {"Authorization": f"Bearer {KEY}"}),
    "anthropic": ("/v1/messages", {"x-api-key": KEY, "anthropic-version": "2023-06-01"}),
}


def request(model: str, vendor: str = "openai", *, stream: bool = True) -> bytes:
    """A request as bytes."""
    path, headers = ROUTES[vendor]
    messages = [{"role": "user", "content": "Why?"}]
    asked = {"model": model, "messages": messages, "max_tokens": 900, "stream": stream}
    body = json.dumps(asked)
    lines = [f"POST {path} HTTP/1.1", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def connect(upstream: Upstream) -> socket.socket:
    return socket.create_connection(("127.0.0.1", upstream.port), timeout=10)


def received(
    upstream: Upstream, model: str, vendor: str = "openai", *, stream: bool = True, upto: int = 0
) -> bytes:
    """Everything that comes, or at least its first `upto` bytes."""
    data = b""
    with connect(upstream) as client:
        client.sendall(request(model, vendor, stream=stream))
        while not (upto and len(data) >= upto) and (more := client.recv(65_536)):
            data += more
    return data


def body_of(data: bytes) -> bytes:
    """The body without its chunks' sizes."""
    rest = data.partition(b"\r\n\r\n")[2]
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return body


def test_a_client_that_goes_away_is_noted_at_once(upstream: Upstream) -> None:
    with connect(upstream) as client:
        client.sendall(request("endless-rate-50"))
        while b"Roll" not in client.recv(65_536):
            pass
        assert upstream.open_connections() == 1
        client.shutdown(socket.SHUT_RDWR)
        gone = time.monotonic()
    [seen] = upstream.wait_for(lambda seen: seen[0]["closed"])
    assert seen["closed"] - gone < 0.1
    assert abs(seen["closed_at"] - time.time()) < 5
    assert seen["finished"] is None
    assert seen["closed_ms"] > 0
    assert seen["sent"] > 100
    assert upstream.open_connections() == 0


def test_what_came_is_seen_as_it_came(upstream: Upstream) -> None:
    received(upstream, "echo", "anthropic")
    [seen] = upstream.seen()
    assert (seen["method"], seen["path"], seen["behaviour"]) == ("POST", "/v1/messages", "echo")
    assert seen["headers"]["x-api-key"] == KEY
    assert seen["body"]["messages"][0]["content"] == "Why?"


def test_a_connection_is_used_again(upstream: Upstream) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", upstream.port, timeout=10)
    path, headers = ROUTES["openai"]
    body = json.dumps({"model": "write", "messages": [{"role": "user", "content": "Why?"}]})
    with closing(connection):
        for _ in range(3):
            connection.request("POST", path, body, headers)
            assert connection.getresponse().read()
    assert len({one["connection"] for one in upstream.seen()}) == 1


def test_a_script_goes_before_the_models_name(upstream: Upstream) -> None:
    upstream.script("503", {"kind": "write", "text": "As you 👋 say."}, then="404")
    heads = [received(upstream, "write", stream=False, upto=200) for _ in range(3)]
    assert [head.split()[1] for head in heads] == [b"503", b"200", b"404"]
    assert "As you 👋 say." in heads[1].decode()


def test_some_failures_pass(upstream: Upstream) -> None:
    heads = [received(upstream, "fails-2-then-writes", upto=200) for _ in range(3)]
    assert [head.split()[1] for head in heads] == [b"503", b"503", b"200"]


def test_tokens_come_at_their_rate(upstream: Upstream) -> None:
    began = time.monotonic()
    received(upstream, "tokens-20-rate-100")
    assert time.monotonic() - began >= 0.19


def test_a_cut_answer_has_the_same_bytes(upstream: Upstream) -> None:
    whole = received(upstream, "tokens-9", "anthropic")
    cut = received(upstream, "tokens-9-cut-1", "anthropic")
    assert len(cut) > 5 * len(whole)
    assert body_of(cut).replace(b"-cut-1", b"") == body_of(whole)


@pytest.mark.parametrize("vendor", ROUTES)
@pytest.mark.parametrize("model", ["reset-before", "reset-after-text"])
def test_a_reset_is_one(upstream: Upstream, model: str, vendor: str) -> None:
    parts: list[bytes] = []
    with connect(upstream) as client:
        client.sendall(request(model, vendor))
        with pytest.raises(ConnectionResetError):
            parts.extend(iter(lambda: client.recv(65_536), b""))
    assert (b"Roll" in b"".join(parts)) is (model == "reset-after-text")


ENDED: dict[str, Callable[[bytes], Any]] = {
    "html": lambda data: b"text/html" in data and b"<title>" in data,
    "empty": lambda data: body_of(data) == b"",
    "wrong-json-after-3": lambda data: b"Roll" in data and not _all_json(data),
    "wrong-shape": lambda data: b"data: [1,2]" in data,
    "wrong-charset": lambda data: b" Caf\xe9" in data,
    "half-frame": lambda data: b"data: " in data and not data.endswith(b"\r\n0\r\n\r\n"),
    "unfinished": lambda data: b"Roll" in data and b"[DONE]" not in data,
    "gzip": lambda data: b"Roll" in gzip.decompress(body_of(data)),
    "bad-chunked": lambda data: b"\r\nzz\r\n" in data,
    "huge-headers": lambda data: len(data) > 1_600_000,
    "close-before": lambda data: data == b"",
    "not-http": lambda data: data.startswith(b"SSH"),
    "error-in-stream": lambda data: b'"error"' in body_of(data)[-300:],
    "until-close": lambda data: b"Roll" in data and b"chunked" not in data,
}


def _all_json(data: bytes) -> bool:
    lines = [line for line in body_of(data).split(b"\n") if line.startswith(b"data: ")]
    try:
        return all(json.loads(line[6:]) for line in lines if line != b"data: [DONE]")
    except ValueError:
        return False


@pytest.mark.parametrize("vendor", ROUTES)
@pytest.mark.parametrize("model", ENDED)
def test_each_lie_is_told(upstream: Upstream, model: str, vendor: str) -> None:
    upto = 1_600_001 if model == "huge-headers" else 0
    assert ENDED[model](received(upstream, model, vendor, upto=upto))


ENDLESS = ["endless", "endless-comments", "drip", "drip-head", "silence-after-head"]


@pytest.mark.parametrize("model", ENDLESS)
def test_what_never_ends_stops_with_its_client(upstream: Upstream, model: str) -> None:
    received(upstream, model, upto=30)
    [seen] = upstream.wait_for(lambda seen: seen[0]["closed"])
    assert seen["finished"] is None


def test_a_huge_frame_waits_for_its_reader(upstream: Upstream) -> None:
    with connect(upstream) as client:
        client.sendall(request("huge-frame"))
        upstream.wait_for(lambda seen: seen[0]["sent"] > 65_536)
        assert upstream.seen()[0]["sent"] < 20 * 1024 * 1024
    upstream.wait_for(lambda seen: seen[0]["closed"])


def test_silence_has_no_byte(upstream: Upstream) -> None:
    with connect(upstream) as client:
        client.sendall(request("silence"))
        upstream.wait_for(lambda seen: seen[0]["behaviour"])
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)


def test_a_port_without_a_listener_refuses() -> None:
    with nobody_listens() as url, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=5)


def test_a_port_without_an_accepter_hangs() -> None:
    with nobody_accepts() as url, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=0.1)


def test_the_process_ends_with_its_stdin() -> None:
    command = [sys.executable, "-m", "tests.upstream", "--port", "0"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.communicate(timeout=10)
    assert process.returncode == 0
