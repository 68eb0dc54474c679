"""A conversation as a whole: deleted however long it is, moved and withdrawn, and by whom."""

import pytest
from sqlalchemy import delete, func, insert, select, update

from chat import conversations, spaces
from chat.conversations import ConversationView
from chat.database import Database
from chat.errors import Invalid, NotFound
from chat.models import Member, Message
from chat.values import SpaceRole, Viewer, new_id
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


def test_who_has_left_the_space_finds_nothing_of_what_they_shared_there(
    shared: ConversationView, database: Database, bob: Person
) -> None:
    mine = _shared_by(database, bob)
    _take_out(database, bob)
    for found in (shared, mine):
        with pytest.raises(NotFound):
            _change(database, bob.viewer, found.id, visibility="private")


def test_what_somebody_keeps_for_themselves_of_a_space_is_theirs_after_it(
    database: Database, alice: Person, bob: Person
) -> None:
    with database.writing() as session:
        kept = conversations.create_conversation(session, bob.viewer, space_id=bob.space_id)
        spaces.remove(session, alice.viewer, alice.space_id, bob.id)
    with database.reading() as session:
        assert conversations.find_conversation(session, bob.viewer, kept.id).space_id is None


def test_a_reader_shares_nothing_and_changes_nothing_of_the_room(
    database: Database, bob: Person
) -> None:
    mine = _shared_by(database, bob)
    _make_reader(database, bob)
    with pytest.raises(NotFound):
        _shared_by(database, bob)
    with pytest.raises(NotFound):
        _change(database, bob.viewer, mine.id, title="Other")
    with database.reading() as session:
        seen = conversations.find_conversation(session, bob.viewer, mine.id)
    assert (seen.may_write, seen.may_manage) == (False, False)


def test_a_reader_keeps_private_conversations_about_the_space(
    database: Database, bob: Person
) -> None:
    _make_reader(database, bob)
    with database.writing() as session:
        kept = conversations.create_conversation(session, bob.viewer, space_id=bob.space_id)
    assert (kept.space_id, kept.may_write, kept.may_manage) == (bob.space_id, True, True)


def test_an_owner_of_the_space_renames_what_others_share_but_does_not_move_it(
    database: Database, alice: Person, bob: Person
) -> None:
    his = _shared_by(database, bob)
    assert _change(database, alice.viewer, his.id, title="Tidy").title == "Tidy"
    for change in ({"visibility": "private"}, {"space_id": None}):
        with pytest.raises(NotFound):
            _change(database, alice.viewer, his.id, **change)


def test_a_private_space_is_where_conversations_without_a_space_are(
    database: Database, alice: Person
) -> None:
    private = alice.viewer.space_ids[-1]
    with database.writing() as session:
        kept = conversations.create_conversation(session, alice.viewer, space_id=private)
        with pytest.raises(Invalid):
            conversations.create_conversation(
                session, alice.viewer, space_id=private, visibility="space"
            )
    assert kept.space_id is None


def test_no_space_takes_it_out_and_makes_it_private(
    shared: ConversationView, database: Database, alice: Person
) -> None:
    changed = _change(database, alice.viewer, shared.id, space_id=None)
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


def _shared_by(database: Database, person: Person) -> ConversationView:
    with database.writing() as session:
        return conversations.create_conversation(
            session, person.viewer, space_id=person.space_id, visibility="space"
        )


def _take_out(database: Database, person: Person) -> None:
    with database.writing() as session:
        session.execute(delete(Member).where(Member.user_id == person.id))


def _make_reader(database: Database, person: Person) -> None:
    with database.writing() as session:
        its = update(Member).where(Member.user_id == person.id, Member.space_id == person.space_id)
        session.execute(its.values(role=SpaceRole.READER))
