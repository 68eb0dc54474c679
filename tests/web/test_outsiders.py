"""What a person may not see does not exist: 404 to everyone else, for every route.

LibreChat's resume route leaked others' answers (CVE-2026-31950).
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation

ROUTES = [
    ("GET", "/api/conversations/{conversation}"),
    ("PATCH", "/api/conversations/{conversation}"),
    ("DELETE", "/api/conversations/{conversation}"),
    ("GET", "/api/conversations/{conversation}/messages"),
    ("POST", "/api/conversations/{conversation}/messages"),
    ("POST", "/api/conversations/{conversation}/messages/stream"),
    ("GET", "/api/spaces/{space}"),
    ("GET", "/api/messages/{message}"),
    ("GET", "/api/messages/{message}/stream"),
    ("POST", "/api/messages/{message}/stop"),
    ("POST", "/api/messages/{message}/regenerate/stream"),
    ("POST", "/api/messages/{message}/continue/stream"),
    ("GET", "/api/messages/{message}/rating"),
    ("PUT", "/api/messages/{message}/rating"),
    ("DELETE", "/api/messages/{message}/rating"),
]


@pytest.fixture
def things(alice: Person) -> dict[str, str]:
    """A conversation of Alice's with an answer; the outsider's test must have something to miss."""
    conversation = new_conversation(alice)
    message = answer_id(ask(alice, conversation))
    assert alice.client.get(f"/api/messages/{message}").status_code == 200
    space = alice.viewer.space_ids[-1]
    assert alice.client.get(f"/api/spaces/{space}").status_code == 200
    return {"conversation": conversation, "message": message, "space": space}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_others_find_nothing(
    method: str, path: str, things: dict[str, str], bob: Person, charlie: Person
) -> None:
    for person in (bob, charlie):
        response = person.client.open(path.format(**things), method=method, json={"content": "Hi"})
        assert (response.status_code, response.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_visitor_is_asked_to_sign_in(
    method: str, path: str, things: dict[str, str], visitor: FlaskClient
) -> None:
    response = visitor.open(path.format(**things), method=method, json={"content": "Hi"})
    assert (response.status_code, response.get_json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_what_never_was_is_not_found(method: str, path: str, alice: Person) -> None:
    address = path.format(conversation="0" * 32, message="no-such-thing", space="0" * 32)
    response = alice.client.open(address, method=method, json={"content": "Hi"})
    assert response.status_code == 404


def test_every_route_of_the_api_is_tested_here_or_is_about_oneself(app: Flask) -> None:
    own = {
        "/api/conversations",
        "/api/events",
        "/api/imports",
        "/api/openapi.json",  # the same for everybody
        "/api/search",
        "/api/spaces",
        "/api/stream/status",
    }
    known = {path for _, path in ROUTES}
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<conversation_id>", "{conversation}")
        path = path.replace("<message_id>", "{message}").replace("<space_id>", "{space}")
        elsewhere = path.startswith(
            ("/api/documents", "/api/uploads", "/api/concepts", "/api/links")
        )  # in their own files
        elsewhere |= path.endswith("/links")
        if path.startswith("/api/") and not elsewhere and path not in own:
            assert path in known, f"{path} has no outsider's test"


def test_lists_hold_nothing_of_others(things: dict[str, str], alice: Person, bob: Person) -> None:
    assert alice.client.get("/api/conversations").get_json()["items"]
    assert bob.client.get("/api/conversations").get_json()["items"] == []
    assert bob.client.get("/api/stream/status").get_json()["running"] == []


def test_a_shared_conversation_is_seen_in_its_space_and_nowhere_else(
    things: dict[str, str], alice: Person, bob: Person, charlie: Person
) -> None:
    address = f"/api/conversations/{things['conversation']}"
    change = {"visibility": "space", "space_id": alice.space_id}
    assert alice.client.patch(address, json=change).status_code == 200
    assert bob.client.get(address).status_code == 200
    assert bob.client.get(f"/api/messages/{things['message']}/stream").status_code == 200
    assert charlie.client.get(address).status_code == 404
    assert bob.client.patch(address, json={"title": "Mine"}).status_code == 404
    assert bob.client.delete(address).status_code == 404


def test_a_conversation_cannot_be_put_into_a_strangers_space(
    alice: Person, charlie: Person
) -> None:
    response = charlie.client.post("/api/conversations", json={"space_id": alice.space_id})
    assert response.status_code == 404


def test_a_parent_in_another_conversation_is_not_found(
    things: dict[str, str], alice: Person, bob: Person
) -> None:
    for person in (alice, bob):
        place = new_conversation(person)
        response = person.client.post(
            f"/api/conversations/{place}/messages",
            json={"content": "Hi", "parent_id": things["message"]},
        )
        assert response.status_code == 404


def test_the_same_client_id_of_another_person_reveals_nothing(alice: Person, bob: Person) -> None:
    ask(alice, new_conversation(alice), "Mine", client_id="shared")
    answer = ask(bob, new_conversation(bob), "Other", client_id="shared")
    assert answer[0].content == "Other"  # type: ignore[attr-defined]
