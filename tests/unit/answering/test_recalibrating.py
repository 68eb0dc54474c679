"""What counts when confidence is fitted to ratings, and how it comes into later answers."""

import pytest

from chat import conversations
from chat.answering.calibration import LEAST, Shift
from chat.answering.recalibrating import (
    EVERY,
    MOST_OF_ONE,
    Shifts,
    opinions_of,
    read_shifts,
    recalibrate,
    recalibrate_when_due,
)
from chat.database import Database
from chat.models import Calibration, Conversation, Message, Rating
from chat.values import new_id
from tests.people import Person

DETAILS = {"confidence": 0.9, "confidence_basis": "retrieval_support", "provider": "library"}


@pytest.fixture
def place(database: Database, alice: Person) -> str:
    with database.writing() as session:
        made = conversations.create_conversation(session, alice.viewer, title="Rated")
    return made.id


def answers(database: Database, place: str, count: int, **details: object) -> list[str]:
    with database.writing() as session:
        rows = [
            Message(
                id=new_id(),
                conversation_id=place,
                role="assistant",
                content="Yes [1].",
                details=DETAILS | details,
            )
            for _ in range(count)
        ]
        session.add_all(rows)
        return [row.id for row in rows]


def rate(database: Database, person: Person, message_ids: list[str], *, good: bool) -> None:
    with database.writing() as session:
        for message_id in message_ids:
            conversations.rate(session, person.viewer, message_id, good=good, reason="", note="")


def test_only_what_rests_on_passages_counts(database: Database, place: str, alice: Person) -> None:
    counted = answers(database, place, 1)
    others = answers(database, place, 1, confidence_basis="token_probability")
    others += answers(database, place, 1, confidence=None, confidence_basis=None)
    models = answers(database, place, 1, provider="openai", confidence=0.4)
    rate(database, alice, [*counted, *others, *models], good=True)
    with database.reading() as session:
        assert [one.confidence for one in opinions_of(session, "library")] == [0.9]
        assert [one.confidence for one in opinions_of(session, "models")] == [0.4]


def test_an_answer_counts_once_however_many_rate_it(
    database: Database, place: str, alice: Person, bob: Person
) -> None:
    [message] = answers(database, place, 1)
    with database.writing() as session:
        shared = session.get_one(Conversation, place)
        shared.visibility, shared.space_id = "space", alice.space_id
    rate(database, alice, [message], good=True)
    rate(database, bob, [message], good=False)
    with database.reading() as session:
        [one] = opinions_of(session, "library")
    assert one.good == 0.5


def test_nobody_alone_decides(database: Database, place: str, alice: Person) -> None:
    rate(database, alice, answers(database, place, MOST_OF_ONE + 5), good=False)
    with database.reading() as session:
        assert len(opinions_of(session, "library")) == MOST_OF_ONE


def test_a_shift_is_learned_from_what_was_computed_not_from_what_was_shown(
    database: Database, place: str, alice: Person
) -> None:
    shown = answers(database, place, 1, confidence=0.6, analysis={"confidence_computed": 0.9})
    rate(database, alice, shown, good=False)
    with database.reading() as session:
        assert [one.confidence for one in opinions_of(session, "library")] == [0.9]


def test_few_ratings_are_stored_as_no_shift_and_many_as_one(
    database: Database, place: str, alice: Person
) -> None:
    rate(database, alice, answers(database, place, 3), good=False)
    with database.writing() as session:
        assert recalibrate(session)["library"].shift == Shift()
        assert read_shifts(session) == {}
    rate(database, alice, answers(database, place, LEAST), good=False)
    with database.writing() as session:
        recalibrate(session)
        found = read_shifts(session)["library"]
        assert session.get_one(Calibration, "library").answers == LEAST + 3
    assert 0.5 < found(0.9) < 0.88


def test_it_happens_by_itself_after_so_many_ratings(
    database: Database, place: str, alice: Person
) -> None:
    first, *others = answers(database, place, EVERY)
    rate(database, alice, others, good=True)
    with database.writing() as session:
        assert not recalibrate_when_due(session)
    rate(database, alice, [first], good=True)
    with database.writing() as session:
        assert recalibrate_when_due(session)
        assert not recalibrate_when_due(session)
        assert session.get_one(Calibration, "library").answers == EVERY


def test_a_process_looks_at_most_once_a_minute(database: Database) -> None:
    now = [0.0]
    shifts = Shifts(database, clock=lambda: now[0])
    assert shifts.find("library") is None
    with database.writing() as session:
        row = Calibration(estimator="library", slope=1.0, offset=-0.5, answers=30)
        row.loss_before, row.loss_after = 0.6, 0.5
        session.add(row)
    now[0] = 59.0
    assert shifts.find("library") is None
    now[0] = 61.0
    assert shifts.find("library") == Shift(1.0, -0.5)
    assert shifts.find("models") is None


def test_a_rating_goes_with_its_answer(database: Database, place: str, alice: Person) -> None:
    rate(database, alice, answers(database, place, 2), good=True)
    with database.writing() as session:
        conversations.delete_conversation(session, alice.viewer, place)
    with database.reading() as session:
        assert session.query(Rating).count() == 0
