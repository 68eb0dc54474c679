"""Thumbs up and down: stored for each person, changed, withdrawn, and seen by admins alone."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chat.database import Database
from chat.models import Calibration, Message
from tests.people import Person
from tests.web.streams import answer_id, ask, new_conversation
from tests.web.test_pages import answers_in
from tests.web.test_pages import ask as ask_by_form

QUESTION = "How do I add documents?"
TEXT = "# Adding documents\n\nDocuments are added on the page Library, by choosing files."


@pytest.fixture
def answered(alice: Person) -> str:
    """The address of an answer's rating; the answer rests on a document."""
    assert alice.client.post("/api/documents", json={"text": TEXT}).status_code == 201
    message = answer_id(ask(alice, new_conversation(alice), QUESTION))
    return f"/api/messages/{message}/rating"


def test_a_rating_is_stored_changed_and_withdrawn(alice: Person, answered: str) -> None:
    assert alice.client.get(answered).get_json() is None
    first = alice.client.put(answered, json={"good": True})
    assert first.get_json() == {"good": True, "reason": "", "note": ""}
    second = {"good": False, "reason": "outdated", "note": "It was so until May."}
    assert alice.client.put(answered, json=second).get_json() == second
    assert alice.client.get(answered).get_json() == second
    assert alice.client.delete(answered).status_code == 204
    assert alice.client.get(answered).get_json() is None
    assert alice.client.delete(answered).status_code == 204


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "good"),
        ({"good": "yes"}, "bool"),
        ({"good": True, "reason": "wrong"}, "reason is empty or one of"),
        ({"good": False, "reason": "x" * 99}, "reason is empty or one of"),
        ({"good": False, "note": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_what_cannot_be_a_rating_is_refused(
    body: dict[str, Any], words: str, alice: Person, answered: str
) -> None:
    refused = alice.client.put(answered, json=body)
    assert (refused.status_code, refused.get_json()["code"]) == (400, "invalid")
    assert words in refused.get_json()["detail"]
    assert alice.client.get(answered).get_json() is None


def test_a_question_has_no_rating(alice: Person) -> None:
    place = new_conversation(alice)
    ask(alice, place, QUESTION)
    items = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    refused = alice.client.put(f"/api/messages/{items[0]['id']}/rating", json={"good": True})
    assert refused.status_code == 400


def test_an_answer_that_is_not_over_has_no_rating_yet(
    alice: Person, answered: str, database: Database
) -> None:
    with database.writing() as session:
        message = session.get_one(Message, answered.split("/")[3])
        message.status, before = "running", message.status
    assert alice.client.put(answered, json={"good": True}).status_code == 409
    with database.writing() as session:
        session.get_one(Message, answered.split("/")[3]).status = before


def test_each_member_has_a_rating_of_their_own(alice: Person, bob: Person, answered: str) -> None:
    message = alice.client.get(answered.removesuffix("/rating")).get_json()
    place = f"/api/conversations/{message['conversation_id']}"
    assert bob.client.put(answered, json={"good": True}).status_code == 404
    shared = {"visibility": "space", "space_id": alice.space_id}
    assert alice.client.patch(place, json=shared).status_code == 200
    alice.client.put(answered, json={"good": True})
    assert bob.client.get(answered).get_json() is None
    bob.client.put(answered, json={"good": False})
    assert alice.client.get(answered).get_json()["good"] is True
    page = bob.client.get(f"/c/{message['conversation_id']}").text
    assert "You found this answer poor" in page


def test_without_script_a_thumb_is_a_form(alice: Person) -> None:
    address = ask_by_form(alice, QUESTION)
    [message] = answers_in(alice.client.get(address).text)
    form = {"message_id": message, "value": "poor"}
    answer = alice.client.post(f"{address}/rate", data=form)
    assert (answer.status_code, answer.location) == (303, f"{address}?at={message}#m-{message}")
    reasoned = form | {"reason": "incomplete", "note": "And\r\nthe rest?"}
    alice.client.post(f"{address}/rate", data=reasoned)
    page = alice.client.get(address).text
    assert "You found this answer poor: something is missing" in page
    assert ">And\nthe rest?</textarea>" in page
    assert re.search(r'value="none" data-thumb="poor" aria-pressed="true"', page)
    alice.client.post(f"{address}/rate", data=form | {"value": "none"})
    assert "You found this answer" not in alice.client.get(address).text
    assert alice.client.post(f"{address}/rate", data=form | {"value": "x"}).status_code == 400


def test_an_outsider_rates_nothing_by_form(
    alice: Person, bob: Person, charlie: Person, visitor: FlaskClient
) -> None:
    address = ask_by_form(alice, QUESTION)
    [message] = answers_in(alice.client.get(address).text)
    form = {"message_id": message, "value": "good"}
    for person in (bob, charlie):
        assert person.client.post(f"{address}/rate", data=form).status_code == 404
        own = ask_by_form(person, QUESTION)
        assert person.client.post(f"{own}/rate", data=form).status_code == 404
    assert visitor.post(f"{address}/rate", data=form).status_code in {303, 400, 401}
    elsewhere = ask_by_form(alice, QUESTION)
    assert alice.client.post(f"{elsewhere}/rate", data=form).status_code == 404


def test_admins_see_a_rating_beside_the_answers_sources(alice: Person, charlie: Person) -> None:
    place = new_conversation(charlie)
    message = answer_id(ask(charlie, place, "What is Parley?"))
    said = {"good": False, "reason": "wrong", "note": "<b>No.</b>"}
    charlie.client.put(f"/api/messages/{message}/rating", json=said)
    page = alice.client.get("/ratings").text
    assert "<strong>Charlie</strong> found it poor: it is wrong" in page
    assert "&lt;b&gt;No.&lt;/b&gt;" in page
    assert ">What is Parley?</h3>" in page
    assert 'class="source"' in page or "No source is cited here." in page
    assert "Charlie" not in alice.client.get("/ratings?kind=good").text
    assert "Nothing is rated here yet" in alice.client.get("/ratings?kind=good").text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/ratings"), ("POST", "/ratings/recalibrate")]
)
def test_only_admins_see_what_was_rated(
    method: str, path: str, alice: Person, bob: Person, charlie: Person, visitor: FlaskClient
) -> None:
    for person in (bob, charlie):
        assert person.client.open(path, method=method).status_code == 404
        assert "/ratings" not in person.client.get("/").text
    assert visitor.open(path, method=method).status_code in {302, 303, 400, 401}
    assert alice.client.open(path, method=method).status_code in {200, 303}


def test_the_list_is_read_a_page_at_a_time(alice: Person, database: Database) -> None:
    place = new_conversation(alice)
    messages = [answer_id(ask(alice, place, f"Question {n}?")) for n in range(22)]
    for message in messages:
        alice.client.put(f"/api/messages/{message}/rating", json={"good": True})
    first = alice.client.get("/ratings").text
    assert first.count('class="rated__item') == 20
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = alice.client.get(older[1].replace("&amp;", "&")).text
    assert second.count('class="rated__item') == 2
    assert 'rel="prev"' in second


def test_later_answers_are_told_what_the_ratings_taught(
    alice: Person, app: Flask, database: Database
) -> None:
    assert alice.client.post("/api/documents", json={"text": TEXT}).status_code == 201
    place = new_conversation(alice)
    before = ask(alice, place, QUESTION)
    computed = before[-1].metadata["confidence"]  # type: ignore[attr-defined]
    with database.writing() as session:
        row = Calibration(estimator="library", slope=1.0, offset=-2.0, answers=40)
        row.loss_before, row.loss_after = 0.7, 0.5
        session.add(row)
    app.extensions["parley"].runner._pipeline._shifts._read_at = None  # a minute has gone by
    told = ask(alice, place, QUESTION)
    metadata = told[-1].metadata  # type: ignore[attr-defined]
    assert metadata["analysis"]["confidence_computed"] == computed
    assert metadata["confidence"] < computed - 0.05
    chunks = [event.confidence for event in told if type(event).__name__ == "Chunk"]
    assert chunks[-1] == metadata["confidence"]
    page = alice.client.get(f"/c/{place}").text
    assert re.search(
        r"Computed as \d+ %; what people here thought of such answers made it \d+", page
    )


def test_the_command_says_what_was_learned(app: Flask, alice: Person, answered: str) -> None:
    alice.client.put(answered, json={"good": True})
    result = app.test_cli_runner().invoke(args=["recalibrate"])
    assert result.exit_code == 0, result.output
    assert "library  1 answers rated: too few to learn from (at least 20)" in result.output
