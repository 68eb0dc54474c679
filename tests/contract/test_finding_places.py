"""What people's search finds of whom, and while it changes, on SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from chat import finding
from chat.conversations import delete_conversation
from chat.database import Database
from chat.finding import Wanted, held
from chat.finding.scope import known_scopes
from chat.knowledge import storing
from chat.knowledge.ingest import hide_document, remove_document
from chat.knowledge.preparing import prepare
from chat.models import Conversation, Document, Message, Passage, SearchEntry, Space
from chat.values import new_id, utc_now
from tests.contract.finding import check_entries, document, ids, look, marks, say, talk
from tests.people import Person


def test_what_one_may_not_see_is_not_found(
    session: Session, alice: Person, bob: Person, charlie: Person
) -> None:
    private = talk(session, alice, "Of okapis", "An okapi is shy.")
    shared = talk(session, alice, "More okapis", "The okapi again.", shared=True)
    written = document(session, alice, "Okapi", "Okapis live in forests.")
    assert set(ids(look(session, alice, "okapi"))) == {private, shared, written}
    assert set(ids(look(session, bob, "okapi"))) == {shared, written}
    assert ids(look(session, charlie, "okapi")) == []
    assert ids(look(session, charlie, "okapu")) == []
    assert set(ids(look(session, bob, "okapu"))) == {shared, written}
    session.execute(update(Conversation).values(visibility="private"))
    assert set(ids(look(session, bob, "okapi"))) == {written}


def test_results_are_narrowed(session: Session, alice: Person, bob: Person) -> None:
    own = talk(session, alice, "One", "A crane.")
    shared = talk(session, bob, "Two", "A crane.", shared=True)
    answered = talk(session, bob, "Three", "What?", shared=True)
    say(session, answered, "It is a crane.")
    old = talk(session, alice, "Four", "A crane.")
    long_ago = utc_now() - timedelta(days=40)
    session.execute(update(SearchEntry).where(SearchEntry.place_id == old).values(at=long_ago))
    written = document(session, bob, "Cranes", "A crane lifts.")
    everything = {own, shared, answered, old, written}
    assert set(ids(look(session, alice, "crane"))) == everything
    in_space = look(session, alice, "crane", space_id=alice.space_id)
    assert set(ids(in_space)) == {shared, answered, written}
    assert set(ids(look(session, alice, "crane", person_id=bob.id))) == {shared, answered, written}
    assert set(ids(look(session, alice, "crane", person_id=alice.id))) == {own, old}
    recent = look(session, alice, "crane", since=utc_now() - timedelta(days=7))
    assert set(ids(recent)) == everything - {old}
    assert ids(look(session, alice, "crane", space_id="elsewhere")) == []
    only = finding.search(session, alice.viewer, "crane", Wanted(), kind="document")
    assert (ids(only), only.conversations) == ([written], 4)


def test_texts_of_one_place_are_one_result(session: Session, alice: Person) -> None:
    place = talk(session, alice, "Cranes", "A crane.", "Two cranes.", "Nothing.")
    [item] = look(session, alice, "crane").items
    assert (item.id, item.more) == (place, 2)
    assert item.text_id is not None


def test_the_index_follows_every_change(session: Session, alice: Person) -> None:
    place = talk(session, alice, "", "A crane.")
    answer = say(session, place, "")
    check_entries(session)
    session.execute(update(Message).where(Message.id == answer).values(content="It lifts."))
    session.execute(update(Conversation).where(Conversation.id == place).values(title="Of lifts"))
    check_entries(session)
    assert look(session, alice, "lifts").items[0].more == 1
    session.execute(update(Message).where(Message.id == answer).values(content="It sinks."))
    session.execute(update(Conversation).where(Conversation.id == place).values(title="Of sinks"))
    check_entries(session)
    assert ids(look(session, alice, "lifts")) == []
    assert ids(look(session, alice, "sinks")) == [place]
    session.execute(update(Message).where(Message.id == answer).values(content=""))
    check_entries(session)
    delete_conversation(session, alice.viewer, place)
    check_entries(session)
    assert ids(look(session, alice, "sinks")) == []


def test_a_document_is_found_when_it_is_whole_and_not_when_it_is_gone(
    session: Session, alice: Person
) -> None:
    written = document(session, alice, "Knots", "A bowline neither slips nor jams.")
    check_entries(session)
    hide_document(session, written, [alice.space_id])  # as while it is stored or taken out
    assert ids(look(session, alice, "bowline")) == []
    session.execute(update(Document).values(passages=1))
    session.execute(update(Passage).values(space_id=alice.space_id))
    assert ids(look(session, alice, "bowline")) == [written]
    remove_document(session, written, [alice.space_id])
    check_entries(session)
    assert ids(look(session, alice, "bowline")) == []


@pytest.mark.usefixtures("way")
def test_a_new_version_of_a_document_is_found_in_its_place(
    database: Database, alice: Person
) -> None:
    prepared = [prepare("Knots", body, "text") for body in ("A bowline jams.", "A bowline holds.")]
    first, second = (
        storing.add(database, one, space_id=alice.space_id, origin="knots.txt",
                    added_by=alice.id, replaces=True)
        for one in prepared
    )  # fmt: skip
    assert first.id == second.id
    with database.writing() as session:
        check_entries(session)
        found = look(session, alice, "bowline")
        assert ids(found) == [first.id]
        assert marks(found.items[0]) == ["bowline"]
        assert "holds" in "".join(text for text, _ in found.items[0].excerpt)
        assert ids(look(session, alice, "jams")) == []


def test_who_sees_a_conversation_changes_with_it(
    session: Session, alice: Person, bob: Person
) -> None:
    place = talk(session, alice, "Of tapirs", "A tapir swims.", shared=True)
    space = Space(id=new_id(), slug="other", name="Other")
    session.add(space)
    session.flush()
    assert ids(look(session, bob, "tapir")) == [place]
    for change, sees in (
        ({"visibility": "private"}, False),
        ({"visibility": "space"}, True),
        ({"space_id": space.id}, False),
        ({"space_id": bob.space_id}, True),
        ({"owner_id": bob.id}, True),
    ):
        session.execute(update(Conversation).where(Conversation.id == place).values(**change))
        assert ids(look(session, bob, "tapir")) == ([place] if sees else [])
        check_entries(session)


def test_many_texts_or_long_ones_are_not_read_one_by_one(
    session: Session, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "MOST_LETTERS", 40)
    talk(session, alice, "Quays", "The crane stands still.")
    scope = known_scopes(session, alice.viewer, Wanted())[0]
    assert (scope.held is not None) == (held.MOST_TEXTS > 0)
    talk(session, alice, "Gales", "The crane stands still when it blows.")
    assert known_scopes(session, alice.viewer, Wanted())[0].held is None
    assert look(session, alice, "crane").conversations == 2
