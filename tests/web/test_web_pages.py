"""Adding a page of the web: off by default, for who may write, read by the child, or refused."""

import dataclasses
import ipaddress
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat.knowledge.fetching import PageFetcher
from tests.conftest import MakeApp, sign_in
from tests.papers.web_server import WebServer, page
from tests.people import Person
from tests.web.uploading import settled

PAGE = b"<html><title>Tides</title><h1>Tides</h1><p>High water at the pier is at noon.</p></html>"
LOOPBACK = ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer(page(PAGE)) as running:
        yield running


@pytest.fixture
def open_app(make_app: MakeApp, server: WebServer) -> Flask:
    """A site that reads pages, and whose fetcher may reach the loopback server of this test."""
    app = make_app(web_ports=(80, 443))
    fetcher = PageFetcher(
        most_bytes=100_000,
        ports=(server.port,),
        allows=lambda ip: ip == LOOPBACK,
        look_up=lambda host, port: [LOOPBACK],
    )
    app.extensions["parley"] = dataclasses.replace(app.extensions["parley"], pages=fetcher)
    return app


def test_a_page_is_read_and_can_be_asked_about(open_app: Flask, server: WebServer) -> None:
    alice = sign_in(open_app, "alice")
    body = {"address": f"http://harbour.example:{server.port}/tides/?day=1"}
    sent = alice.client.post("/api/uploads", json=body)
    assert sent.status_code == 202, sent.text
    assert sent.json["name"] == f"harbour.example:{server.port}/tides.html"
    done = settled(alice, sent.json)
    assert [one["title"] for one in done["documents"]] == ["Tides"]
    document = alice.client.get(f"/api/documents/{done['documents'][0]['id']}").json
    assert "High water at the pier is at noon." in document["text"]


def test_by_form_it_leads_back_to_the_library_or_says_why_not(
    open_app: Flask, server: WebServer
) -> None:
    alice = sign_in(open_app, "alice")
    assert 'action="/library/pages"' in alice.client.get("/library").text
    form = {"address": f"http://harbour.example:{server.port}/"}
    sent = alice.client.post("/library/pages", data=form)
    assert (sent.status_code, sent.location) == (303, "/library")
    typed, browser = {"address": "http://127.0.0.1:22/<b>"}, {"Accept": "text/html"}
    refused = alice.client.post("/library/pages", data=typed, headers=browser)
    assert refused.status_code == 400
    assert "not from 22" in refused.text
    assert 'value="http://127.0.0.1:22/&lt;b&gt;"' in refused.text


def test_it_is_off_unless_an_admin_turns_it_on(alice: Person) -> None:
    refused = alice.client.post("/api/uploads", json={"address": "https://example.org/"})
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    form = {"address": "https://example.org/"}
    assert alice.client.post("/library/pages", data=form).status_code == 404
    assert "/library/pages" not in alice.client.get("/library").text


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://2130706433/",
     "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "ftp://example.org/"],
)  # fmt: skip
def test_the_real_thing_does_not_reach_inside(make_app: MakeApp, address: str) -> None:
    alice = sign_in(make_app(web_ports=(80, 443)), "alice")
    refused = alice.client.post("/api/uploads", json={"address": address})
    assert (refused.status_code, refused.json["code"]) == (400, "invalid")


def test_an_outsider_adds_nothing_to_a_space(open_app: Flask, server: WebServer) -> None:
    alice, charlie = sign_in(open_app, "alice"), sign_in(open_app, "charlie")
    body = {"address": f"http://harbour.example:{server.port}/", "space_id": alice.space_id}
    assert charlie.client.post("/api/uploads", json=body).status_code == 404
    assert charlie.client.post("/library/pages", data=body).status_code == 404
    assert server.requests == []


@pytest.mark.parametrize("path", ["/api/uploads", "/library/pages"])
def test_a_visitor_is_asked_to_sign_in(path: str, visitor: FlaskClient) -> None:
    answer = visitor.post(path, json={"address": "https://example.org/"})
    assert answer.status_code in {303, 400, 401}
