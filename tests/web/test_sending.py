"""Sending a question and following its answer, as a script of the protocol would."""

import json
from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import delete
from werkzeug.test import TestResponse

from chat import events
from chat.database import Database
from chat.knowledge.ingest import add_document
from chat.models import Member
from tests.conftest import MakeApp, sign_in
from tests.people import Person
from tests.web.streams import answer_id, ask, begin, frames, new_conversation, told
from tests.web.uploading import until

TEXT = """# Backups

The nightly backup starts at two o'clock. It is copied to the second building, where it is kept for
ninety days. Omar checks the copy every Monday morning and writes the result into the log book.
"""


@pytest.fixture
def library(alice: Person, database: Database) -> None:
    with database.writing() as session:
        add_document(
            session,
            space_id=alice.space_id,
            title="Backups",
            text=TEXT,
            kind="markdown",
            origin="backups.md",
            added_by=alice.id,
        )


@pytest.mark.usefixtures("library")
def test_a_question_is_answered_from_the_documents(alice: Person) -> None:
    place = new_conversation(alice)
    all_told = ask(alice, place, "How long is the backup kept?")
    names = [event.name for event in all_told]
    assert names[:3] == ["user_message", "start", "progress"]
    assert names[-1] == "complete"
    complete = all_told[-1]
    assert isinstance(complete, events.Complete)
    assert "ninety days" in complete.content
    chunks = [event.content for event in all_told if isinstance(event, events.Chunk)]
    assert "".join(chunks) == complete.content
    (source, *_) = complete.metadata["sources"]
    assert source["quote"] in TEXT.replace("\n", " ") or source["quote"] in TEXT
    assert f"[{source['n']}]" in complete.content
    assert complete.metadata["confidence_basis"] == "retrieval_support"
    assert 0 < complete.metadata["confidence"] <= 1


@pytest.mark.usefixtures("library")
def test_events_follow_each_other_as_the_protocol_says(alice: Person) -> None:
    all_told = ask(alice, new_conversation(alice), "Who checks the backup?")
    for before, after in zip([None, *all_told], all_told, strict=False):
        assert after.name in events.FOLLOWS[before.name if before else None]
    stages = [event.stage for event in all_told if isinstance(event, events.Progress)]
    assert stages == ["loading_context", "searching_knowledge", "analyzing", "answering"]


def test_the_headers_are_those_of_a_stream(alice: Person) -> None:
    response = begin(alice, new_conversation(alice))
    assert response.headers["Cache-Control"] == "no-cache, no-transform"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert "Connection" not in response.headers
    assert next(response.iter_encoded()).startswith(
        b"retry: 2000\n\nid: 1-1\nevent: user_message\n"
    )


def test_ids_count_from_one_in_each_attempt(alice: Person) -> None:
    ids = [frame.id for frame in frames(begin(alice, new_conversation(alice)))]
    assert ids == [f"1-{number}" for number in range(1, len(ids) + 1)]


def test_the_answer_can_be_reloaded(alice: Person) -> None:
    place = new_conversation(alice)
    all_told = ask(alice, place, "Hello?")
    stored = alice.client.get(f"/api/messages/{answer_id(all_told)}").get_json()
    assert stored["content"] == all_told[-1].content  # type: ignore[attr-defined]
    assert stored["status"] == "complete"
    page = alice.client.get(f"/api/conversations/{place}/messages").get_json()
    assert [item["role"] for item in page["items"]] == ["user", "assistant"]


def test_the_plain_send_gives_both_messages(alice: Person) -> None:
    place = new_conversation(alice)
    response = alice.client.post(f"/api/conversations/{place}/messages", json={"content": "Hi"})
    body = response.get_json()
    assert response.status_code == 200
    assert body["user_message"]["content"] == "Hi"
    assert body["message"]["parent_id"] == body["user_message"]["id"]
    assert body["message"]["status"] == "complete"


def test_the_same_client_id_starts_nothing_new(alice: Person) -> None:
    """LibreChat #11940: a repeated send must not make a duplicate."""
    place = new_conversation(alice)
    first = ask(alice, place, "Once?", client_id="c-1")
    again = ask(alice, place, "Once?", client_id="c-1")
    assert again[-1] == first[-1]
    items = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    assert len(items) == 2


def test_a_finished_answer_is_told_as_complete(alice: Person) -> None:
    first = ask(alice, new_conversation(alice))
    address = f"/api/messages/{answer_id(first)}/stream"
    for headers in ({}, {"Last-Event-ID": "1-3"}):
        assert told(alice.client.get(address, headers=headers)) == first[-1:]


