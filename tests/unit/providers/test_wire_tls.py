"""The same over TLS: records that have arrived are read together, and only for whom they are."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.providers import connecting
from tests.unit.providers.calling import events_of, failing, upstream
from tests.unit.providers.raw_server import Peer, answering, chunk, chunked, head, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1, in one file."""
    place = tmp_path_factory.mktemp("tls")
    key, own = place / "key.pem", place / "own.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-days", "2", "-keyout", key, "-out", own],
        check=True, capture_output=True,
    )  # fmt: skip
    own.write_text(own.read_text() + key.read_text())
    return own


@pytest.fixture
def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
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
