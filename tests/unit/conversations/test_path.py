"""The path that a page shows: read from its end, however long it is and however often it forks."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from chat import conversations
from chat.conversations import MessagePage
from chat.database import Database
from chat.errors import NotFound
from chat.models import Conversation, Message
from chat.values import new_id
from tests.people import Person


@pytest.fixture
def long_one(database: Database, alice: Person) -> str:
    """A conversation of 1,000 messages."""
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer).id
        parent = None
        for number in range(1_000):
            parent = _add(session, place, parent, f"message {number}", number % 2)
        session.get_one(Conversation, place).leaf_id = parent
    return place


def test_a_page_holds_the_last_thirty_messages(
    long_one: str, database: Database, alice: Person
) -> None:
    page = _read(database, alice, long_one)
    assert [item.content for item in page.items] == [f"message {n}" for n in range(970, 1_000)]


def test_older_pages_lead_to_the_first_message_without_a_gap(
    long_one: str, database: Database, alice: Person
) -> None:
    contents: list[str] = []
    for page in _pages(database, alice, long_one):
        contents = [item.content for item in page.items] + contents
    assert contents == [f"message {n}" for n in range(1_000)]


def test_a_version_is_shown_with_the_newest_of_what_followed_it(
    database: Database, alice: Person
) -> None:
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer).id
        question = _add(session, place, None, "q", 0)
        first = _add(session, place, question, "first answer", 1)
        _add(session, place, first, "older follow-up", 0)
        newer = _add(session, place, first, "newer follow-up", 0)
        second = _add(session, place, question, "second answer", 1)
        session.get_one(Conversation, place).leaf_id = second
    shown = [item.content for item in _read(database, alice, place).items]
    assert shown == ["q", "second answer"]
    page = _read(database, alice, place, at=first)
    assert [item.content for item in page.items] == ["q", "first answer", "newer follow-up"]
    assert page.items[1].siblings == (first, second)
    assert page.items[2].id == newer


def test_the_history_of_an_answer_is_its_own_path(database: Database, alice: Person) -> None:
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer).id
        question = _add(session, place, None, "q", 0)
        _add(session, place, question, "not this one", 1)
        answer = _add(session, place, question, "this one", 1)
        history = conversations.read_history(session, answer, 10)
    assert [(turn.role, turn.content) for turn in history] == [
        ("user", "q"),
        ("assistant", "this one"),
    ]


def test_a_message_of_another_conversation_is_no_place_in_this_one(
    long_one: str, database: Database, alice: Person
) -> None:
    with database.writing() as session:
        other = conversations.create_conversation(session, alice.viewer).id
        stranger = _add(session, other, None, "elsewhere", 0)
    with pytest.raises(NotFound):
        _read(database, alice, long_one, at=stranger)
    with pytest.raises(NotFound):
        _read(database, alice, long_one, before=stranger)


def test_an_empty_conversation_has_an_empty_page(database: Database, alice: Person) -> None:
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer).id
    page = _read(database, alice, place)
    assert (list(page.items), page.next) == ([], None)


def test_lists_are_paged_by_activity_without_a_gap(database: Database, alice: Person) -> None:
    with database.writing() as session:
        made = [
            conversations.create_conversation(session, alice.viewer, title=str(n)).id
            for n in range(25)
        ]
    found: list[str] = []
    before = None
    with database.reading() as session:
        while True:
            page = conversations.list_conversations(session, alice.viewer, before=before, limit=10)
            found += [item.id for item in page.items]
            before = page.next
            if before is None:
                break
    assert found == made[::-1]


def _add(session: Session, place: str, parent: str | None, text: str, answers: int) -> str:
    message = Message(
        id=new_id(),
        conversation_id=place,
        parent_id=parent,
        role="assistant" if answers else "user",
        content=text,
    )
    session.add(message)
    session.flush()
    return message.id


def _read(database: Database, person: Person, place: str, **where: str) -> MessagePage:
    with database.reading() as session:
        return conversations.read_path(session, person.viewer, place, **where)  # type: ignore[arg-type]


def _pages(database: Database, person: Person, place: str) -> Iterator[MessagePage]:
    page = _read(database, person, place)
    yield page
    while page.next:
        page = _read(database, person, place, before=page.next)
        yield page
