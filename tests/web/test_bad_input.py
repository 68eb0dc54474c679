"""Bad input of every kind: a problem document that says what to do, and nothing is lost."""

import json
from typing import Any

import pytest

from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation

BODIES: dict[str, tuple[bytes, int]] = {
    "no body": (b"", 400),
    "not JSON": (b"content=hi", 400),
    "half a document": (b'{"content": "hi', 400),
    "a list": (b"[]", 400),
    "null": (b"null", 400),
    "no content": (b"{}", 400),
    "a number": (b'{"content": 7}', 400),
    "an object": (b'{"content": {"a": 1}}', 400),
    "empty": (b'{"content": ""}', 400),
    "only space": (b'{"content": " \\n\\t "}', 400),
    "NUL": (b'{"content": "a\\u0000b"}', 400),
    "an escape character": (b'{"content": "a\\u001bb"}', 400),
    "half a surrogate pair": (b'{"content": "a\\ud800b"}', 400),
    "broken UTF-8": (b'{"content": "a\xff\xfeb"}', 400),
    "200,000 characters": (json.dumps({"content": "x" * 200_000}).encode(), 413),
    "an unknown depth": (b'{"content": "hi", "depth": "endless"}', 400),
    "an unknown provider": (b'{"content": "hi", "provider": "nobody"}', 400),
    "an unknown model": (b'{"content": "hi", "model": "nothing"}', 400),
    "a long client_id": (json.dumps({"content": "hi", "client_id": "x" * 65}).encode(), 400),
    "an empty client_id": (b'{"content": "hi", "client_id": ""}', 400),
    "a number as client_id": (b'{"content": "hi", "client_id": 3}', 400),
    "an unknown parent": (b'{"content": "hi", "parent_id": "nothing"}', 404),
    "a deep nest": (b'{"content": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
    "a nest in what is not read": (b'{"more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "three megabytes": (b'{"content": "hi", "more": "' + b"x" * 3_000_000 + b'"}', 413),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("way", ["messages", "messages/stream"])
def test_a_bad_send_is_refused_and_writes_nothing(kind: str, way: str, alice: Person) -> None:
    body, status = BODIES[kind]
    place = new_conversation(alice)
    response = alice.client.post(
        f"/api/conversations/{place}/{way}", data=body, content_type="application/json"
    )
    _check_problem(response, status)
    assert alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"] == []


CHANGES: list[tuple[dict[str, Any], int]] = [
    ({"title": ""}, 400),
    ({"title": "\u0000 \u001b"}, 400),
    ({"title": 5}, 400),
    ({"archived": "yes"}, 400),
    ({"visibility": "public"}, 400),
    ({"visibility": "space"}, 400),
    ({"space_id": "nowhere"}, 404),
]


@pytest.mark.parametrize(("change", "status"), CHANGES)
def test_a_bad_change_is_refused_and_changes_nothing(
    change: dict[str, Any], status: int, alice: Person
) -> None:
    place = new_conversation(alice, title="Kept")
    _check_problem(alice.client.patch(f"/api/conversations/{place}", json=change), status)
    assert alice.client.get(f"/api/conversations/{place}").get_json()["title"] == "Kept"


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=-1",
        "?limit=x",
        "?limit=99999999999",
        "?limit=%C2%B2",
        "?limit=0000000019999999",
        "?limit=00000000100000000000000000000",
        "?limit=" + "9" * 5_000,
    ],
)
def test_a_bad_limit_is_refused(query: str, alice: Person) -> None:
    place = new_conversation(alice)
    _check_problem(alice.client.get(f"/api/conversations{query}"), 400)
    _check_problem(alice.client.get(f"/api/conversations/{place}/messages{query}"), 400)


@pytest.mark.parametrize("place", ["?before=nothing", "?at=nothing"])
def test_an_unknown_place_in_the_path_is_not_found(place: str, alice: Person) -> None:
    conversation = new_conversation(alice)
    _check_problem(alice.client.get(f"/api/conversations/{conversation}/messages{place}"), 404)


@pytest.mark.parametrize("last", ["x", "1", "1-2-3", "²-1", "-1-1", "1-99999999999"])
def test_a_bad_last_event_id_is_refused(last: str, alice: Person) -> None:
    message = answer_id(ask(alice, new_conversation(alice)))
    response = alice.client.get(f"/api/messages/{message}/stream", query_string={"after": last})
    _check_problem(response, 400)


def test_a_question_cannot_be_followed_or_continued(alice: Person) -> None:
    place = new_conversation(alice)
    ask(alice, place)
    question = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"][0]["id"]
    _check_problem(alice.client.get(f"/api/messages/{question}/stream"), 400)
    _check_problem(alice.client.post(f"/api/messages/{question}/continue/stream"), 400)


def test_a_large_body_is_told_how_large_one_may_be(alice: Person) -> None:
    response = alice.client.post("/api/documents", json={"text": "word " * 500_000})
    _check_problem(response, 413)
    assert "2 MB" in response.get_json()["detail"]


def test_an_unknown_address_of_the_api_is_a_problem_document(alice: Person) -> None:
    _check_problem(alice.client.get("/api/nothing/here"), 404)


def test_a_wrong_method_is_a_problem_document(alice: Person) -> None:
    response = alice.client.put("/api/conversations")
    _check_problem(response, 405)
    assert response.headers["Allow"]


def test_a_conversation_is_not_deleted_under_a_running_answer(alice: Person) -> None:
    place = new_conversation(alice)
    ask(alice, place)
    assert alice.client.delete(f"/api/conversations/{place}").status_code == 204
    _check_problem(alice.client.get(f"/api/conversations/{place}"), 404)


def _check_problem(response: Any, status: int) -> None:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == status
    assert {"type", "title", "detail", "code"} <= set(problem)
    assert len(problem["detail"]) > 10
