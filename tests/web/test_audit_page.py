"""What people do is in the audit trail, with nothing of what they say; admins read and check it."""

import json
from collections.abc import Sequence
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from chat import audit
from chat.audit import Entry, Filter
from chat.audit.chain import BEGINNING, seal
from chat.database import Database
from chat.models import AuditEntry
from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation
from tests.web.test_auth import csrf_of, sign_in

SECRET = "The harbour crane of Aurelia stands still in a storm."


def test_an_answer_is_told_with_who_asked_and_from_what(alice: Person, database: Database) -> None:
    alice.client.post("/api/documents", json={"text": f"# Harbour\n\n{SECRET}"})
    place = new_conversation(alice)
    message = answer_id(ask(alice, place, "When does the harbour crane stand still?"))
    (entry,) = _entries(database, Filter(action="answer"))
    assert (entry.actor_id, entry.subject) == (alice.id, f"message:{message}")
    details = json.loads(entry.details)
    assert (details["provider"], details["status"]) == ("library", "complete")
    sources = alice.client.get(f"/api/messages/{message}").get_json()["metadata"]["sources"]
    assert details["passages"] == list(dict.fromkeys(source["passage_id"] for source in sources))
    assert details["passages"]


def test_nothing_of_what_was_said_is_in_the_trail(alice: Person, database: Database) -> None:
    added = alice.client.post("/api/documents", json={"text": f"# Harbour\n\n{SECRET}"}).get_json()
    place = new_conversation(alice, title="Storms over Aurelia")
    ask(alice, place, "When does the crane of Aurelia stand still?")
    alice.client.delete(f"/api/documents/{added['items'][0]['id']}")
    alice.client.delete(f"/api/conversations/{place}")
    told = [entry.action for entry in _entries(database, Filter(actor_id=alice.id))]
    assert told == [
        "conversation.deleted",
        "document.deleted",
        "answer.ended",
        "document.added",
    ]
    with database.reading() as session:
        for row in session.scalars(select(AuditEntry)):
            assert "aurelia" not in f"{row.subject} {row.details}".lower()


def test_a_failed_sign_in_tells_whose_account_it_was_and_not_what_was_typed(
    app: Flask, alice: Person, database: Database
) -> None:
    for email in ("alice@example.org", "my-own-password"):
        sign_in(app.test_client(), email, "wrong wrong wrong")
    unknown, known = _entries(database, Filter(action="session.refused"))
    assert (known.subject, unknown.subject) == (f"person:{alice.id}", "")
    assert "my-own-password" not in unknown.details


def test_signing_in_and_out_is_told(app: Flask, bob: Person, database: Database) -> None:
    client = app.test_client()
    sign_in(client, "bob@example.org")
    client.post("/logout", data={"csrf_token": csrf_of(client, "/account")})
    told = [entry.action for entry in _entries(database, Filter(actor_id=bob.id))]
    assert told == ["session.ended", "session.begun"]


def test_what_admins_change_is_told(alice: Person, bob: Person, database: Database) -> None:
    alice.client.post("/people/invites", data={"role": "member", "days": "7", "note": "for Noor"})
    alice.client.post(f"/people/{bob.id}/role", data={"role": "admin"})
    alice.client.post(f"/people/{bob.id}/disable")
    told = _entries(database, Filter(actor_id=alice.id))[:3]
    assert [(entry.action, entry.subject.partition(":")[0]) for entry in told] == [
        ("person.disabled", "person"),
        ("person.role", "person"),
        ("invite.made", "invite"),
    ]
    assert {entry.subject for entry in told[:2]} == {f"person:{bob.id}"}
    assert json.loads(told[1].details) == {"role": "admin"}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/audit"), ("POST", "/audit/verify"), ("POST", "/audit/export")]
)
def test_for_others_there_is_nothing(bob: Person, app: Flask, method: str, path: str) -> None:
    assert bob.client.open(path, method=method).status_code == 404
    assert app.test_client().open(path, method=method).status_code in {302, 303, 400, 401}


def test_an_admin_reads_filters_and_verifies(app: Flask, alice: Person, bob: Person) -> None:
    sign_in(app.test_client(), "bob@example.org")
    sign_in(app.test_client(), "alice@example.org")
    assert "signed in" in alice.client.get("/audit").text
    of_bob = alice.client.get(f"/audit?kind=session&who={bob.id}").text
    assert of_bob.count('<span class="audit__who">') == 1
    assert "Nothing here" in alice.client.get("/audit?kind=nothing").text
    page = alice.client.post("/audit/verify", follow_redirects=True).text
    assert "entries are what was written" in page


def test_an_export_can_be_checked_by_anybody(alice: Person, bob: Person) -> None:
    response = alice.client.post("/audit/export")
    assert response.mimetype == "application/jsonl"
    before = BEGINNING
    lines = response.text.splitlines()
    assert json.loads(lines[-1])["action"] == "audit.exported"
    for line in lines:
        entry = _entry_of(line)
        assert entry.hash == (before := seal(before, entry))


def _entry_of(line: str) -> Entry:

    told = json.loads(line)
    told["at"] = datetime.fromisoformat(told["at"])
    told["details"] = json.dumps(told["details"], separators=(",", ":"), ensure_ascii=False)
    return Entry(**told)


def _entries(database: Database, wanted: Filter) -> Sequence[Entry]:
    with database.reading() as session:
        return audit.read(session, wanted)
