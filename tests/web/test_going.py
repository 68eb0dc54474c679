"""What is one's own can be taken along and deleted; what was shared stays, and so the trail."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from socket import socket
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from chat.audit import Action, Filter, read, verify
from chat.database import Database
from chat.models import Conversation, Document, Passage, User
from chat.web.taking_along import archive
from tests.people import PASSWORD, Person
from tests.web.streams import answer_id, ask, new_conversation

SECRET = "Zanzibar"


def private_document(person: Person) -> str:
    own = person.viewer.space_ids[-1]
    body = {"text": f"# {SECRET} diary\n\nThe tide of {SECRET} is high at noon.", "space_id": own}
    items = person.client.post("/api/documents", json=body).get_json()["items"]
    return str(items[0]["id"])


def room(person: Person) -> str:
    body = {"space_id": person.space_id, "visibility": "space"}
    made = person.client.post("/api/conversations", json=body).get_json()
    ask(person, made["id"], "Where is the handbook?")
    return str(made["id"])


def unpacked(response: TestResponse) -> dict[str, list[Any]]:
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    with zipfile.ZipFile(io.BytesIO(response.get_data())) as file:
        assert file.testzip() is None
        texts = {name: file.read(name).decode() for name in file.namelist()}
    return {
        name: [json.loads(line) for line in text.splitlines()] if name.endswith("l") else []
        for name, text in texts.items()
    } | {"profile": [json.loads(texts["profile.json"])]}


def test_everything_that_is_ones_own_is_in_the_archive_and_no_secret(
    alice: Person, bob: Person
) -> None:
    place = new_conversation(bob, title="Of tides")
    answer = answer_id(ask(bob, place))
    bob.client.put(f"/api/messages/{answer}/rating", json={"good": True, "note": "Yes"})
    bob.client.post(f"/api/conversations/{place}/links", json={})
    bob.client.post("/account/tokens", data={"token_name": "Script"})
    document = private_document(bob)
    theirs = new_conversation(alice, title="Of Alice")
    held = unpacked(bob.client.post("/account/export"))
    assert held["profile"][0]["email"] == "bob@example.org"
    assert [one["title"] for one in held["conversations.jsonl"]] == ["Of tides"]
    assert held["conversations.jsonl"][0]["messages"][1]["id"] == answer
    assert [one["id"] for one in held["documents.jsonl"]] == [document]
    assert [one["note"] for one in held["ratings.jsonl"]] == ["Yes"]
    assert [one["conversation_id"] for one in held["links.jsonl"]] == [place]
    assert "Script" in [one["name"] for one in held["tokens.jsonl"]]
    assert {one["actor_id"] for one in held["audit.jsonl"]} == {bob.id}
    text = json.dumps(held)
    assert theirs not in text
    assert "hash" not in json.dumps({k: v for k, v in held.items() if k != "audit.jsonl"})


class Watched:
    """A database that counts the readings that are open."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.open = 0

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._database.reading() as session:
            self.open += 1
            try:
                yield session
            finally:
                self.open -= 1


def test_nothing_is_held_while_the_archive_is_read(bob: Person, database: Database) -> None:
    for title in ("Of tides", "Of ebbs"):
        ask(bob, new_conversation(bob, title=title))
    watched = Watched(database)
    parts: Any = SimpleNamespace(database=watched)
    held = [watched.open for _ in archive(parts, bob.viewer)]
    assert len(held) > 4
    assert not any(held)


def test_a_client_that_stops_reading_its_archive_blocks_nothing_for_ever(bob: Person) -> None:
    with closing(socket()) as end:
        with_socket = {"gunicorn.socket": end}
        bob.client.post("/account/export", environ_overrides=with_socket).close()
        assert end.gettimeout() == 30


