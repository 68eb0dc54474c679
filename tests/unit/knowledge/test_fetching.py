"""Fetching a page: from the address that was checked, in bounds, and with the reason if not."""

import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from chat.errors import Invalid, ParleyError, TooLarge, Unavailable
from chat.knowledge import fetching
from chat.knowledge.addresses import IpAddress, is_public
from chat.knowledge.fetching import PageFetcher
from tests.certificates import make_certificate
from tests.papers.web_server import WebServer, moved, page, said

LOOPBACK = ipaddress.ip_address("127.0.0.1")
PAGE = b"<title>Tides</title><p>High water is at noon.</p>"


def fetcher(server: WebServer, **more: Any) -> PageFetcher:
    """One that may reach this server, whatever name its host has: a way in for tests alone."""
    given: dict[str, Any] = {
        "most_bytes": 100_000,
        "seconds": 10.0,
        "ports": (server.port,),
        "allows": lambda ip: ip == LOOPBACK,
        "look_up": lambda host, port: [LOOPBACK],
    }
    return PageFetcher(**(given | more))


def fetch(server: WebServer, path: str = "/tides", **more: Any) -> tuple[str, str, bytes]:
    file = io.BytesIO()
    found = fetcher(server, **more).fetch(f"http://tides.example:{server.port}{path}", file)
    return found.url, found.suffix, file.getvalue()


def refused(server: WebServer, kind: type[ParleyError] = Invalid, **more: Any) -> str:
    with pytest.raises(kind) as why:
        fetch(server, **more)
    return why.value.detail


def test_a_page_comes_with_its_kind_from_the_address_that_was_looked_up_once() -> None:
    looked_up: list[str] = []

    def look_up(host: str, port: int) -> Sequence[IpAddress]:
        looked_up.append(host)
        return [LOOPBACK]

    with WebServer(page(PAGE)) as server:
        url, suffix, data = fetch(server, "/tides?day=1#top", look_up=look_up)
        assert (url, suffix, data) == (
            f"http://tides.example:{server.port}/tides?day=1", ".html", PAGE)  # fmt: skip
        head = server.requests[0].decode()
    assert looked_up == ["tides.example"]
    assert head.startswith("GET /tides?day=1 HTTP/1.1\r\n")
    assert f"\r\nHost: tides.example:{server.port}\r\n" in head
    assert "Cookie" not in head
    assert "Authorization" not in head


def test_as_it_is_for_a_site_nothing_on_loopback_is_reached() -> None:
    with WebServer(page(PAGE)) as server:
        strict = PageFetcher(most_bytes=1000, ports=(server.port,))
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"):
            with pytest.raises(Invalid):
                strict.fetch(f"http://{host}:{server.port}/", io.BytesIO())
        assert server.requests == []


def test_a_name_that_changes_between_look_and_use_gains_nothing() -> None:
    """DNS rebinding: the second answer would lead inside, and is never asked for."""
    answers = [[LOOPBACK], [ipaddress.ip_address("10.0.0.1")]]

    def answer(connection: socket.socket, head: bytes) -> None:
        last = b"/end" in head
        page(PAGE)(connection, head) if last else connection.sendall(moved("/end"))

    with WebServer(answer) as server:
        url, _, data = fetch(server, look_up=lambda host, port: answers.pop(0))
        assert (url.rpartition("/")[2], data) == ("end", PAGE)
        assert len(server.requests) == 2
    assert len(answers) == 1


@pytest.mark.parametrize(
    "place",
    ["http://other.example/", "//other.example/", "http://127.0.0.1/", "https://tides.example.evil/",
     "http://user@tides.example/", "file:///etc/passwd", "http://tides.example:22/", "ftp://x/"],
)  # fmt: skip
def test_a_redirect_does_not_lead_elsewhere(place: str) -> None:
    with WebServer(said(moved(place))) as server:
        refused(server, ports=(server.port, 80, 443))
        assert len(server.requests) == 1


def test_redirects_come_to_an_end() -> None:
    with WebServer(said(moved("/again", "308 Permanent Redirect"))) as server:
        assert "leads on more than 5 times" in refused(server)
        assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(PAGE, status="404 Not Found"), "answers with 404"),
        (page(PAGE, status="500 Oh No"), "answers with 500"),
        (page(b"GIF89a", "image/gif"), "What is there is image/gif"),
        (page(b"{}", "application/json"), "What is there is application/json"),
        (said(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), "of no kind that is told"),
        (said(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nx"),
         "compressed"),
    ],
)  # fmt: skip
def test_what_is_no_page_says_what_it_is(answer: Any, words: str) -> None:
    with WebServer(answer) as server:
        assert words in refused(server)


