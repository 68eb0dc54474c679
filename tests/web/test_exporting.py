"""Conversations to take along, and what is on top of one's list."""

import json
import re

import pytest
from flask.testing import FlaskClient

from tests.people import Person
from tests.web.streams import ask, new_conversation


@pytest.fixture
def place(alice: Person) -> str:
    made = new_conversation(alice, title="Of <okapis> & cranes")
    ask(alice, made, "Who feeds the okapi?")
    return made


def test_markdown_holds_the_path_and_its_sources(alice: Person) -> None:
    body = {"title": "Okapi", "text": "The okapi is fed by Maria Holt at noon, every single day."}
    alice.client.post("/api/documents", json=body)
    place = new_conversation(alice)
    ask(alice, place, "Who feeds the okapi at noon?")
    response = alice.client.get(f"/c/{place}/export.md")
    assert response.mimetype == "text/markdown"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="')
    assert response.text.startswith("# Who feeds the okapi at noon?\n")
    assert "## Alice, 20" in response.text
    assert "> [1] Okapi: The okapi is fed by Maria Holt" in response.text


def test_json_holds_every_version(alice: Person, place: str) -> None:
    ask(alice, place, "Who else?", parent_id=None)
    response = alice.client.get(f"/c/{place}/export.json")
    data = response.get_json()
    assert (data["format"], data["title"]) == ("parley-conversation-1", "Of <okapis> & cranes")
    asked = [one["content"] for one in data["messages"] if one["role"] == "user"]
    assert asked == ["Who feeds the okapi?", "Who else?"]
    assert 'filename="of-okapis-cranes.json"' in response.headers["Content-Disposition"]


def test_all_of_ones_own_come_a_line_each(alice: Person, bob: Person, place: str) -> None:
    shared = new_conversation(bob, space_id=bob.space_id, visibility="space")
    other = new_conversation(alice)
    response = alice.client.get("/account/conversations.jsonl")
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert [line["id"] for line in lines] == [place, other]
    assert lines[0]["messages"][0]["content"] == "Who feeds the okapi?"
    assert [json.loads(line)["id"] for line in bob.client.get(
        "/account/conversations.jsonl").text.splitlines()] == [shared]  # fmt: skip


def test_others_export_nothing_of_it(
    place: str, bob: Person, charlie: Person, visitor: FlaskClient
) -> None:
    for kind in ("md", "json"):
        for person in (bob, charlie):
            assert person.client.get(f"/c/{place}/export.{kind}").status_code == 404
        assert visitor.get(f"/c/{place}/export.{kind}").status_code in {303, 401}
    assert charlie.client.get("/account/conversations.jsonl").text == ""
    assert visitor.get("/account/conversations.jsonl").status_code in {303, 401}


def listed(person: Person) -> list[str]:
    """The groups and titles of the sidebar, in order."""
    page = person.client.get("/account").text
    side = page[page.index('data-role="groups"') : page.index("nav-list--foot")]
    return re.findall(r'(?:head|data-slot="title)">([^<]*)<', side)


def test_what_is_pinned_is_on_top_of_ones_own_list_alone(alice: Person, bob: Person) -> None:
    first = new_conversation(alice, title="First", space_id=alice.space_id, visibility="space")
    second = new_conversation(alice, title="Second", space_id=alice.space_id, visibility="space")
    for place in (first, second):
        ask(alice, place)
    assert listed(alice) == ["Today", "Second", "First"]
    answer = alice.client.patch(f"/api/conversations/{first}", json={"pinned": True})
    assert answer.get_json()["pinned"] is True
    again = alice.client.patch(f"/api/conversations/{first}", json={"pinned": True})
    assert again.status_code == 200
    assert listed(alice) == ["Pinned", "First", "Today", "Second"]
    assert listed(bob) == ["Today", "Second", "First"]
    assert bob.client.post(f"/c/{second}/pin", data={"pinned": "1"}).status_code == 303
    assert listed(bob) == ["Pinned", "Second", "Today", "First"]
    assert alice.client.post(f"/c/{first}/pin", data={}).status_code == 303
    assert listed(alice) == ["Today", "Second", "First"]
    alice.client.patch(f"/api/conversations/{second}", json={"archived": True})
    assert listed(alice) == ["Today", "First"]
    assert listed(bob) == ["Today", "First"]


def test_nobody_pins_what_is_not_for_them(place: str, bob: Person, charlie: Person) -> None:
    for person in (bob, charlie):
        answer = person.client.patch(f"/api/conversations/{place}", json={"pinned": True})
        assert answer.status_code == 404
        assert person.client.post(f"/c/{place}/pin", data={"pinned": "1"}).status_code == 404
