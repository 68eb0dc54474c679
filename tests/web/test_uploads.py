"""Uploads: followed, ended, tried again, noticed when they are there, and nobody else's."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from chat.database import Database
from chat.knowledge.reading import process
from chat.models import Member, User
from chat.values import utc_now
from chat.web.site import Site
from tests.papers.office import make_zip
from tests.people import Person
from tests.web.uploading import send, settled, until, upload

PLAN = b"# The plan\n\nWe ship on Friday.\n"
NEWER = b"# The plan\n\nWe ship on Monday.\n"
ROUTES = [
    ("GET", "/api/uploads/{id}"),
    ("DELETE", "/api/uploads/{id}"),
    ("POST", "/api/uploads/{id}/retry"),
    ("POST", "/library/uploads/{id}/retry"),
    ("POST", "/library/uploads/{id}/dismiss"),
]


@pytest.fixture
def idle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site that reads nothing until it is told to."""
    parts: Site = app.extensions["parley"]
    wake = parts.intake.wake
    monkeypatch.setattr(parts.intake, "wake", lambda: None)
    monkeypatch.setattr(parts.intake, "go_on", wake, raising=False)
    return parts


def titles(person: Person) -> list[str]:
    return [one["title"] for one in person.client.get("/api/documents").json["items"]]


def text_of(person: Person, document: dict[str, Any]) -> str:
    text: str = person.client.get(f"/api/documents/{document['id']}").json["text"]
    return text


def test_an_answer_comes_before_the_file_is_read(alice: Person, idle: Site) -> None:
    (waiting,) = send(alice, ("plan.md", PLAN))
    assert (waiting["state"], waiting["message"]) == ("waiting", "Waiting to be read")
    assert titles(alice) == []
    idle.intake.go_on()  # type: ignore[attr-defined]
    assert settled(alice, waiting)["state"] == "done"
    assert titles(alice) == ["The plan"]
    assert list(idle.intake.folder.iterdir()) == []


def test_an_upload_that_waits_is_withdrawn(alice: Person, idle: Site) -> None:
    plan, notes = send(alice, ("plan.md", PLAN), ("notes.txt", b"Water the plants."))
    assert alice.client.delete(f"/api/uploads/{plan['id']}").status_code == 204
    idle.intake.go_on()  # type: ignore[attr-defined]
    settled(alice, notes)
    assert titles(alice) == ["notes"]
    assert alice.client.get(f"/api/uploads/{plan['id']}").status_code == 404
    assert list(idle.intake.folder.iterdir()) == []