def test_an_account_goes_with_what_is_its_own_and_what_was_shared_stays(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    private, shared = new_conversation(bob, title=SECRET), room(bob)
    ask(bob, private, f"How high is the tide of {SECRET}?")
    added = bob.client.post("/api/documents", json={"text": "# Team\n\nThe team meets at nine."})
    document = added.get_json()["items"][0]["id"]
    private_document(bob)
    refused = bob.client.post("/account/delete", data={"current_password": "not that"})
    assert refused.status_code == 400
    gone = bob.client.post("/account/delete", data={"current_password": PASSWORD})
    assert (gone.status_code, gone.headers["Location"]) == (303, "/login")
    assert bob.client.get("/account").status_code == 401
    with database.reading() as session:
        assert session.get(User, bob.id) is None
        assert session.get(Conversation, private) is None
        kept = session.get(Conversation, shared)
        assert kept is not None
        assert kept.owner_id == alice.id
        assert session.get(Document, document) is not None
        hits = select(func.count()).select_from(Passage).where(Passage.text.contains(SECRET))
        assert session.scalar(hits) == 0
        told = read(session, Filter(action=Action.PERSON_DELETED))
        assert [(one.actor_id, one.subject) for one in told] == [(bob.id, f"person:{bob.id}")]
        for entry in read(session, Filter()):
            assert SECRET not in entry.subject + entry.details
        assert verify(session).is_intact
    said = alice.client.get(f"/api/conversations/{shared}/messages").get_json()["items"]
    assert [one["author"] for one in said] == [None, None]
    assert "Somebody who left" in alice.client.get(f"/c/{shared}").get_data(as_text=True)
    followed = alice.client.get(f"/api/messages/{said[1]['id']}/stream")
    assert "event: complete" in followed.get_data(as_text=True)
    assert alice.client.get("/audit").status_code == 200


def test_the_last_admin_and_the_only_owner_are_told_what_to_do_first(
    alice: Person, bob: Person
) -> None:
    form = {"current_password": PASSWORD}
    last = alice.client.post("/account/delete", data=form)
    assert last.status_code == 409
    assert "only admin" in last.get_data(as_text=True)
    made = bob.client.post("/spaces", data={"name": "Harbour"}).headers["Location"]
    owner = bob.client.post("/account/delete", data=form)
    assert owner.status_code == 409
    assert "Nobody else owns Harbour" in owner.get_data(as_text=True)
    assert "only owner of Harbour" in bob.client.get("/account/delete").get_data(as_text=True)
    assert bob.client.post(f"{made}/delete", data=form).status_code == 303
    assert bob.client.post("/account/delete", data=form).status_code == 303


def test_a_space_goes_with_what_was_shared_in_it(
    alice: Person, bob: Person, database: Database
) -> None:
    place = bob.client.post("/spaces", data={"name": "Harbour"}).headers["Location"]
    space = place.rpartition("/")[2]
    text = {"text": f"# Crane\n\nThe crane of {SECRET} stands.", "space_id": space}
    assert bob.client.post("/api/documents", json=text).status_code == 201
    shared = bob.client.post(
        "/api/conversations", json={"space_id": space, "visibility": "space"}
    ).get_json()["id"]
    kept = bob.client.post("/api/conversations", json={"space_id": space}).get_json()["id"]
    for password, status in (("no", 400), (PASSWORD, 303)):
        gone = bob.client.post(f"{place}/delete", data={"current_password": password})
        assert gone.status_code == status
    assert bob.client.get(place).status_code == 404
    assert bob.client.get(f"/api/conversations/{shared}").status_code == 404
    assert bob.client.get(f"/api/conversations/{kept}").get_json()["space_id"] is None
    with database.reading() as session:
        left = select(func.count()).select_from(Document).where(Document.space_id == space)
        assert session.scalar(left) == 0
        [told] = read(session, Filter(action=Action.SPACE_DELETED))
    assert (told.actor_id, json.loads(told.details)) == (
        bob.id, {"conversations": 1, "documents": 1},
    )  # fmt: skip
    team = alice.client.post(
        f"/spaces/{alice.space_id}/delete", data={"current_password": PASSWORD}
    )
    assert team.status_code == 409  # everybody joins it


def test_an_admin_hands_over_and_deletes_what_a_disabled_person_left(
    alice: Person, bob: Person, charlie: Person, database: Database
) -> None:
    place = f"/people/{bob.id}"
    form = {"current_password": PASSWORD}
    new_conversation(bob, title="Of tides")
    assert alice.client.post(f"{place}/export", data=form).status_code == 409  # Bob can himself
    assert alice.client.post(f"{place}/delete", data=form).status_code == 409
    alice.client.post(f"{place}/disable")
    assert alice.client.get(f"{place}/delete").status_code == 200
    assert alice.client.post(f"{place}/export").status_code == 400  # without the password
    held = unpacked(alice.client.post(f"{place}/export", data=form))
    assert [one["title"] for one in held["conversations.jsonl"]] == ["Of tides"]
    assert charlie.client.post(f"{place}/delete", data=form).status_code == 404
    assert alice.client.post(f"{place}/delete", data=form).status_code == 303
    with database.reading() as session:
        assert session.get(User, bob.id) is None
        told = [one.action for one in read(session, Filter(actor_id=alice.id), limit=2)]
    assert told == [Action.PERSON_DELETED, Action.EVERYTHING_EXPORTED]


def test_a_space_whose_owner_was_disabled_gets_another_one(
    alice: Person, bob: Person, charlie: Person, database: Database
) -> None:
    place = bob.client.post("/spaces", data={"name": "Harbour"}).headers["Location"]
    space = place.rpartition("/")[2]
    appoint = f"/people/spaces/{space}/owner"
    early = alice.client.post(appoint, data={"person": charlie.id})
    assert early.status_code == 409  # Bob can sign in
    alice.client.post(f"/people/{bob.id}/disable")
    page = alice.client.get("/people").get_data(as_text=True)
    assert re.search(r"Spaces without an owner.*Harbour", page, re.DOTALL)
    assert charlie.client.post(appoint, data={"person": charlie.id}).status_code == 404
    assert alice.client.post(appoint, data={"person": charlie.id}).status_code == 303
    assert charlie.client.get(place).status_code == 200
    assert "Harbour" not in alice.client.get("/people").get_data(as_text=True)
    with database.reading() as session:
        [told] = read(session, Filter(action=Action.OWNER_APPOINTED))
    assert told.subject == f"space:{space}"
