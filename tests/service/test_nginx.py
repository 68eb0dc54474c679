"""The project's nginx site before a real Parley: streams, limits, headers, and kept connections."""

import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartSite
from tests.live import LiveSite
from tests.nginx import NAME, Nginx
from tests.people import api_token
from tests.service.reader import Reader

StartNginx = Callable[..., Nginx]
PACE = {"PARLEY_CHUNK_DELAY_MS": "50", "PARLEY_CHUNK_WORDS": "1"}
BEHIND = {"PARLEY_TRUSTED_PROXIES": "1", "PARLEY_HEARTBEAT_SECONDS": "1"}
MEGABYTE = 1_000_000
TOO_MUCH_FOR_PARLEY, TOO_MUCH_FOR_NGINX = 22 * MEGABYTE, 40 * MEGABYTE


@pytest.fixture
def site(start_site: StartSite) -> LiveSite:
    return start_site(**PACE, **BEHIND)


@pytest.fixture
def start_nginx(site: LiveSite, tmp_path: Path) -> Iterator[StartNginx]:
    """Starts nginx in front of the site, with what a test changes."""
    with ExitStack() as cleanup:

        def start(**changes: str) -> Nginx:
            return cleanup.enter_context(Nginx(tmp_path / "nginx", [site.port], **changes))

        yield start


def ask_through(nginx: Nginx, site: LiveSite) -> Reader:
    _, place = site.request("POST", "/api/conversations", {}, as_="alice")
    path = f"/api/conversations/{place['id']}/messages/stream"
    body = {"content": "How do I add documents?"}
    return Reader(site, "POST", path, body, connect=nginx.connect)


def request(
    connection: http.client.HTTPConnection, method: str, path: str, size: int = 0, **more: str
) -> tuple[http.client.HTTPResponse, Any]:
    """A request with a body of this many bytes; the response, and what it holds."""
    headers = {"Host": NAME, "Accept": "application/json", **more}
    connection.request(method, path, b"x" * size if size else None, headers)
    response = connection.getresponse()
    raw = response.read()
    is_json = "json" in (response.headers.get_content_type() or "")
    return response, json.loads(raw) if is_json else raw.decode()


def test_nginx_accepts_the_site_without_a_warning(tmp_path: Path) -> None:
    result = Nginx(tmp_path, [8001]).check()
    assert (result.returncode, "warn" in result.stderr) == (0, False), result.stderr


@pytest.mark.parametrize("extra", ["", "proxy_ignore_headers X-Accel-Buffering;"])
def test_an_answer_arrives_while_it_is_written(
    site: LiveSite, start_nginx: StartNginx, extra: str
) -> None:
    """With Parley's own header, and where the site's configuration has to do it alone."""
    reader = ask_through(start_nginx(extra=extra), site)
    reader.read(until="chunk")
    message = f"/api/messages/{reader.data('start')['message_id']}"
    assert site.request("GET", message, as_="alice")[1]["status"] == "running"
    assert reader.read() == "complete"
    assert reader.text == reader.data("complete")["content"]


def test_a_silent_stream_outlives_the_time_out_of_the_proxy(
    site: LiveSite, start_nginx: StartNginx
) -> None:
    nginx = start_nginx(proxy_read_timeout="2s")
    with closing(nginx.connect()) as connection:
        connection.request("GET", "/api/events", headers={"Authorization": token()})
        response = connection.getresponse()
        heartbeats = 0
        while heartbeats < 4:  # each a second after the last
            line = response.readline()
            assert line, "the stream was cut"
            heartbeats += line.startswith(b":")


def test_a_stream_that_a_reload_ends_is_resumed(site: LiveSite, start_nginx: StartNginx) -> None:
    nginx = start_nginx(worker_shutdown_timeout="1s")
    reader = ask_through(nginx, site)
    reader.read(until="chunk")
    nginx.reload()
    last = reader.read()
    while last != "complete":
        path = f"/api/messages/{reader.data('start')['message_id']}/stream"
        resumed = Reader(site, "GET", path, last_id=reader.last_id, connect=nginx.connect)
        resumed.text = reader.text
        reader, last = resumed, resumed.read()
        reader.events.insert(0, ("start", {"message_id": path.split("/")[3]}))
    assert reader.text == reader.data("complete")["content"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (TOO_MUCH_FOR_PARLEY, "One upload may have at most 20 MB."),
        (TOO_MUCH_FOR_NGINX, "This is larger than the site accepts."),
    ],
)
def test_what_is_too_large_gets_a_clear_error(
    start_nginx: StartNginx, size: int, words: str
) -> None:
    nginx = start_nginx()
    with closing(nginx.connect()) as connection:
        form = {"Authorization": token(), "Content-Type": "multipart/form-data; boundary=x"}
        response, told = request(connection, "POST", "/api/documents", size, **form)
    assert response.status == 413
    assert response.headers["Content-Type"] == "application/problem+json"
    assert told["code"] == "too_large"
    assert words in told["detail"]


def test_a_body_that_nobody_read_does_not_reach_the_next_request(
    site: LiveSite, start_nginx: StartNginx
) -> None:
    nginx = start_nginx(keepalive="1")  # every request takes the same connection to Parley
    with closing(nginx.connect()) as connection:
        for size in [1, 5_000, 70_000, 300_000, 3_000_000, TOO_MUCH_FOR_PARLEY] * 2:
            for path, as_ in (("/api/documents", token()), ("/api/conversations", "Bearer no")):
                refused, _ = request(connection, "POST", path, size, Authorization=as_)
                assert refused.status in {400, 401, 413, 415}
                assert request(connection, "GET", "/healthz")[1] == "ok\n"
    assert nginx.errors == []


def test_nobody_but_the_proxy_says_who_asks(site: LiveSite, start_nginx: StartNginx) -> None:
    nginx = start_nginx()
    told = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http"}
    with closing(nginx.connect()) as connection:
        response, _ = request(connection, "GET", "/metrics", **told)
        assert response.status == 200  # for 127.0.0.1 only
        response, _ = request(connection, "GET", "/login", **told)
        assert "Secure" in response.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in response.headers


def test_browsers_get_http_2_and_no_old_tls(start_nginx: StartNginx) -> None:
    nginx = start_nginx()
    context = nginx.context
    context.set_alpn_protocols(["h2", "http/1.1"])
    with closing(nginx.connect()) as connection:
        connection._context = context
        connection.connect()
        assert connection.sock.selected_alpn_protocol() == "h2"
    old = nginx.context
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with closing(nginx.connect()) as connection:
        connection._context = old
        with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
            connection.connect()


def test_plain_http_leads_to_tls(start_nginx: StartNginx) -> None:
    nginx = start_nginx()
    connection = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=20)
    with closing(connection):
        response, _ = request(connection, "GET", "/login")
    assert (response.status, response.headers["Location"]) == (301, f"https://{NAME}/login")


def test_only_files_that_are_the_same_for_all_are_compressed(start_nginx: StartNginx) -> None:
    nginx = start_nginx()
    with closing(nginx.connect()) as connection:
        connection.request("GET", "/login", headers={"Accept-Encoding": "gzip"})
        page = connection.getresponse()
        style = page.read().decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
        connection.request("GET", style, headers={"Accept-Encoding": "gzip"})
        sheet = connection.getresponse()
        sheet.read()
    assert page.headers["Content-Encoding"] is None
    assert (sheet.status, sheet.headers["Content-Encoding"]) == (200, "gzip")


def token() -> str:
    return f"Bearer {api_token('alice')}"
