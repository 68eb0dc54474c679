"""Answers that are given again: what comes, to whom, for how long, and what must not."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from chat import accounts, audit, events, spaces
from chat.answering import runner
from chat.answering.caching import AnswerCache
from chat.cache import Limits, forget_too_many
from chat.database import Database
from chat.events import Event
from chat.knowledge.ingest import add_document
from chat.models import AuditEntry, CachedAnswer, Document, Member, Message, Run, Space
from chat.values import SpaceRole, new_id, utc_now
from tests.conftest import MakeApp, sign_in
from tests.people import Person
from tests.web.streams import answer_id, ask, begin, new_conversation, told

QUESTION = "How long is the backup kept?"
TEXT = "# Backups\n\nThe nightly backup is kept for ninety days. Omar checks the copy every Monday."


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(cache_answers=100)


@pytest.fixture
def cache(app: Flask) -> AnswerCache:
    found = app.extensions["parley"].cache
    assert isinstance(found, AnswerCache)
    return found


@pytest.fixture(autouse=True)
def library(alice: Person, database: Database) -> None:
    add_text(database, alice.space_id, TEXT)


def add_text(database: Database, space_id: str, text: str) -> str:
    with database.writing() as session:
        return add_document(
            session, space_id=space_id, title="Backups", text=text, kind="markdown",
            origin="backups.md", added_by=None,
        ).id  # fmt: skip


def asked(app: Flask, person: Person, question: str = QUESTION, **how: Any) -> list[Event]:
    """All that is told of an answer in a new conversation, which is kept by now if it is ever."""
    body = {"space_id": how.pop("space_id")} if "space_id" in how else {}
    all_told = ask(person, new_conversation(person, **body), question, **how)
    settle(app)
    return all_told


def settle(app: Flask) -> None:
    """Wait until the runs have ended, and write what has gathered."""
    parts = app.extensions["parley"]
    deadline = time.monotonic() + 20
    while parts.runner.running:
        assert time.monotonic() < deadline, "a run does not end"
        time.sleep(0.002)  # between two looks at a condition, not for a time to pass
    parts.cache.flush()


def complete_of(all_told: list[Event]) -> events.Complete:
    complete = all_told[-1]
    assert isinstance(complete, events.Complete), complete
    return complete


def is_hit(all_told: list[Event]) -> bool:
    return bool(complete_of(all_told).metadata["cached"])


def count_entries(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(CachedAnswer.key))) or 0


def test_the_same_question_is_given_the_same_answer_as_a_run_of_its_own(
    app: Flask, alice: Person, bob: Person, cache: AnswerCache
) -> None:
    first = asked(app, alice)
    again = asked(app, bob)
    before, complete = complete_of(first), complete_of(again)
    assert complete.content == before.content
    assert complete.id != before.id
    for name in ("sources", "confidence", "confidence_basis", "concepts_used", "suggestions"):
        assert complete.metadata[name] == before.metadata[name]
    for name in ("provider", "model", "depth", "stop_reason", "attempts"):
        assert complete.metadata[name] == before.metadata[name]
    names = [event.name for event in again]
    assert names == [
        "user_message",
        "start",
        "progress",
        "progress",
        "context",
        "chunk",
        "complete",
    ]
    assert (cache.counts.hits, cache.counts.misses, cache.counts.kept) == (1, 1, 1)


def test_one_that_is_given_again_says_so_with_its_age_and_its_own_times(
    app: Flask, alice: Person
) -> None:
    asked(app, alice)
    again = asked(app, alice)
    metadata = complete_of(again).metadata
    (context,) = [event for event in again if isinstance(event, events.Context)]
    assert context.cached_at == metadata["cached_at"]
    steps = [event for event in again if isinstance(event, events.Progress)]
    assert [step.stage for step in steps] == ["loading_context", "cached"]
    assert steps[1].message == "Found an answer of less than a minute ago"
    assert [one["stage"] for one in metadata["analysis"]["stages"]] == ["loading_context", "cached"]
    assert metadata["usage"] == {"prompt_tokens": 0, "completion_tokens": 0}
    assert metadata["timing"]["tokens_per_second"] is None
    assert metadata["timing"]["first_chunk_ms"] is not None


def test_its_events_are_in_the_protocols_order(app: Flask, alice: Person) -> None:
    asked(app, alice)
    again = asked(app, alice)
    assert is_hit(again)
    for before, after in zip([None, *again], again, strict=False):
        assert after.name in events.FOLLOWS[before.name if before else None]


def test_it_is_stored_and_can_be_followed_again(app: Flask, alice: Person) -> None:
    asked(app, alice)
    again = asked(app, alice)
    complete = complete_of(again)
    stored = alice.client.get(f"/api/messages/{complete.id}").get_json()
    assert (stored["status"], stored["content"]) == ("complete", complete.content)
    assert stored["metadata"] == complete.metadata
    (followed,) = told(alice.client.get(f"/api/messages/{complete.id}/stream"))
    assert followed == complete


def test_a_plain_send_is_given_it_too(app: Flask, alice: Person) -> None:
    asked(app, alice)
    address = f"/api/conversations/{new_conversation(alice)}/messages"
    sent = alice.client.post(address, json={"content": QUESTION}).get_json()
    assert sent["message"]["metadata"]["cached"] is True
    assert "ninety days" in sent["message"]["content"]


def test_the_audit_entry_names_where_it_came_from(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    first, again = complete_of(asked(app, alice)), complete_of(asked(app, bob))
    with database.reading() as session:
        subject = AuditEntry.subject == f"message:{again.id}"
        entry = session.scalars(select(AuditEntry).where(subject)).one()
        assert f'"cached_from":"{first.id}"' in entry.details
        assert entry.actor_id == bob.id
        assert audit.verify(session).is_intact


def test_without_the_cache_it_is_written_anew(app: Flask, alice: Person) -> None:
    asked(app, alice)
    assert not is_hit(asked(app, alice, cache=False))
    assert is_hit(asked(app, alice))


def test_another_version_is_written_anew_and_given_from_then_on(
    app: Flask, alice: Person, cache: AnswerCache
) -> None:
    asked(app, alice)
    again = answer_id(asked(app, alice))
    other = told(alice.client.post(f"/api/messages/{again}/regenerate/stream", json={}))
    settle(app)
    assert not is_hit(other)
    assert cache.counts.hits == 1
    third = asked(app, alice)
    with app.extensions["parley"].database.reading() as session:
        newest = session.scalars(select(CachedAnswer.message_id)).one()
    assert is_hit(third)
    assert newest == complete_of(other).id


def test_a_button_of_the_page_asks_again_without_it(app: Flask, alice: Person) -> None:
    asked(app, alice)
    place = new_conversation(alice)
    message = answer_id(ask(alice, place, QUESTION))
    settle(app)
    page = alice.client.get(f"/c/{place}", headers={"Accept": "text/html"}).text
    assert "From an answer of" in page
    assert "less than a minute ago" in page.replace("</time>", "")
    assert "Ask again without the cache" in page
    form = {"message_id": message}
    assert alice.client.post(f"/c/{place}/regenerate", data=form).status_code == 303
    settle(app)
    page = alice.client.get(f"/c/{place}", headers={"Accept": "text/html"}).text
    assert "From an answer of" not in page


def test_the_panel_says_who_wrote_it_and_when(app: Flask, alice: Person) -> None:
    asked(app, alice)
    place = new_conversation(alice)
    message = answer_id(ask(alice, place, QUESTION))
    settle(app)
    page = alice.client.get(f"/c/{place}/m/{message}/why", headers={"Accept": "text/html"}).text
    assert "<dt>Given again</dt><dd>Written today" in page
    assert "Found an answer of less than a minute ago" in page
    assert "Searching the library" not in page


@pytest.mark.parametrize("other", [{"question": "Who checks the copy?"}, {"depth": "deep"}])
def test_what_is_asked_otherwise_is_written_anew(
    app: Flask, alice: Person, other: dict[str, Any]
) -> None:
    asked(app, alice)
    assert not is_hit(asked(app, alice, **other))


def test_what_is_asked_of_another_library_is_written_anew(
    app: Flask, alice: Person, database: Database
) -> None:
    asked(app, alice)
    with database.writing() as session:
        crew = spaces.create_space(session, alice.viewer, "Crew").id
    add_text(database, crew, "# Crew\n\nThe crew keeps its own backup for a week.")
    assert not is_hit(asked(app, alice, space_id=crew))
    assert is_hit(asked(app, alice, space_id=alice.space_id))


def test_the_same_words_after_other_words_are_another_question(app: Flask, alice: Person) -> None:
    place = new_conversation(alice)
    ask(alice, place, "Who checks the copy?")
    ask(alice, place, QUESTION)
    settle(app)
    assert not is_hit(asked(app, alice))
    same = new_conversation(alice)
    assert is_hit(ask(alice, same, "Who checks the copy?"))
    assert is_hit(ask(alice, same, QUESTION))


def test_instructions_of_the_space_ask_for_another_answer(
    app: Flask, alice: Person, database: Database
) -> None:
    asked(app, alice, space_id=alice.space_id)
    assert is_hit(asked(app, alice, space_id=alice.space_id))
    with database.writing() as session:
        spaces.change_space(session, alice.viewer, alice.space_id, instructions="Be kind.")
    assert not is_hit(asked(app, alice, space_id=alice.space_id))


def test_a_document_that_comes_or_goes_takes_the_answers_of_its_space_along(
    app: Flask, alice: Person, database: Database
) -> None:
    asked(app, alice)
    assert count_entries(database) == 1
    more = add_text(database, alice.space_id, "# More\n\nOld backups are kept in the attic.")
    assert count_entries(database) == 0
    assert not is_hit(asked(app, alice))
    assert is_hit(asked(app, alice))
    assert alice.client.delete(f"/api/documents/{more}").status_code == 204
    assert count_entries(database) == 0
    assert not is_hit(asked(app, alice))


def test_an_answer_of_a_library_that_changed_meanwhile_is_never_given(
    app: Flask, alice: Person, database: Database
) -> None:
    """As where another process stores an answer just after it has changed."""
    asked(app, alice)
    with database.writing() as session:
        session.execute(
            update(Space)
            .where(Space.id == alice.space_id)
            .values(library_version=Space.library_version + 1)
        )
    assert count_entries(database) == 1
    assert not is_hit(asked(app, alice))


def test_whoever_is_in_another_space_is_not_given_it(
    app: Flask, alice: Person, charlie: Person, cache: AnswerCache
) -> None:
    asked(app, alice)
    outsiders = complete_of(asked(app, charlie))
    assert outsiders.metadata["cached"] is False
    assert "ninety days" not in outsiders.content
    assert cache.counts.hits == 0


def test_a_member_without_one_of_its_spaces_is_not_given_it(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    with database.writing() as session:
        crew = spaces.create_space(session, alice.viewer, "Crew").id
    add_text(database, crew, "# Crew\n\nThe secret backup is kept for seven years by Zoe.")
    alice = sign_in(app, "alice")
    assert "seven years" in complete_of(asked(app, alice, "How long does Zoe keep it?")).content
    bobs = complete_of(asked(app, bob, "How long does Zoe keep it?"))
    assert bobs.metadata["cached"] is False
    assert "seven years" not in bobs.content


def test_who_has_lost_access_is_not_given_it_any_more(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    asked(app, alice)
    assert is_hit(asked(app, bob))
    with database.writing() as session:
        session.execute(
            delete(Member).where(Member.user_id == bob.id, Member.space_id == alice.space_id)
        )
    after = complete_of(asked(app, bob))
    assert after.metadata["cached"] is False
    assert "ninety days" not in after.content
    assert is_hit(asked(app, alice))


@pytest.mark.parametrize("lost", ["membership", "document"])
def test_access_is_looked_at_again_when_it_is_given(
    app: Flask, alice: Person, bob: Person, database: Database, cache: AnswerCache, lost: str
) -> None:
    """Between the send, which read the memberships, and the moment in which it is found."""
    asked(app, alice)
    find = cache.find

    def lose_access(*given: Any) -> Any:
        with database.writing() as session:
            if lost == "membership":
                mine = (Member.user_id == bob.id, Member.space_id == alice.space_id)
                session.execute(delete(Member).where(*mine))
            else:  # as one that is just being taken out
                session.execute(update(Document).values(passages=0))
        return find(*given)

    cache.find = lose_access  # type: ignore[method-assign]
    assert not is_hit(asked(app, bob))


def test_everybody_in_a_room_is_given_it_and_its_readers_see_it(
    app: Flask, alice: Person, bob: Person
) -> None:
    room = new_conversation(alice, space_id=alice.space_id, visibility="space")
    asked(app, bob)
    again = ask(alice, room, QUESTION)
    settle(app)
    assert is_hit(again)
    seen = bob.client.get(f"/api/messages/{answer_id(again)}").get_json()
    assert seen["metadata"]["cached"] is True


def test_an_answer_that_was_rated_as_poor_is_not_given_again(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    asked(app, alice)
    again = answer_id(asked(app, bob))
    rating = f"/api/messages/{again}/rating"
    assert bob.client.put(rating, json={"good": True}).status_code == 200
    assert is_hit(asked(app, bob))
    assert bob.client.put(rating, json={"good": False}).status_code == 200
    assert count_entries(database) == 0
    assert not is_hit(asked(app, bob))


def test_one_that_was_rated_as_poor_at_once_is_not_kept(
    app: Flask, alice: Person, database: Database
) -> None:
    parts = app.extensions["parley"]
    flush, parts.cache._keeper.flush = parts.cache._keeper.flush, lambda: None
    message = answer_id(ask(alice, new_conversation(alice), QUESTION))
    assert alice.client.put(f"/api/messages/{message}/rating", json={"good": False}).status_code
    parts.cache._keeper.flush = flush
    settle(app)
    assert count_entries(database) == 0


def test_an_answer_goes_with_its_conversation_and_with_its_person(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    place = new_conversation(alice)
    ask(alice, place, QUESTION)
    asked(app, bob, "Who checks the copy?")
    settle(app)
    assert count_entries(database) == 2
    assert alice.client.delete(f"/api/conversations/{place}").status_code == 204
    assert count_entries(database) == 1
    with database.writing() as session:
        session.delete(session.get_one(accounts.people.User, bob.id))
    assert count_entries(database) == 0


def test_an_answer_that_is_too_old_is_written_anew(
    app: Flask, alice: Person, database: Database
) -> None:
    asked(app, alice)
    age_all(database, timedelta(minutes=1441))
    assert not is_hit(asked(app, alice))
    assert count_entries(database) == 1
    assert is_hit(asked(app, alice))


def age_all(database: Database, by: timedelta) -> None:
    with database.writing() as session:
        session.execute(update(CachedAnswer).values(stored_at=utc_now() - by))


def test_what_was_not_used_for_the_longest_time_is_forgotten_first(
    app: Flask, alice: Person, database: Database
) -> None:
    questions = [QUESTION, "Who checks the copy?", "When is the copy checked?"]
    for question in questions:
        asked(app, alice, question)
    assert is_hit(asked(app, alice, questions[0]))  # so it was used last
    with database.writing() as session:
        assert forget_too_many(session, Limits(minutes=60, answers=2)) == 1
    assert count_entries(database) == 2
    assert is_hit(asked(app, alice, questions[0]))
    assert is_hit(asked(app, alice, questions[2]))
    assert not is_hit(asked(app, alice, questions[1]))


@pytest.mark.parametrize("off", [{"cache_answers": 0}, {"cache_minutes": 0}])
def test_it_can_be_turned_off(make_app: MakeApp, database: Database, off: dict[str, int]) -> None:
    app = make_app(**({"cache_answers": 100} | off))
    assert app.extensions["parley"].cache is None
    person = sign_in(app, "alice")
    for _ in range(2):
        assert not is_hit(ask(person, new_conversation(person), QUESTION))
    assert count_entries(database) == 0


def test_what_people_have_in_empty_spaces_of_their_own_does_not_keep_them_apart(
    app: Flask, alice: Person, bob: Person, database: Database
) -> None:
    assert alice.viewer.space_ids != bob.viewer.space_ids
    asked(app, alice)
    assert is_hit(asked(app, bob))
    add_text(database, bob.viewer.space_ids[-1], "# Mine\n\nMy own backup is kept for a year.")
    assert not is_hit(asked(app, bob))
    assert is_hit(asked(app, alice))


def test_a_space_that_is_gone_takes_its_answers_along(
    app: Flask, alice: Person, database: Database
) -> None:
    with database.writing() as session:
        crew = Space(id=new_id(), slug="crew", name="Crew", library_version=0)
        session.add(crew)
        session.flush()
        session.add(Member(space_id=crew.id, user_id=alice.id, role=SpaceRole.OWNER))
    add_text(database, crew.id, "# Crew\n\nThe crew keeps its own backup for a week.")
    alice = sign_in(app, "alice")
    asked(app, alice)
    with database.writing() as session:
        session.execute(delete(Member).where(Member.space_id == crew.id))
        session.execute(delete(Document).where(Document.space_id == crew.id))
        session.execute(delete(Space).where(Space.id == crew.id))
    assert not is_hit(asked(app, alice))


def test_an_answer_whose_text_was_taken_out_is_not_given(
    app: Flask, alice: Person, database: Database
) -> None:
    asked(app, alice)
    with database.writing() as session:
        session.execute(update(Message).where(Message.role == "assistant").values(content=""))
    assert not is_hit(asked(app, alice))


def test_one_that_was_cut_off_is_given_to_its_end_by_who_takes_it_over(
    make_app: MakeApp, app: Flask, alice: Person, database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The process stands still between the text and the end, with all that it told saved."""
    before = complete_of(asked(app, alice))
    parts, other = app.extensions["parley"], make_app(cache_answers=100).extensions["parley"]
    stuck, going_on, conclude = threading.Event(), threading.Event(), runner.conclude

    def stand_still(attempt: Any, *given: Any) -> Any:
        if attempt.number == 1:
            parts.log.flush()
            stuck.set()
            assert going_on.wait(20)
        return conclude(attempt, *given)

    monkeypatch.setattr(runner, "conclude", stand_still)
    response = begin(alice, new_conversation(alice), QUESTION)
    assert stuck.wait(20)
    with database.writing() as session:  # as if it were gone
        session.execute(update(Run).where(Run.state == "running").values(owner_id=None))
    other.taking_over.look()
    deadline = time.monotonic() + 20
    while other.runner.running:
        assert time.monotonic() < deadline, "it is not taken to its end"
        time.sleep(0.002)  # between two looks at a condition
    going_on.set()
    response.close()
    settle(app)
    with database.reading() as session:
        again = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert (again.status, again.content) == ("complete", before.content)
    assert again.details["cached"] is True
    assert again.details["attempts"] == 2
    stages = [one["stage"] for one in again.details["analysis"]["stages"]]
    assert stages == ["recovering", "loading_context", "cached"]
    assert other.cache.counts.hits == 1
