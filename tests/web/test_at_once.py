"""What people do at the same moment: each rule holds, on both kinds of database."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from chat import accounts, conversations
from chat.accounts import api_tokens, invites, people, sessions
from chat.accounts.passwords import PasswordHash
from chat.conversations import Allowance, Asked, Wish
from chat.database import Database
from chat.errors import Conflict, NotFound, ParleyError, TooManyRuns
from chat.knowledge import documents, preparing, storing
from chat.models import Concept, Conversation, LoginSession, Message, Run
from chat.values import Role, new_id
from tests.people import CHEAP_HASHER, PASSWORD, Person
from tests.unit.knowledge.indexes import check_index

MANY = 20
Outcomes = Counter[str]


def at_once(act: Callable[[int], object], times: int = MANY) -> Outcomes:
    """Let threads act in one moment; how many came through, and what stopped the others."""
    together, outcomes = threading.Barrier(times), Counter[str]()

    def one(number: int) -> None:
        together.wait(timeout=30)
        try:
            act(number)
        except ParleyError as error:
            outcomes[type(error).__name__] += 1
        except Exception as error:  # a defect, which the test shows
            outcomes[repr(error)] += 1
        else:
            outcomes["done"] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.fixture
def place(database: Database, alice: Person) -> str:
    """A conversation of Alice's."""
    with database.writing() as session:
        return conversations.create_conversation(session, alice.viewer).id


@pytest.fixture
def answered(database: Database, alice: Person, place: str) -> Asked:
    """Its first question, whose answer was stopped."""
    with database.writing() as session:
        asked = conversations.ask(session, alice.viewer, place, "Why?", Wish())
        ending = conversations.Ending(
            status="stopped", content="Since", thinking="", details={}, last_seq=3
        )
        assert conversations.finish_answer(session, asked.message_id, 1, ending)
    return asked


def _count(database: Database, *where: object) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]


def test_a_question_goes_on_from_one_answer_once(
    database: Database, alice: Person, place: str, answered: Asked
) -> None:
    def ask(number: int) -> None:
        with database.writing() as session:
            conversations.ask(session, alice.viewer, place, f"And {number}?", Wish())

    assert at_once(ask) == {"done": 1, "Conflict": MANY - 1}
    assert _count(database, Message.conversation_id == place) == 4


def test_a_question_has_one_running_answer(
    database: Database, alice: Person, answered: Asked
) -> None:
    def act(number: int) -> None:
        with database.writing() as session:
            if number % 2:
                conversations.ask_again(session, alice.viewer, answered.question_id, Wish())
            else:
                conversations.go_on(session, alice.viewer, answered.message_id, Wish())

    outcomes = at_once(act)
    assert outcomes["done"] + outcomes["Conflict"] == MANY
    assert _count(database, Run.state == "running") == 1


def test_a_send_that_is_repeated_starts_one_thing(
    database: Database, alice: Person, place: str
) -> None:
    started: list[Asked] = []

    def ask(number: int) -> None:
        with database.writing() as session:
            wish = Wish(client_id="the same")
            started.append(conversations.ask(session, alice.viewer, place, "Why?", wish))

    assert at_once(ask) == {"done": MANY}
    assert {asked.message_id for asked in started} == {started[0].message_id}
    assert sum(asked.is_new for asked in started) == 1


def test_a_first_send_that_is_repeated_makes_one_conversation(
    database: Database, alice: Person
) -> None:
    def ask(number: int) -> None:
        with database.writing() as session:
            conversations.ask_first(session, alice.viewer, "Why?", Wish(client_id="the same"))

    assert at_once(ask) == {"done": MANY}
    assert _count(database, Conversation.owner_id == alice.id) == 1


def test_nobody_has_more_running_answers_than_allowed(database: Database, alice: Person) -> None:
    def ask(number: int) -> None:
        with database.writing() as session:
            conversations.ask_first(
                session, alice.viewer, f"{number}?", Wish(allowance=Allowance(runs=3))
            )

    assert at_once(ask) == {"done": 3, TooManyRuns.__name__: MANY - 3}


def test_an_answer_ends_once(database: Database, alice: Person, place: str) -> None:
    with database.writing() as session:
        asked = conversations.ask(session, alice.viewer, place, "Why?", Wish())
    ended: list[bool] = []

    def end(number: int) -> None:
        with database.writing() as session:
            ending = conversations.Ending(
                status="complete", content=f"{number}", thinking="", details={}, last_seq=3
            )
            done = conversations.finish_answer(session, asked.message_id, 1, ending)
        ended.append(done)

    assert at_once(end) == {"done": MANY}
    assert sum(ended) == 1


def test_a_conversation_is_deleted_or_asked_in(
    database: Database, alice: Person, place: str
) -> None:
    def act(number: int) -> None:
        with database.writing() as session:
            if number % 2:
                conversations.ask(session, alice.viewer, place, "Why?", Wish())
            else:
                conversations.delete_conversation(session, alice.viewer, place)

    outcomes = at_once(act)
    assert set(outcomes) <= {"done", Conflict.__name__, NotFound.__name__}
    assert outcomes["done"] == 1