def test_an_upload_that_is_read_is_withdrawn(
    app: Flask, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_MODULE", "timeit")  # which goes on for ever with this name
    (endless,) = send(alice, ("while True: pass", PLAN))
    address = f"/api/uploads/{endless['id']}"
    until(lambda: alice.client.get(address).json["state"] == "reading")
    assert alice.client.delete(address).status_code == 204
    monkeypatch.undo()
    assert upload(alice, "notes.txt", b"Water the plants.")["state"] == "done"
    assert titles(alice) == ["notes"]


def test_what_ended_without_a_result_is_tried_again(
    app: Flask, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_MODULE", "no_such_module")
    failed = upload(alice, "plan.md", PLAN)
    assert (failed["state"], failed["retryable"]) == ("failed", True)
    assert failed["refused"][0]["reason"] == "crashed"
    monkeypatch.undo()
    again = alice.client.post(f"/api/uploads/{failed['id']}/retry")
    assert (again.status_code, again.json["state"]) == (202, "waiting")
    assert settled(alice, failed)["message"] == "Added, 1 passage"


def test_only_what_has_failed_and_is_kept_is_tried_again(alice: Person) -> None:
    done, failed = upload(alice, "plan.md", PLAN), upload(alice, "empty.md", b"")
    for one, words in ((done, "Only what has failed"), (failed, "no longer on the server")):
        answer = alice.client.post(f"/api/uploads/{one['id']}/retry")
        assert answer.status_code == 409
        assert words in answer.json["detail"]


def test_a_file_that_is_there_is_noticed_without_reading_it(alice: Person, idle: Site) -> None:
    idle.intake.go_on()  # type: ignore[attr-defined]
    (first,) = send(alice, ("plan.md", PLAN))
    idle.intake.go_on()  # type: ignore[attr-defined]
    done = settled(alice, first)
    (again,) = send(alice, ("copy.md", PLAN))
    assert (again["state"], again["message"]) == ("done", "In the library already")
    assert again["documents"][0]["id"] == done["documents"][0]["id"]


def test_a_file_of_the_same_name_becomes_the_new_version(
    app: Flask, alice: Person, database: Database
) -> None:
    (first,) = upload(alice, "plan.md", PLAN)["documents"]
    done = upload(alice, "plan.md", NEWER)
    (second,) = done["documents"]
    assert (second["id"], second["version"]) == (first["id"], 2)
    assert done["message"] == "Version 2 added, 1 passage"
    assert "Monday" in text_of(alice, first)
    assert titles(alice) == ["The plan"]
    parts = alice.client.get(f"/api/documents/{first['id']}").json["parts"]
    assert [part["text"] for part in parts] == ["We ship on Monday."]
    back = upload(alice, "plan.md", PLAN)
    assert back["documents"][0]["version"] == 3


def test_a_file_of_the_same_name_is_kept_beside_it_if_so_wished(alice: Person) -> None:
    upload(alice, "plan.md", PLAN)
    assert upload(alice, "plan.md", NEWER, same_name="keep")["documents"][0]["version"] == 1
    assert len(titles(alice)) == 2
    assert alice.client.post("/api/documents", data={"same_name": "guess"}).status_code == 400


def test_nobody_replaces_what_they_may_not_delete(alice: Person, bob: Person) -> None:
    (plan,) = upload(alice, "plan.md", PLAN)["documents"]
    upload(bob, "plan.md", NEWER)
    assert "Friday" in text_of(alice, plan)
    assert len(titles(alice)) == 2
    (notes,) = upload(bob, "notes.md", PLAN + b"\nOr later.\n")["documents"]
    upload(alice, "notes.md", NEWER + b"\nOr later.\n")
    assert "Monday" in text_of(bob, notes)  # an admin may


def test_what_comes_from_an_archive_is_a_version_too(alice: Person) -> None:
    upload(alice, "all.zip", make_zip({"a/plan.md": PLAN, "b/plan.md": PLAN + b"\nNot yet."}))
    done = upload(
        alice, "all.zip", make_zip({"a/plan.md": NEWER, "b/plan.md": PLAN + b"\nNot yet."})
    )
    assert [one["version"] for one in done["documents"]] == [2, 1]
    assert done["documents"][1]["duplicate"]


@pytest.mark.parametrize("how", ["left", "disabled"])
def test_what_was_sent_before_somebody_left_is_not_stored(
    how: str, alice: Person, bob: Person, idle: Site, database: Database
) -> None:
    send(bob, ("plan.md", PLAN))
    with database.writing() as session:
        if how == "left":
            session.execute(delete(Member).where(Member.user_id == bob.id))
        else:
            session.execute(update(User).where(User.id == bob.id).values(disabled_at=utc_now()))
    (notes,) = send(alice, ("notes.txt", b"Water the plants."))
    idle.intake.go_on()  # type: ignore[attr-defined]
    settled(alice, notes)
    assert titles(alice) == ["notes"]


def test_one_persons_uploads_are_bounded(
    alice: Person, idle: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.knowledge.uploads.MOST_OPEN", 2)
    form = [("a.txt", b"a"), ("b.txt", b"b")]
    send(alice, *form)
    answer = alice.client.post("/library", data={"file": [_file("c.txt")]})
    assert answer.status_code == 429
    assert len(list(idle.intake.folder.iterdir())) == 2


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_others_find_nothing(
    method: str, path: str, alice: Person, bob: Person, charlie: Person, visitor: FlaskClient
) -> None:
    failed = upload(alice, "empty.md", b"")
    address = path.format(id=failed["id"])
    assert alice.client.get(f"/api/uploads/{failed['id']}").status_code == 200
    for person in (bob, charlie):
        assert person.client.open(address, method=method).status_code == 404
        assert person.client.get("/api/uploads").json["items"] == []
    assert visitor.open(address, method=method).status_code in {
        303,
        400,
        401,
    }  # 400: without a token of its own
    assert [one["id"] for one in alice.client.get("/api/uploads").json["items"]] == [failed["id"]]


def _file(name: str) -> Any:
    return io.BytesIO(b"x"), name
