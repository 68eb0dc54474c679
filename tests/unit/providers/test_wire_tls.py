"""The same over TLS: records that have arrived are read together, and only for whom they are."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.providers import connecting
from tests.certificates import make_certificate
from tests.unit.providers.calling import events_of, failing, upstream
from tests.unit.providers.raw_server import Peer, answering, chunk, chunked, head, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1", "IP:127.0.0.1")


@pytest.fixture
def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("privkey.pem"))
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    connecting.tls_context.cache_clear()
    yield
    connecting.tls_context.cache_clear()


@pytest.mark.usefixtures("trusted")
def test_all_records_of_a_secure_connection_come_with_one_read(secure: ssl.SSLContext) -> None:
    sent = threading.Event()

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(head("Transfer-Encoding: chunked") + chunk(b"data: first\n\n"))
        for _ in range(50):
            peer.send(chunk(b"data: a\n\n"))
        peer.send(b"0\r\n\r\n")
        sent.set()
        assert peer.request()
        peer.send(chunked(b"data: a\n\n"))

    with serving(script, tls=secure) as server:
        acme = upstream(server)
        call = acme.post("/", b"")
        found = call.read() or []
        assert sent.wait(5)
        reads = 1
        while (more := call.read()) is not None:
            found, reads = found + more, reads + 1
        assert found == ["first", *["a"] * 50]
        assert reads < 10
        call.close()
        assert events_of(acme.post("/", b"x" * 1_000_000)) == ["a"]
        assert server.connections == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: ssl.SSLContext) -> None:
    connecting.tls_context.cache_clear()
    with serving(answering(b""), tls=secure) as server, failing("provider_unreachable") as caught:
        upstream(server).post("/", b"")
    assert "certificate" in caught[0].detail
    assert not caught[0].again


def test_a_plain_server_is_not_taken_for_a_secure_one() -> None:
    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        peer.wait_until_closed()

    with serving(script) as server:
        server.url = server.url.replace("http:", "https:")
        with failing("provider_unreachable"):
            upstream(server).post("/", b"")
