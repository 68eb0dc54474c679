"""Sending without a stream, and looking at an answer while it is being written."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from chat import accounts, conversations, events
from chat.knowledge.ingest import add_document
from tests.conftest import MakeApp, sign_in
from tests.people import Person
from tests.web.streams import begin, frames, new_conversation

TEXT = "# Backups\n\nThe nightly backup is kept for ninety days in the second building."
QUESTION = "How long is the backup kept?"


@pytest.fixture
def slow_app(make_app: MakeApp) -> Flask:
    """A site that takes a minute for an answer."""
    return make_app(chunk_delay_ms=1000, chunk_words=1)


@pytest.fixture
def alice(slow_app: Flask) -> Person:
    alice = sign_in(slow_app, "alice")
    with slow_app.extensions["parley"].database.writing() as session:
        kept = {"title": "", "kind": "markdown", "origin": "backups.md", "added_by": alice.id}
        add_document(session, space_id=alice.space_id, text=TEXT, **kept)
    return alice


def test_an_answer_that_is_being_written_is_shown_as_far_as_it_is(alice: Person) -> None:
    place = new_conversation(alice)
    stream = frames(begin(alice, place, QUESTION))
    told = (events.parse(frame.event, frame.data) for frame in stream)
    first = next(event for event in told if isinstance(event, events.Chunk))
    items = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    answer = alice.client.get(f"/api/messages/{items[1]['id']}").get_json()
    for shown in (items[1], answer):
        assert shown["status"] == "running"
        assert shown["content"].startswith(first.content)
        assert shown["metadata"]["sources"]


def test_who_is_signed_out_meanwhile_does_not_get_the_answer(
    alice: Person, slow_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign_out() -> None:
        with slow_app.extensions["parley"].database.writing() as session:
            accounts.sessions.end(session, alice.viewer, alice.viewer.session_id or "")

    _while_waiting(slow_app, monkeypatch, sign_out)
    place = new_conversation(alice)
    response = alice.client.post(f"/api/conversations/{place}/messages", json={"content": QUESTION})
    assert (response.status_code, response.get_json()["code"]) == (401, "unauthenticated")
    assert slow_app.extensions["parley"].watch.count == 0


def test_a_process_that_leaves_is_not_held_up(
    alice: Person, slow_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = slow_app.extensions["parley"].watch

    def leave() -> None:
        watch.is_leaving = watch.has_left = lambda: True

    _while_waiting(slow_app, monkeypatch, leave)
    place = new_conversation(alice)
    response = alice.client.post(f"/api/conversations/{place}/messages", json={"content": QUESTION})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


def test_who_may_not_see_the_conversation_any_more_does_not_get_the_answer(
    alice: Person, slow_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = new_conversation(alice, space_id=alice.space_id, visibility="space")
    bob = sign_in(slow_app, "bob")

    def withdraw() -> None:
        with slow_app.extensions["parley"].database.writing() as session:
            conversations.change_conversation(session, alice.viewer, place, visibility="private")

    _while_waiting(slow_app, monkeypatch, withdraw)
    response = bob.client.post(f"/api/conversations/{place}/messages", json={"content": QUESTION})
    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")


def test_an_answer_that_does_not_end_is_said_to_be_followed(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object) -> Iterator[bytes]:
        return iter(())

    monkeypatch.setattr("chat.web.api.answer_frames", nothing)
    place = new_conversation(alice)
    response = alice.client.post(f"/api/conversations/{place}/messages", json={"content": QUESTION})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert "/stream" in response.get_json()["detail"]


def _while_waiting(
    app: Flask, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]
) -> None:
    """Let something happen as soon as a request waits for an answer, and be looked at."""
    watch = app.extensions["parley"].watch
    opens = watch.open

    def open_and_look(*given: object) -> object:
        ticket = opens(*given)
        happens()
        watch.look()
        return ticket

    monkeypatch.setattr(watch, "open", open_and_look)