def test_an_invitation_makes_one_account(database: Database, alice: Person) -> None:
    with database.writing() as session:
        token = invites.create(session, alice.viewer, Role.MEMBER, timedelta(days=1), "")

    def redeem(number: int) -> None:
        with database.writing() as session:
            invites.redeem(
                session,
                token,
                email=f"dora{number}@example.org",
                name="Dora",
                password_hash=PasswordHash("x"),
                space_id=alice.space_id,
            )

    assert at_once(redeem) == {"done": 1, NotFound.__name__: MANY - 1}


def test_an_address_gets_one_account(database: Database, alice: Person) -> None:
    def create(number: int) -> None:
        with database.writing() as session:
            accounts.create_person(
                session,
                email="dora@example.org",
                name="Dora",
                password_hash=PasswordHash("x"),
                role=Role.MEMBER,
                space_id=alice.space_id,
            )

    assert at_once(create) == {"done": 1, "FieldInvalid": MANY - 1}


def test_an_admin_is_left(database: Database, alice: Person, bob: Person) -> None:
    with database.writing() as session:
        people.change_role(session, bob.id, Role.ADMIN)

    def leave(number: int) -> None:
        person_id = (alice.id, bob.id)[number % 2]
        with database.writing() as session:
            if number % 4 < 2:
                people.change_role(session, person_id, Role.MEMBER)
            else:
                people.disable(session, person_id)

    outcomes = at_once(leave)
    assert set(outcomes) == {"done", Conflict.__name__}
    with database.reading() as session:
        assert sum(
            one.role is Role.ADMIN and one.disabled_at is None
            for one in people.list_people(session)
        ) == 1  # fmt: skip


def test_who_is_disabled_has_no_session_however_close_the_sign_in_was(
    database: Database, bob: Person
) -> None:
    with database.reading() as session:
        credentials = people.credentials_of(session, bob.email)
    assert credentials is not None

    def act(number: int) -> None:
        with database.writing() as session:
            if number == 0:
                people.disable(session, bob.id)
            else:
                device = sessions.Device("Tests", "127.0.0.1")
                sessions.start(session, credentials, device, timedelta(days=1))

    assert at_once(act) == {"done": MANY}
    assert _count(database, LoginSession.user_id == bob.id) == 0


def test_a_person_has_fifty_tokens_at_most(database: Database, bob: Person) -> None:
    with database.writing() as session:
        for number in range(48):
            api_tokens.create(session, bob.viewer, f"{number}")

    def create(number: int) -> None:
        with database.writing() as session:
            api_tokens.create(session, bob.viewer, f"more {number}")

    assert at_once(create) == {"done": 1, Conflict.__name__: MANY - 1}


def test_a_text_is_in_a_space_once_and_its_concepts_too(database: Database, alice: Person) -> None:
    same = preparing.prepare("Alder Point", "The lighthouse of Alder Point. Maria Holt.", "text")

    def add(number: int) -> None:
        own = preparing.prepare(f"No {number}", f"Maria Holt of Alder Point, {number}.", "text")
        prepared = own if number % 2 else same
        storing.add(database, prepared, space_id=alice.space_id, origin="a.txt", added_by=alice.id)

    assert at_once(add) == {"done": MANY}
    with database.writing() as session:
        titles = [one.title for one in documents.list_documents(session, [alice.space_id])]
        assert len(titles) == len(set(titles)) == MANY // 2 + 1
        keys = list(session.scalars(select(Concept.key)))
        assert len(keys) == len(set(keys))
        check_index(session)


def test_documents_come_and_go_and_the_index_follows(database: Database, alice: Person) -> None:
    def act(number: int) -> None:
        text = "\n\n".join(f"Buoy {n} of Alder Point. Number {number}." for n in range(30))
        prepared = preparing.prepare(f"No {number}", text, "text")
        added = storing.add(
            database, prepared, space_id=alice.space_id, origin="a.txt", added_by=alice.id
        )
        if number % 2:
            storing.remove(database, added.id, [alice.space_id])

    assert at_once(act) == {"done": MANY}
    with database.writing() as session:
        assert len(documents.list_documents(session, [alice.space_id])) == MANY // 2
        check_index(session)


def test_a_password_is_changed_by_one_link_once(
    app: Flask, database: Database, bob: Person
) -> None:
    with database.writing() as session:
        token = accounts.reset_links.create(session, bob.id)

    def redeem(number: int) -> None:
        hashed = PasswordHash(CHEAP_HASHER.hash(f"{PASSWORD} {number} {new_id()}"))
        with database.writing() as session:
            accounts.reset_links.redeem(session, token, hashed)

    assert at_once(redeem) == {"done": 1, NotFound.__name__: MANY - 1}
