"""The page of figures: who reads it, and that what happened is in it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp, sign_in
from tests.people import Person

TOKEN = "a token that nobody guesses"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def told(visitor: FlaskClient) -> dict[str, float]:
    text = visitor.get("/metrics").text
    rows = re.findall(r"^(parley_\S+) (\S+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in rows}


def grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before.get(name, 0) for name in after}


def ask(person: Person, question: str = "How do I add documents?") -> str:
    place = person.client.post("/api/conversations", json={}).get_json()["id"]
    path = f"/api/conversations/{place}/messages/stream"
    return person.client.post(path, json={"content": question}).text


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.7"])
def test_with_a_token_only_who_sends_it_reads_the_figures(make_app: MakeApp, address: str) -> None:
    visitor = make_app(metrics_token=TOKEN).test_client()

    def status(authorization: str) -> int:
        headers = {"Authorization": authorization} if authorization else {}
        environ = {"REMOTE_ADDR": address}
        return visitor.get("/metrics", headers=headers, environ_base=environ).status_code

    assert status(f"Bearer {TOKEN}") == 200
    for wrong in ("", "Bearer", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer äöü"):
        assert status(wrong) == 404, wrong


def test_a_token_of_the_figures_is_good_for_nothing_else(make_app: MakeApp) -> None:
    visitor = make_app(metrics_token=TOKEN).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert visitor.get("/api/stream/status", headers=headers).status_code == 401


def test_a_person_without_the_token_reads_none(make_app: MakeApp) -> None:
    app = make_app(metrics_token=TOKEN)
    for name in ("alice", "charlie"):
        assert sign_in(app, name).client.get("/metrics").status_code == 404


def test_an_answer_is_counted_once_with_its_pieces(app: Flask, alice: Person) -> None:
    before = told(app.test_client())
    pieces = ask(alice).count("event: chunk")
    more = grown(before, told(app.test_client()))
    assert more['parley_runs_begun_total{provider="library"}'] == 1
    assert more['parley_runs_ended_total{provider="library",status="complete"}'] == 1
    assert more['parley_first_chunk_seconds_count{provider="library"}'] == 1
    assert more['parley_run_seconds_count{provider="library"}'] == 1
    assert more["parley_run_longest_gap_seconds_count"] == 1
    assert more["parley_chunks_total"] == pieces > 3
    assert more['parley_tokens_total{provider="library"}'] > pieces
    assert not any(value for name, value in more.items() if "errors_total" in name)


def test_a_resumed_stream_is_counted(app: Flask, alice: Person) -> None:
    before = told(app.test_client())
    message = re.search(r'"message_id":"(\w+)"', ask(alice))
    assert message is not None
    path = f"/api/messages/{message[1]}/stream"
    assert alice.client.get(path).status_code == 200
    assert alice.client.get(path, headers={"Last-Event-ID": "1-3"}).status_code == 200
    assert grown(before, told(app.test_client()))["parley_resumes_total"] == 1


def test_requests_are_counted_by_their_status(app: Flask, visitor: FlaskClient) -> None:
    before = told(visitor)
    for path in ("/healthz", "/nothing", "/library"):
        visitor.get(path, headers={"Accept": "text/html"})
    more = grown(before, told(visitor))
    counted = {status: more[f'parley_http_requests_total{{status="{status}"}}'] for status in
               ("2xx", "3xx", "4xx", "5xx")}  # fmt: skip
    assert counted == {"2xx": 2, "3xx": 1, "4xx": 1, "5xx": 0}  # the first scrape counts, too