def test_a_title_comes_from_the_first_question(alice: Person) -> None:
    place = new_conversation(alice)
    ask(alice, place, "What is the retry budget?\nAnd more.")
    assert alice.client.get(f"/api/conversations/{place}").get_json()["title"] == (
        "What is the retry budget?"
    )


def test_regenerate_makes_a_sibling_answer(alice: Person) -> None:
    place = new_conversation(alice)
    first = answer_id(ask(alice, place))
    second = answer_id(told(alice.client.post(f"/api/messages/{first}/regenerate/stream")))
    items = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    assert [item["id"] for item in items[1:]] == [second]
    assert items[1]["siblings"] == [first, second]
    older = alice.client.get(f"/api/conversations/{place}/messages?at={first}").get_json()["items"]
    assert older[1]["id"] == first


def test_an_edited_question_is_a_sibling(alice: Person) -> None:
    place = new_conversation(alice)
    ask(alice, place, "First try?")
    ask(alice, place, "Second try?", parent_id=None)
    items = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    assert [item["content"] for item in items if item["role"] == "user"] == ["Second try?"]
    assert len(items[0]["siblings"]) == 2


def test_a_second_question_follows_the_first_answer(alice: Person) -> None:
    place = new_conversation(alice)
    first = answer_id(ask(alice, place))
    ask(alice, place, "And then?")
    items = alice.client.get(f"/api/conversations/{place}/messages").get_json()["items"]
    assert items[2]["parent_id"] == first


def test_a_finished_answer_cannot_be_continued(alice: Person) -> None:
    first = answer_id(ask(alice, new_conversation(alice)))
    response = alice.client.post(f"/api/messages/{first}/continue/stream")
    assert (response.status_code, response.get_json()["code"]) == (409, "conflict")


@pytest.mark.usefixtures("library")
def test_a_running_answer_can_be_followed_stopped_and_continued(make_app: MakeApp) -> None:
    """vercel/ai #6502: Stop ends the run, a closed page does not."""
    alice = sign_in(make_app(chunk_delay_ms=30, chunk_words=1), "alice")
    stream = frames(begin(alice, new_conversation(alice), "How long is the backup kept?"))
    text, message_id = "", ""
    for frame in stream:
        event = events.parse(frame.event, frame.data)
        if isinstance(event, events.Start):
            message_id = event.message_id
        if isinstance(event, events.Chunk):
            text = event.content
            break
    assert text
    busy = alice.client.get("/api/stream/status").get_json()
    assert [run["message_id"] for run in busy["running"]] == [message_id]
    late = alice.client.get(f"/api/messages/{message_id}/stream")
    assert alice.client.post(f"/api/messages/{message_id}/stop").status_code == 202
    ended = [events.parse(frame.event, frame.data) for frame in stream][-1]
    assert isinstance(ended, events.Complete)
    assert ended.metadata["stop_reason"] == "stopped"
    assert told(late)[-1] == ended
    again = told(alice.client.post(f"/api/messages/{message_id}/continue/stream"))
    whole = again[-1]
    assert isinstance(whole, events.Complete)
    assert whole.content.startswith(ended.content)
    assert len(whole.content) > len(ended.content)
    assert whole.metadata["attempts"] == 2


@pytest.mark.usefixtures("library")
def test_an_answer_is_waited_for_before_the_next_question(make_app: MakeApp) -> None:
    alice = sign_in(make_app(chunk_delay_ms=1000, chunk_words=1), "alice")
    place = new_conversation(alice)
    begin(alice, place, "How long is the backup kept?")
    second = begin(alice, place, "Too soon?")
    assert (second.status_code, second.get_json()["code"]) == (409, "conflict")


@pytest.mark.usefixtures("library")
def test_answers_at_once_are_limited(make_app: MakeApp) -> None:
    slow = {"chunk_delay_ms": 1000, "chunk_words": 1}
    alice = sign_in(make_app(**slow, max_runs=1, max_waiting=1), "alice")
    begin(alice, new_conversation(alice), "How long is the backup kept?")
    waits = begin(alice, new_conversation(alice), "Another?")
    seen = list(islice(frames(waits), 3))
    assert [event.event for event in seen] == ["user_message", "start", "progress"]
    assert '"stage":"queued"' in seen[-1].data
    assert '"detail":{"place":1}' in seen[-1].data
    third = begin(alice, new_conversation(alice), "One more?")
    assert third.status_code == 429, third.get_data(as_text=True)
    assert third.get_json()["code"] == "too_many_runs"
    assert "1 answer being written and 1 waiting" in third.get_json()["detail"]
    assert int(third.headers["Retry-After"]) >= 1
    waiting = json.loads(seen[1].data)["message_id"]
    stopped = alice.client.post(f"/api/messages/{waiting}/stop")
    assert stopped.get_json()["stopping"]
    until(lambda: status_of(alice, waiting) == "stopped")
    assert begin(alice, new_conversation(alice), "And now?").status_code == 200


