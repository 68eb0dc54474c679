"""What is offered after an answer leads to an answer: each question is tried before it is shown."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from chat import conversations
from chat.answering import suggestions
from chat.answering.caching import libraries_of
from chat.answering.context import Job, read_brief
from chat.answering.suggestions import BUDGET, Trials
from chat.conversations import Wish
from chat.database import Database
from chat.knowledge.ingest import add_document
from chat.spaces import Brief
from tests.people import Person
from tests.web.streams import ask, new_conversation

TEXT = """# Harbour

## Opening hours

The harbour opens at eight in the morning and closes at ten in the evening.

## The crane

The harbour crane stands still in a storm, for forty hours at most.

## Fees

A night in the harbour costs twelve crowns for a small boat and thirty for a large one.
"""
LONG = TEXT.replace(".\n", f". {'Whoever works there signs the book of the day. ' * 18}\n")
HELD = "What does Harbour say about opening hours?"
FEES = "What does Harbour say about fees?"
NOT_HELD = "What does the moon say about submarines and violins?"


@pytest.fixture
def job(database: Database, alice: Person, charlie: Person) -> Job:
    """Alice has asked, and her space holds the text."""
    with database.writing() as session:
        add_document(
            session,
            space_id=alice.space_id,
            title="Harbour",
            text=LONG,
            kind="markdown",
            origin="tests",
            added_by=alice.id,
        )
        asked = conversations.ask_first(
            session, alice.viewer, "How long does the crane stand still?", Wish(provider="library")
        )
        return Job.of(asked, alice.viewer, read_brief(session, asked))


def trials(database: Database, clock: Callable[[], float] = lambda: 0.0) -> Trials:
    """With a clock that stands still: a busy machine is slow, not broken."""
    return Trials(database, threading.Semaphore(1), clock)


def test_what_the_library_does_not_hold_is_not_offered(database: Database, job: Job) -> None:
    assert trials(database).offer(job, [NOT_HELD, HELD, "Hello!", FEES]) == [HELD, FEES]


def test_what_the_asker_may_not_read_is_not_offered(
    database: Database, job: Job, charlie: Person
) -> None:
    theirs = replace(job, space_ids=charlie.viewer.space_ids)
    assert trials(database).offer(job, [HELD]) == [HELD]
    assert trials(database).offer(theirs, [HELD]) == []


def test_three_are_enough(database: Database, job: Job) -> None:
    many = [HELD, FEES, "How long does the crane stand still?", "When does the harbour open?"]
    assert trials(database).offer(job, many) == many[:3]


def test_what_was_tried_counts_for_everybody_while_the_libraries_stay_as_they_are(
    database: Database, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    monkeypatch.setattr(
        suggestions, "search", lambda *args, **how: searched.append(args[1]) or real(*args, **how)
    )
    found = trials(database)
    other = replace(job, space_ids=("own", *job.space_ids), brief=with_libraries(job, own=0))
    for one in (job, job, other):
        assert found.offer(one, [HELD, NOT_HELD]) == [HELD]
    assert searched == [HELD, NOT_HELD]
    (grown,) = {name: version + 1 for name, version in libraries_of(job).items()}.items()
    later = replace(job, brief=with_libraries(job, **dict([grown])))
    assert found.offer(later, [HELD]) == [HELD]
    assert searched == [HELD, NOT_HELD, HELD]


def with_libraries(job: Job, **versions: int) -> Brief:
    return replace(job.brief, libraries={**job.brief.libraries, **versions})


real = suggestions.search


def test_it_gives_way_to_answers_that_have_not_begun(database: Database, job: Job) -> None:
    turn = threading.Semaphore(1)
    found = Trials(database, turn, lambda: 0.0)
    with turn:
        assert found.offer(job, [HELD]) == []
    assert found.offer(job, [HELD]) == [HELD]


def test_it_takes_no_longer_than_it_may(
    database: Database, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    def slow(*args: object, **how: object) -> object:
        now[0] += BUDGET
        return real(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(suggestions, "search", slow)
    assert trials(database, clock=lambda: now[0]).offer(job, [HELD, FEES]) == [HELD]


def test_an_answer_offers_only_what_has_an_answer(
    alice: Person, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "BUDGET", 60.0)
    place = new_conversation(alice)
    last: Any = ask(alice, place, "How long does the crane stand still?")[-1]
    assert last.metadata["suggestions"]
    for question in last.metadata["suggestions"]:
        told: Any = ask(alice, new_conversation(alice), question)[-1]
        assert told.metadata["confidence"] is not None


def test_a_database_that_is_away_costs_the_offers_and_not_the_answer(
    alice: Person, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> object:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(Trials, "_search", away)
    last: Any = ask(alice, new_conversation(alice), "How long does the crane stand still?")[-1]
    assert last.metadata["suggestions"] == []
    assert "forty hours" in last.content
