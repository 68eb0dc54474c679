"""Policies for personal data: set by owners and admins, told in the trail, and kept by a send."""

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from chat import events, spaces
from chat.database import Database
from chat.models import AuditEntry, Message
from chat.providers.base import Draft, Piece, Text
from chat.providers.library import LibraryProvider
from chat.providers.stored import list_stored
from chat.values import AnswerRequest, DataPolicy
from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation
from tests.web.test_models_page import FORM

HTML = {"Accept": "text/html"}
QUESTION = "Write to anna@example.org, my password: hunter2!x"


@dataclass
class Far:
    """A provider of elsewhere, which says what it was sent."""

    personal_data: DataPolicy | None = None
    name: str = "far"
    models: Sequence[str] = ("one",)

    def open(self, request: AnswerRequest) -> Draft:
        return Draft((), self._pieces(request), messages_used=0, tokens_used=0)

    def _pieces(self, request: AnswerRequest) -> Generator[Piece, None, None]:
        yield Text(f"You asked: {request.question}")


@pytest.fixture
def far(app: Flask) -> Far:
    provider = Far()
    app.extensions["parley"].providers.replace([provider, LibraryProvider(chunk_delay_ms=0)])
    return provider


def last_told(database: Database, action: str) -> dict:
    with database.reading() as session:
        query = select(AuditEntry.details).where(AuditEntry.action == action)
        return json.loads(session.scalars(query.order_by(AuditEntry.number.desc())).first() or "{}")


def test_an_owner_sets_what_a_space_wants(alice: Person, bob: Person, database: Database) -> None:
    path = f"/spaces/{alice.space_id}"
    form = {"name": "Team", "instructions": "", "personal_data": "redact"}
    assert alice.client.post(path, data=form).status_code == 303
    assert '<option value="redact" selected>' in alice.client.get(path, headers=HTML).text
    assert 'name="personal_data"' not in bob.client.get(path, headers=HTML).text
    assert last_told(database, "space.changed")["personal_data"] == "redact"
    with database.reading() as session:
        brief = spaces.read_brief(session, alice.space_id, alice.id)
    assert brief.personal_data is DataPolicy.REDACT
    assert bob.client.post(path, data=form | {"personal_data": "off"}).status_code == 404
    assert alice.client.post(path, data=form | {"personal_data": "hide"}).status_code == 400


def test_an_admin_sets_what_a_provider_is_sent(alice: Person, database: Database) -> None:
    assert "As the site has it (send it)" in alice.client.get("/models/new", headers=HTML).text
    form = FORM | {"personal_data": "refuse"}
    assert alice.client.post("/models", data=form, headers=HTML).status_code == 303
    with database.reading() as session:
        [stored] = list_stored(session)
    assert stored.personal_data is DataPolicy.REFUSE
    assert last_told(database, "provider.saved")["personal_data"] == "refuse"
    page = alice.client.get(f"/models/{stored.id}", headers=HTML).text
    assert '<option value="refuse" selected>' in page
    assert "personal data: refuse" in alice.client.get("/models", headers=HTML).text
    back = form | {"personal_data": "", "api_password": ""}
    assert alice.client.post(f"/models/{stored.id}", data=back).status_code == 303
    with database.reading() as session:
        assert list_stored(session)[0].personal_data is None


def test_a_question_that_is_refused_is_not_kept_and_comes_back(
    alice: Person, far: Far, database: Database
) -> None:
    far.personal_data = DataPolicy.REFUSE
    place = new_conversation(alice)
    refused = alice.client.post(f"/api/conversations/{place}/messages", json={"content": QUESTION})
    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (422, "personal_data")
    assert "1 e-mail address and 1 key or password" in problem["detail"]
    assert "anna" not in refused.text
    with database.reading() as session:
        assert session.scalars(select(Message.id)).all() == []
    page = alice.client.post(f"/c/{place}", data={"content": QUESTION}, headers=HTML).text
    assert f">\n{QUESTION}</textarea>" in page or QUESTION in page
    assert "takes no questions with personal data" in page
    told = ask(alice, place, QUESTION, provider="library")
    assert isinstance(told[-1], events.Complete)


def test_a_warning_stands_above_the_answer_in_the_panel_and_in_the_trail(
    alice: Person, far: Far, database: Database
) -> None:
    far.personal_data = DataPolicy.WARN
    place = new_conversation(alice)
    told = ask(alice, place, QUESTION)
    context = next(event for event in told if isinstance(event, events.Context))
    assert [(one["kind"], one["count"]) for one in context.findings] == [
        ("email", 1),
        ("secret", 1),
    ]
    page = alice.client.get(f"/c/{place}", headers=HTML).text
    assert "Personal data went to far." in page
    assert "1 e-mail address and 1 key or password, sent as it is" in page
    trail = last_told(database, "answer.ended")
    assert trail["findings"] == context.findings
    assert "anna" not in json.dumps(trail)
    api = alice.client.get(f"/api/messages/{answer_id(told)}").get_json()
    assert api["metadata"]["findings"] == context.findings