def status_of(person: Person, message_id: str) -> str:
    return str(person.client.get(f"/api/messages/{message_id}").get_json()["status"])


def test_too_many_questions_that_wait_are_refused_for_a_moment(make_app: MakeApp) -> None:
    slow = {"chunk_delay_ms": 1000, "chunk_words": 1}
    app = make_app(**slow, slots=1, max_queue=1)
    alice, bob = sign_in(app, "alice"), sign_in(app, "bob")
    for person in (alice, alice, bob):  # nobody can fill the queue for others
        assert begin(person, new_conversation(person), "Why?").status_code == 200
    refused = begin(alice, new_conversation(alice), "Why?")
    assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) >= 1


@pytest.mark.usefixtures("library")
def test_a_page_without_scripts_shows_the_place_in_the_queue(make_app: MakeApp) -> None:
    slow = {"chunk_delay_ms": 1000, "chunk_words": 1}
    alice = sign_in(make_app(**slow, slots=1), "alice")
    begin(alice, new_conversation(alice), "Why?")
    page = alice.client.post("/c", data={"content": "Why not?"}, follow_redirects=True)
    assert "1st in the queue" in page.text


def test_sends_in_a_minute_are_limited_and_say_how_long_to_wait(make_app: MakeApp) -> None:
    app = make_app(rate_messages="1/minute")
    alice, bob = sign_in(app, "alice"), sign_in(app, "bob")
    place = new_conversation(alice)
    ask(alice, place, client_id="c-1")
    refused = begin(alice, place, "Again?")
    assert (refused.status_code, refused.get_json()["code"]) == (429, "rate_limited")
    assert 1 <= refused.get_json()["retry_after"] <= 60
    assert ask(alice, place, client_id="c-1")[-1].name == "complete"  # not a new send
    assert ask(bob, new_conversation(bob))[-1].name == "complete"


@pytest.mark.usefixtures("library")
def test_who_left_a_space_is_not_answered_from_its_documents(
    alice: Person, bob: Person, database: Database
) -> None:
    place = new_conversation(bob, space_id=alice.space_id)
    with database.writing() as session:
        session.execute(delete(Member).where(Member.user_id == bob.id))
    (*_, complete) = ask(bob, place, "How long is the backup kept?")
    assert isinstance(complete, events.Complete)
    assert complete.metadata["sources"] == []
    assert "ninety" not in complete.content


def test_a_question_has_one_running_answer_also_when_an_old_one_is_continued(
    make_app: MakeApp, library: None
) -> None:
    alice = sign_in(make_app(chunk_delay_ms=200, chunk_words=1), "alice")
    first = _until_text(begin(alice, new_conversation(alice), "How long is the backup kept?"))
    alice.client.post(f"/api/messages/{first}/stop")
    told(alice.client.get(f"/api/messages/{first}/stream"))
    _until_text(alice.client.post(f"/api/messages/{first}/regenerate/stream"))
    refused = alice.client.post(f"/api/messages/{first}/continue/stream")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")


def test_a_repeated_regenerate_is_neither_counted_nor_done_twice(make_app: MakeApp) -> None:
    alice = sign_in(make_app(rate_messages="2/minute"), "alice")
    first = answer_id(ask(alice, new_conversation(alice)))
    address = f"/api/messages/{first}/regenerate/stream"
    again = [told(alice.client.post(address, json={"client_id": "c-2"})) for _ in range(3)]
    assert len({answer_id(events_told) for events_told in again[:1]}) == 1
    assert again[0][-1] == again[1][-1] == again[2][-1]


def test_a_run_that_cannot_start_leaves_nothing_running(
    alice: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = new_conversation(alice)
    runner = app.extensions["parley"].runner
    with monkeypatch.context() as patch:
        patch.setattr(runner._log, "open", lambda *_: 1 / 0)
        assert begin(alice, place).status_code == 500
    assert alice.client.get("/api/stream/status").get_json()["running"] == []
    assert ask(alice, place, "Now?")[-1].name == "complete"


def _until_text(response: TestResponse) -> str:
    """The id of an answer that has begun to be written."""
    message_id = ""
    for frame in frames(response):
        event = events.parse(frame.event, frame.data)
        if isinstance(event, events.Start):
            message_id = event.message_id
        if isinstance(event, events.Chunk):
            break
    return message_id
