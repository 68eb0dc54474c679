"""The headers of every response."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import Person

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    "path", ["/login", "/account", "/people", "/api/conversations", "/nothing/here", "/healthz"]
)
def test_every_response_says_what_a_browser_may_do(alice: Person, path: str) -> None:
    headers = alice.client.get(path, headers=HTML).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-DNS-Prefetch-Control"] == "off"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/login", "/account", "/people"])
def test_no_page_needs_what_the_policy_forbids(alice: Person, path: str) -> None:
    page = alice.client.get(path, headers=HTML).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\s(?:style|on[a-z]+)=", page)
    assert "<style" not in page
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


@pytest.mark.parametrize("path", ["/account", "/people", "/api/conversations"])
def test_what_a_person_sees_is_kept_by_no_cache(alice: Person, path: str) -> None:
    assert alice.client.get(path, headers=HTML).headers["Cache-Control"] == "no-store"


def test_files_of_the_site_are_kept_by_caches(visitor: FlaskClient) -> None:
    page = visitor.get("/login", headers=HTML).text
    address = re.search(r'href="(/assets/[^"]+parley\.css)"', page)
    assert address is not None
    assert "immutable" in visitor.get(address[1]).headers["Cache-Control"]
    plain = visitor.get("/static/icons.svg")
    assert "no-store" not in plain.headers.get("Cache-Control", "")
    assert plain.headers["ETag"]


def test_under_tls_browsers_are_told_to_stay_with_it(app: Flask) -> None:
    headers = app.test_client().get("/login", base_url="https://localhost").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
