"""A conversation as a whole: deleted however long it is, moved and withdrawn by its owner."""

from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select

from chat import conversations
from chat.conversations import ConversationView
from chat.database import Database
from chat.errors import Invalid, NotFound
from chat.models import Message
from chat.values import Viewer, new_id
from tests.people import Person

MANY = 1_500  # SQLite lets 1,000 deletions happen inside one another


@pytest.fixture
def shared(database: Database, alice: Person) -> ConversationView:
    """A conversation that Alice shares with her space."""
    with database.writing() as session:
        return conversations.create_conversation(
            session, alice.viewer, space_id=alice.space_id, visibility="space"
        )


def test_a_conversation_of_any_length_can_be_deleted(database: Database, alice: Person) -> None:
    ids = [new_id() for _ in range(MANY)]
    with database.writing() as session:
        place = conversations.create_conversation(session, alice.viewer).id
        rows = [
            {"id": own, "conversation_id": place, "parent_id": parent, "role": "user"}
            for own, parent in zip(ids, [None, *ids], strict=False)
        ]
        session.execute(insert(Message), [row | {"content": "x"} for row in rows])
    with database.writing() as session:
        conversations.delete_conversation(session, alice.viewer, place)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_who_has_left_the_space_can_still_make_it_private(
    shared: ConversationView, database: Database, alice: Person
) -> None:
    changed = _change(database, _outside(alice), shared.id, visibility="private")
    assert changed.visibility == "private"


def test_who_has_left_the_space_can_still_rename_but_not_share_in_it(
    shared: ConversationView, database: Database, alice: Person
) -> None:
    gone = _outside(alice)
    assert _change(database, gone, shared.id, title="Other").title == "Other"
    for change in ({"visibility": "space"}, {"space_id": alice.space_id}):
        with pytest.raises(NotFound):
            _change(database, gone, shared.id, **change)


def test_no_space_takes_it_out_and_makes_it_private(
    shared: ConversationView, database: Database, alice: Person
) -> None:
    for viewer in (alice.viewer, _outside(alice)):
        changed = _change(database, viewer, shared.id, space_id=None)
        assert (changed.space_id, changed.visibility) == (None, "private")


def test_it_cannot_be_shared_without_a_space(
    shared: ConversationView, database: Database, alice: Person
) -> None:
    with pytest.raises(Invalid):
        _change(database, alice.viewer, shared.id, space_id=None, visibility="space")
    unchanged = _change(database, alice.viewer, shared.id, title="Kept")
    assert (unchanged.space_id, unchanged.visibility) == (alice.space_id, "space")


def _change(
    database: Database, viewer: Viewer, conversation_id: str, **change: str | None
) -> ConversationView:
    with database.writing() as session:
        return conversations.change_conversation(session, viewer, conversation_id, **change)  # type: ignore[arg-type]


def _outside(person: Person) -> Viewer:
    """The same person after having left every space."""
    return replace(person.viewer, space_ids=())
