"""Conversations from elsewhere: read in behind the request, once, for their owner alone."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from chat.audit import Filter, read
from chat.database import Database
from tests.people import Person
from tests.unit.knowledge.reading.test_talks import CHATGPT, WEBUI, node
from tests.web.streams import ask
from tests.web.test_pages import wait_until


def send(person: Person, held: Any, name: str = "conversations.json") -> dict[str, Any]:
    data = held if isinstance(held, bytes) else json.dumps(held).encode()
    answer = person.client.post("/api/imports", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 202, answer.text
    found: list[dict[str, Any]] = []

    def is_over() -> bool:
        found[:] = [one for one in mine(person) if one["id"] == answer.get_json()["id"]]
        return found[0]["state"] in {"done", "failed"}

    wait_until(is_over)
    return found[0]


def add_turns(chat: dict[str, Any], question: str, answer: str) -> None:
    """Let a conversation of ChatGPT go on."""
    chat["mapping"]["q9"] = node("user", question, chat["current_node"])
    chat["mapping"]["a9"] = node("assistant", answer, "q9")
    chat["current_node"] = "a9"


def mine(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.client.get("/api/imports").get_json()["items"]
    return items


def titles(person: Person) -> list[str]:
    items = person.client.get("/api/conversations").get_json()["items"]
    return [item["title"] for item in items]


def test_an_export_becomes_conversations_of_ones_own(
    alice: Person, bob: Person, database: Database
) -> None:
    done = send(alice, [CHATGPT, WEBUI, {"mapping": 7}])
    assert (done["state"], done["made"], done["known"]) == ("done", 2, 0)
    assert sorted(titles(alice)) == ["Of okapis", "Of tapirs"]
    assert titles(bob) == []
    assert mine(bob) == []
    with database.reading() as session:
        [told] = read(session, Filter(action="conversation.imported"))
    assert (told.actor_id, told.details) == (alice.id, '{"known":0,"made":2,"reason":null}')
    [place] = [
        one["id"]
        for one in alice.client.get("/api/conversations").get_json()["items"]
        if one["title"] == "Of okapis"
    ]
    said = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    assert [one["content"] for one in said] == ["Who?", "Holt."]
    assert len(said[1]["siblings"]) == 2
    assert said[0]["created_at"].startswith("2023-11-14")
    page = alice.client.get(f"/c/{place}").text
    assert "ChatGPT · gpt-4" in page
    assert alice.client.get("/api/search?q=holt").get_json()["conversations"] == 1


def test_the_same_again_brings_nothing_twice(alice: Person, bob: Person) -> None:
    send(alice, [CHATGPT])
    again = send(alice, [CHATGPT, WEBUI])
    assert (again["made"], again["known"]) == (1, 1)
    assert len(titles(alice)) == 2
    assert send(bob, [CHATGPT])["made"] == 1


def test_a_conversation_that_went_on_elsewhere_gets_what_was_said_since(alice: Person) -> None:
    send(alice, [CHATGPT])
    [place] = alice.client.get("/api/conversations").get_json()["items"]
    path = f"/api/conversations/{place['id']}/messages"
    before = alice.client.get(path).get_json()["items"]
    longer = json.loads(json.dumps(CHATGPT))
    add_turns(longer, "And at night?", "Nobody.")
    grown = send(alice, [longer])
    assert (grown["made"], grown["grown"], grown["known"]) == (0, 1, 0)
    assert grown["message"] == "0 conversations read in, 1 went on"
    after = alice.client.get(path).get_json()["items"]
    assert [one["id"] for one in after[: len(before)]] == [one["id"] for one in before]
    assert [one["content"] for one in after[len(before) :]] == ["And at night?", "Nobody."]
    assert send(alice, [longer])["known"] == 1
    assert alice.client.get("/api/search?q=night").get_json()["conversations"] == 1


def test_who_has_gone_on_here_stays_there(alice: Person) -> None:
    send(alice, [CHATGPT])
    [place] = alice.client.get("/api/conversations").get_json()["items"]
    ask(alice, place["id"], "What do okapis eat?")
    longer = json.loads(json.dumps(CHATGPT))
    add_turns(longer, "And at night?", "Nobody.")
    assert send(alice, [longer])["grown"] == 1
    said = alice.client.get(f"/api/conversations/{place['id']}/messages").get_json()["items"]
    assert said[-2]["content"] == "What do okapis eat?"


def test_an_import_is_withdrawn_by_its_owner_alone(alice: Person, bob: Person) -> None:
    done = send(alice, [WEBUI])
    address = f"/account/imports/{done['id']}/dismiss"
    assert bob.client.post(address).status_code == 404
    assert len(mine(alice)) == 1
    assert alice.client.post(address).status_code == 303
    assert mine(alice) == []
    assert titles(alice) == ["Of tapirs"]


@pytest.mark.parametrize("held", [b"no", b"", [], {"a": 1}, b"PK\x03\x04", b"[" * 100_000])
def test_what_is_none_is_refused_with_the_reason(alice: Person, held: Any) -> None:
    failed = send(alice, held)
    assert failed["state"] == "failed"
    assert failed["refused"][0]["detail"]
    assert titles(alice) == []
    assert "could not" not in alice.client.get("/account/imports").text


def test_the_page_takes_a_file_and_tells_what_became_of_it(alice: Person) -> None:
    data = {"file": (io.BytesIO(json.dumps([WEBUI]).encode()), "webui.json")}
    assert alice.client.post("/account/imports", data=data).status_code == 303
    wait_until(lambda: all(one["state"] == "done" for one in mine(alice)))
    page = alice.client.get("/account/imports").text
    assert "webui.json" in page
    assert "1 conversation read in" in page
    assert "webui.json" not in alice.client.get("/library").text


def test_no_file_is_refused_and_a_visitor_has_to_sign_in(
    alice: Person, visitor: FlaskClient
) -> None:
    assert alice.client.post("/api/imports", data={}).status_code == 400
    for method, path in (("GET", "/api/imports"), ("POST", "/api/imports")):
        assert visitor.open(path, method=method).status_code == 401
    assert visitor.get("/account/imports").status_code in {303, 401}
