"""A key typed into the page Models is found nowhere afterwards: on no disk, in no log, no page."""

import base64
import http.client
import json
import re
from collections.abc import Callable
from contextlib import closing
from urllib.parse import quote, urlencode

import pytest

from tests.live import LiveSite
from tests.people import api_token
from tests.upstream.process import Upstream

KEY = "K7.quite-unlike/any+vendors=one"  # of no form that a filter could know
FORM = {"name": "echoing", "preset": "other", "api_password": KEY, "context_tokens": "4096"}


class Admin:
    """Alice with a plain browser: every page that she was shown is kept."""

    def __init__(self, site: LiveSite) -> None:
        self.site = site
        self.shown = ""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of a page."""
        headers = {"Accept": "text/html", "Authorization": f"Bearer {api_token('alice')}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)) as line:
            line.request(method, path, urlencode(form) if form else None, headers)
            answer = line.getresponse()
            text = answer.read().decode()
            self.shown += f"{answer.headers}{text}"
            return answer.status, text

    def api(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, str]]:
        """Status and JSON of an answer of the API."""
        status, found = self.site.request(method, path, body, as_="alice")
        self.shown += json.dumps(found, ensure_ascii=False)
        return status, found


def forms_of_the_key() -> list[str]:
    """The key as it may stand somewhere: in clear, in an address, in a header, in JSON."""
    encoded = base64.b64encode(KEY.encode()).decode().rstrip("=")
    return [KEY, quote(KEY), quote(KEY, safe=""), json.dumps(KEY)[1:-1], encoded, KEY[:12]]


@pytest.fixture
def admin(start_site: Callable[..., LiveSite]) -> Admin:
    return Admin(start_site())


def test_a_key_goes_to_its_provider_and_nowhere_else(admin: Admin, upstream: Upstream) -> None:
    form = FORM | {"base_url": f"{upstream.url}/v1", "models": "401\nwrite"}
    assert admin.ask("POST", "/models", form | {"models": ""})[0] == 400
    assert admin.ask("POST", "/models", form)[0] == 303
    refused = admin.ask("POST", "/models/test?part", {"name": "echoing"})[1]
    assert "Incorrect API key provided" in refused  # with the key in it, as it came
    edit = re.search(r"/models/[0-9a-f]{32}", admin.ask("GET", "/models")[1])
    assert edit is not None
    assert admin.ask("GET", edit[0])[0] == 200
    assert admin.ask("POST", edit[0], form | {"context_tokens": "few"})[0] == 400
    _, made = admin.api("POST", "/api/conversations", {})
    for model in ("401", "write"):
        body = {"content": "Why?", "provider": "echoing", "model": model}
        assert admin.api("POST", f"/api/conversations/{made['id']}/messages", body)[0] == 200
    assert admin.ask("GET", f"/c/{made['id']}")[0] == 200
    assert admin.ask("GET", "/metrics")[0] == 200
    assert admin.ask("POST", f"{edit[0]}/delete", {"name": "echoing"})[0] == 303
    seen = [record["headers"].get("authorization") for record in upstream.seen()]
    assert f"Bearer {KEY}" in seen  # it was in use all the while
    admin.site.stop()
    kept = {path: path.read_bytes() for path in admin.site.folder.rglob("*") if path.is_file()}
    assert {"parley.db", "output"} <= {path.name for path in kept}
    for text in forms_of_the_key():
        assert text not in admin.shown
        assert [path.name for path, held in kept.items() if text.encode() in held] == []
