"""Spaces from the pages: made, set, joined by a link, left, and what a room lets one do."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat import conversations, spaces
from chat.conversations import Wish
from chat.database import Database
from chat.values import SpaceRole
from chat.web.watch import Watch
from tests.people import PASSWORD, Person
from tests.web.streams import answer_id, ask, new_conversation

HTML = {"Accept": "text/html"}
LINK = re.compile(r'value="(http://localhost/invite/[^"]+)"')


@pytest.fixture
def crew(alice: Person) -> str:
    """The id of a space that Alice has just made."""
    made = alice.client.post("/spaces", data={"name": "Crew"}, headers=HTML)
    assert made.status_code == 303
    return made.location.rsplit("/", 1)[1]


def link_into(space_id: str, person: Person, role: str = "reader") -> str:
    """The path of an invitation that this person makes."""
    page = person.client.post(f"/spaces/{space_id}/invites", data={"role": role, "days": "3"})
    assert page.status_code == 200
    return LINK.findall(page.text)[0].removeprefix("http://localhost")


def test_a_space_is_made_and_found_in_the_sidebar(crew: str, alice: Person, bob: Person) -> None:
    assert f'href="/c?space={crew}"' in alice.client.get("/", headers=HTML).text
    assert crew not in bob.client.get("/", headers=HTML).text
    assert "Give the space a name" in alice.client.post("/spaces", data={}, headers=HTML).text


def test_a_link_lets_one_person_in_with_its_role(
    crew: str, alice: Person, bob: Person, charlie: Person
) -> None:
    link = link_into(crew, alice)
    assert "Join as Bob" in bob.client.get(link, headers=HTML).text
    assert bob.client.post(f"{link}/accept").location == f"/spaces/{crew}"
    assert charlie.client.post(f"{link}/accept", headers=HTML).status_code == 404
    found = bob.client.get(f"/api/spaces/{crew}").get_json()
    assert (found["role"], found["name"]) == ("reader", "Crew")
    assert {one["name"] for one in found["members"]} == {"Alice", "Bob"}


def test_an_admins_link_makes_an_account_in_that_space_alone(
    crew: str, alice: Person, app: Flask
) -> None:
    link, visitor = link_into(crew, alice, "editor"), app.test_client()
    assert "Join Crew" in visitor.get(link, headers=HTML).text
    form = {"email": "dora@example.org", "name": "Dora", "password": PASSWORD}
    assert visitor.post(link, data=form | csrf_of(visitor, link)).status_code == 303
    mine = visitor.get("/api/spaces").get_json()["items"]
    assert [(one["name"], one["role"]) for one in mine] == [
        ("Crew", "editor"),
        ("Only me", "owner"),
    ]


def test_another_owners_link_is_for_those_who_have_an_account(
    crew: str, alice: Person, bob: Person, app: Flask
) -> None:
    bob.client.post(f"{link_into(crew, alice, 'owner')}/accept")
    link, visitor = link_into(crew, bob), app.test_client()
    assert "Sign in to join" in visitor.get(link, headers=HTML).text
    form = {"email": "dora@example.org", "name": "Dora", "password": PASSWORD}
    assert visitor.post(link, data=form | csrf_of(visitor, link)).status_code == 404


def test_only_owners_see_and_use_what_manages_a_space(
    crew: str, alice: Person, bob: Person
) -> None:
    bob.client.post(f"{link_into(crew, alice, 'editor')}/accept")
    page = bob.client.get(f"/spaces/{crew}", headers=HTML).text
    assert "Invite somebody" not in page
    assert "Leave Crew" in page
    for path, form in (
        ("", {"name": "Mine"}),
        ("/invites", {"role": "owner", "days": "1"}),
        (f"/members/{bob.id}/role", {"role": "owner"}),
        (f"/members/{alice.id}/remove", {}),
    ):
        assert bob.client.post(f"/spaces/{crew}{path}", data=form).status_code == 404


def test_an_invitation_is_withdrawn(crew: str, alice: Person, bob: Person) -> None:
    link = link_into(crew, alice)
    page = alice.client.get(f"/spaces/{crew}", headers=HTML).text
    (invite,) = re.findall(r"/invites/(\w+)/withdraw", page)
    assert alice.client.post(f"/spaces/{crew}/invites/{invite}/withdraw").status_code == 303
    assert bob.client.get(link, headers=HTML).status_code == 404
    assert "/withdraw" not in alice.client.get("/people", headers=HTML).text


def test_the_last_owner_is_told_why_they_cannot_leave(crew: str, alice: Person) -> None:
    page = alice.client.post(f"/spaces/{crew}/leave", headers=HTML)
    assert page.status_code == 409
    assert "A space needs an owner" in page.text


def test_instructions_and_order_are_kept_and_shown(crew: str, alice: Person) -> None:
    form = {"name": "Crew", "instructions": "Say port,\r\nnot left.", "provider": ["library"]}
    assert alice.client.post(f"/spaces/{crew}", data=form, headers=HTML).status_code == 303
    found = alice.client.get(f"/api/spaces/{crew}").get_json()
    assert (found["instructions"], found["providers"]) == ("Say port,\nnot left.", ["library"])
    long = alice.client.post(f"/spaces/{crew}", data={"instructions": "x" * 4001}, headers=HTML)
    assert long.status_code == 400


def test_what_is_open_ends_with_the_membership(
    crew: str, alice: Person, bob: Person, app: Flask
) -> None:
    bob.client.post(f"{link_into(crew, alice)}/accept")
    room = new_conversation(alice, space_id=crew, visibility="space")
    watch: Watch = app.extensions["parley"].watch
    read = bob.client.get("/api/spaces").get_json()["items"]
    assert crew in {one["id"] for one in read}
    stream = bob.client.get(f"/api/events?conversation={room}").iter_encoded()
    assert b"event: hello" in next(stream)
    assert alice.client.post(f"/spaces/{crew}/members/{bob.id}/remove").status_code == 303
    watch.look()
    assert b'"people"' not in b"".join(stream)  # it ends
    assert bob.client.get(f"/api/conversations/{room}").status_code == 404


def test_in_a_room_one_asks_at_a_time_and_others_are_told_who(
    alice: Person, bob: Person, database: Database
) -> None:
    room = new_conversation(alice, space_id=alice.space_id, visibility="space")
    first = answer_id(ask(alice, room))
    with database.writing() as session:  # asked at another process
        wish = Wish(owner_id="another")
        conversations.ask(session, bob.viewer, room, "And then?", wish)
    assert "Bob is asking…" in alice.client.get(f"/c/{room}", headers=HTML).text
    assert "is asking…" not in bob.client.get(f"/c/{room}", headers=HTML).text
    body = {"content": "Mine first?", "parent_id": None}
    for who, said in ((alice, "Bob is asking"), (bob, "You are asking")):
        refused = who.client.post(f"/api/conversations/{room}/messages", json=body)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")
        assert said in refused.get_json()["detail"]
        again = who.client.post(f"/api/messages/{first}/regenerate/stream", json={})
        assert again.status_code == 409


def test_a_conversation_is_moved_and_shared_from_its_menu(alice: Person, bob: Person) -> None:
    place = new_conversation(alice)
    address = f"/c/{place}/move"
    for value, status in ((f"{alice.space_id}+", 200), (alice.space_id, 404), ("", 404)):
        assert alice.client.post(address, data={"place": value}).status_code == 303
        assert bob.client.get(f"/api/conversations/{place}").status_code == status


def test_a_question_makes_a_conversation_where_the_page_says(alice: Person, bob: Person) -> None:
    form = {"content": "Who is on watch?", "place": f"{alice.space_id}+"}
    asked = alice.client.post("/c", data=form)
    room = asked.location.split("/c/")[1].split("#")[0]
    found = bob.client.get(f"/api/conversations/{room}").get_json()
    assert (found["space_id"], found["visibility"]) == (alice.space_id, "space")


def test_answers_are_made_from_the_space_of_the_conversation(crew: str, alice: Person) -> None:
    text = "# Anchors\n\nThe spare anchor lies in the forepeak, behind the chain locker."
    added = alice.client.post("/api/documents", json={"text": text, "space_id": crew})
    document = added.get_json()["items"][0]["id"]
    sources = {}
    for name, space_id in (("crew", crew), ("team", alice.space_id), ("all", None)):
        place = new_conversation(alice, space_id=space_id)
        done = ask(alice, place, "Where does the spare anchor lie?")[-1]
        sources[name] = {one["document_id"] for one in done.metadata["sources"]}  # type: ignore[attr-defined]
    assert sources["crew"] == {document}
    assert document not in sources["team"]
    assert document in sources["all"]


def csrf_of(client: FlaskClient, path: str) -> dict[str, str]:
    """The field that the page's form carries."""
    page = client.get(path, headers=HTML).text
    return {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]}


def test_a_reader_sees_no_composer(alice: Person, bob: Person, database: Database) -> None:
    room = new_conversation(alice, space_id=alice.space_id, visibility="space")
    ask(alice, room)
    with database.writing() as session:
        spaces.change_role(session, alice.viewer, alice.space_id, bob.id, SpaceRole.READER)
    page = bob.client.get(f"/c/{room}", headers=HTML).text
    assert "You may read here, not ask" in page
    for part in ('data-module="composer"', "/regenerate", 'data-action="edit"'):
        assert part not in page.split("<template")[0]
