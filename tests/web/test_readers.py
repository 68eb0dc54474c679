"""A reader of a space sees what is there and writes nothing: neither questions nor documents."""

import pytest

from chat import spaces
from chat.database import Database
from chat.values import SpaceRole
from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation


@pytest.fixture
def room(alice: Person, bob: Person, database: Database) -> dict[str, str]:
    """A shared conversation of Alice's with an answer, and Bob a reader of its space."""
    conversation = new_conversation(alice, visibility="space", space_id=alice.space_id)
    message = answer_id(ask(alice, conversation))
    added = alice.client.post("/api/documents", json={"text": "# Tides\n\nHigh at noon."})
    with database.writing() as session:
        spaces.change_role(session, alice.viewer, alice.space_id, bob.id, SpaceRole.READER)
    document = added.get_json()["items"][0]["id"]
    return {"conversation": conversation, "message": message, "document": document}


@pytest.mark.parametrize(
    "path",
    [
        "/api/conversations/{conversation}",
        "/api/conversations/{conversation}/messages",
        "/api/messages/{message}/stream",
        "/api/documents/{document}",
        "/c/{conversation}",
    ],
)
def test_they_read(path: str, room: dict[str, str], bob: Person) -> None:
    assert bob.client.get(path.format(**room)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/conversations/{conversation}/messages"),
        ("POST", "/api/conversations/{conversation}/messages/stream"),
        ("POST", "/api/messages/{message}/regenerate/stream"),
        ("POST", "/api/messages/{message}/continue/stream"),
        ("POST", "/api/messages/{message}/stop"),
        ("PATCH", "/api/conversations/{conversation}"),
        ("DELETE", "/api/conversations/{conversation}"),
        ("DELETE", "/api/documents/{document}"),
    ],
)
def test_they_do_not_write(method: str, path: str, room: dict[str, str], bob: Person) -> None:
    body = {"content": "Hi", "title": "Mine"}
    response = bob.client.open(path.format(**room), method=method, json=body)
    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")


def test_they_add_documents_to_their_private_space_alone(
    room: dict[str, str], alice: Person, bob: Person
) -> None:
    body = {"text": "# Mine\n\nOnly for me.", "space_id": alice.space_id}
    assert bob.client.post("/api/documents", json=body).status_code == 404
    kept = bob.client.post("/api/documents", json={"text": body["text"]}).get_json()["items"][0]
    assert kept["space_id"] == bob.viewer.space_ids[-1]
    assert alice.client.get(f"/api/documents/{kept['id']}").status_code == 404


def test_they_keep_private_conversations_about_the_space(
    room: dict[str, str], alice: Person, bob: Person
) -> None:
    mine = new_conversation(bob, space_id=alice.space_id)
    answer = bob.client.post(f"/api/conversations/{mine}/messages", json={"content": "Tides?"})
    assert answer.status_code == 200


def test_an_owner_deletes_what_others_have_added(alice: Person, bob: Person) -> None:
    added = bob.client.post("/api/documents", json={"text": "# Ebb\n\nLow at six."})
    document = added.get_json()["items"][0]
    assert document["space_id"] == alice.space_id
    assert alice.client.delete(f"/api/documents/{document['id']}").status_code == 204