def test_a_page_without_end_is_cut_off_at_the_size_that_is_allowed() -> None:
    def flood(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with WebServer(flood) as server:
        assert "more than 0 MB" in refused(server, TooLarge)


@pytest.mark.parametrize("within_head", [True, False])
def test_a_server_that_drips_is_cut_off_in_time(within_head: bool) -> None:
    gone = threading.Event()

    def drip(connection: socket.socket, head: bytes) -> None:
        start = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
        connection.sendall(start if within_head else start + b"\r\n")
        try:
            while not gone.wait(0.05):
                connection.sendall(b"X")
        except OSError:
            gone.set()

    with WebServer(drip) as server:
        began = time.monotonic()
        assert "does not answer in time" in refused(server, Unavailable, seconds=1.0)
        assert time.monotonic() - began < 5
        assert gone.wait(10)


def test_a_server_that_breaks_off_is_told_apart() -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<p>High"
    for data in (short, b"", b"nonsense\r\n\r\n"):
        with WebServer(said(data)) as server:
            assert "broke off" in refused(server, Unavailable)


def test_nobody_there_is_told() -> None:
    with WebServer(page(PAGE)) as server:
        port = server.port
    gone = PageFetcher(
        most_bytes=1, ports=(port,), allows=lambda ip: True, look_up=lambda *_: [LOOPBACK]
    )
    with pytest.raises(Unavailable, match="cannot be reached"):
        gone.fetch(f"http://tides.example:{port}/", io.BytesIO())
    with pytest.raises(Invalid, match="There is no host of the name"):
        PageFetcher(most_bytes=1).fetch("http://nobody.invalid/", io.BytesIO())


def test_few_are_fetched_at_once() -> None:
    waits, goes_on = threading.Event(), threading.Event()

    def slow(connection: socket.socket, head: bytes) -> None:
        waits.set()
        goes_on.wait(10)
        page(PAGE)(connection, head)

    with WebServer(slow) as server:
        one = fetcher(server, at_once=1)
        address = f"http://tides.example:{server.port}/"
        thread = threading.Thread(target=one.fetch, args=(address, io.BytesIO()))
        thread.start()
        assert waits.wait(10)
        with pytest.raises(Unavailable, match="Other pages are being fetched"):
            one.fetch(address, io.BytesIO())
        goes_on.set()
        thread.join(10)
        one.fetch(address, io.BytesIO())


def test_what_a_site_uses_allows_only_public_addresses() -> None:
    assert PageFetcher(most_bytes=1)._allows is is_public


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for tides.example."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "tides.example", "DNS:tides.example")


@pytest.fixture
def secure(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server that proves to be tides.example to who trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    fetching.tls_context.cache_clear()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, certificate.with_name("privkey.pem"))
    with WebServer(page(PAGE), tls) as server:
        yield server
    fetching.tls_context.cache_clear()


def test_over_tls_the_name_is_proved_at_the_address_that_was_checked(secure: WebServer) -> None:
    file = io.BytesIO()
    fetcher(secure).fetch(f"https://tides.example:{secure.port}/", file)
    assert file.getvalue() == PAGE
    assert b"Host: tides.example:" in secure.requests[0]


def test_a_certificate_for_another_name_or_of_nobody_is_refused(
    secure: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (f"https://other.example:{secure.port}/", f"https://127.0.0.1:{secure.port}/"):
        with pytest.raises(Invalid, match="cannot prove who it is"):
            fetcher(secure).fetch(address, io.BytesIO())
    monkeypatch.delenv("SSL_CERT_FILE")
    fetching.tls_context.cache_clear()
    with pytest.raises(Invalid, match="cannot prove who it is"):
        fetcher(secure).fetch(f"https://tides.example:{secure.port}/", io.BytesIO())
    assert secure.requests == []


def test_a_handshake_that_never_ends_is_cut_off_in_time() -> None:
    waits = threading.Event()

    def nothing(connection: socket.socket, head: bytes) -> None:
        waits.wait(10)

    with WebServer(nothing) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="does not answer in time"):
            fetcher(server, seconds=1.0).fetch(
                f"https://tides.example:{server.port}/", io.BytesIO()
            )
        waits.set()
        assert time.monotonic() - began < 5


def test_from_https_nothing_leads_to_http(
    secure: WebServer,
) -> None:
    secure.answer = said(moved(f"http://tides.example:{secure.port}/"))
    with pytest.raises(Invalid, match="not followed"):
        fetcher(secure).fetch(f"https://tides.example:{secure.port}/", io.BytesIO())
