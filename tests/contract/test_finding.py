"""What people's search must hold on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from chat import finding
from chat.conversations import create_conversation, delete_conversation
from chat.database import Database, dialect_of
from chat.finding import Result, Results, Wanted, held
from chat.finding.scope import known_scopes
from chat.knowledge import storing
from chat.knowledge.ingest import add_document, hide_document, remove_document
from chat.knowledge.preparing import prepare
from chat.models import Conversation, Document, Message, Passage, SearchEntry, Space
from chat.values import Viewer, new_id, utc_now
from tests.people import Person


@pytest.fixture(autouse=True, params=["read", "indexed"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The few texts of somebody are read, those of others come from the index of words."""
    if request.param == "indexed":
        monkeypatch.setattr(held, "MOST_TEXTS", -1)


@pytest.fixture
def session(database: Database, alice: Person, bob: Person, charlie: Person) -> Iterator[Session]:
    with database.writing() as session:
        yield session


def say(session: Session, place: str, content: str, author: Viewer | None = None) -> str:
    """A finished message at the end of a conversation; its id."""
    message = Message(
        id=new_id(),
        conversation_id=place,
        role="user" if author else "assistant",
        author_id=author.id if author else None,
        content=content,
    )
    session.add(message)
    session.flush()
    return message.id


def talk(session: Session, owner: Person, title: str, *texts: str, shared: bool = False) -> str:
    """A conversation with these messages by its owner; its id."""
    place = create_conversation(
        session,
        owner.viewer,
        title=title,
        space_id=owner.space_id if shared else None,
        visibility="space" if shared else "private",
    ).id
    for content in texts:
        say(session, place, content, owner.viewer)
    return place


def document(session: Session, person: Person, title: str, body: str) -> str:
    return add_document(
        session, space_id=person.space_id, title=title, text=body, kind="text", origin=title,
        added_by=person.id,
    ).id  # fmt: skip


def look(session: Session, person: Person, typed: str, **wanted: object) -> Results:
    session.flush()
    return finding.search(session, person.viewer, typed, Wanted(**wanted))  # type: ignore[arg-type]


def ids(results: Results) -> list[str]:
    return [item.id for item in results.items]


def marks(item: Result) -> list[str]:
    return [text for text, is_marked in item.excerpt if is_marked]


_WHOSE = """SELECT e.number FROM search_entries e
    LEFT JOIN conversations c ON e.number > 0 AND c.id = e.place_id
    LEFT JOIN passages p ON p.number = -e.number
    LEFT JOIN documents d ON d.id = p.document_id
    WHERE CASE WHEN e.number > 0
        THEN coalesce(e.seen_by, '') <> coalesce(
            CASE c.visibility WHEN 'space' THEN c.space_id ELSE c.owner_id END, '')
        ELSE e.seen_by <> p.space_id OR e.place_id <> d.id OR e.at <> d.created_at
            OR coalesce(e.author_id, '') <> coalesce(d.added_by, '') END"""


def check_entries(session: Session) -> None:
    """Fail when entries or index differ from the texts."""
    session.flush()
    told = select(SearchEntry.text_id).where(SearchEntry.number > 0)
    texts = select(Message.id).where(Message.content != "")
    assert set(session.scalars(told.where(SearchEntry.text_id.is_not(None)))) == set(
        session.scalars(texts)
    )
    titles = session.scalars(select(SearchEntry.place_id).where(SearchEntry.text_id.is_(None)))
    assert sorted(titles) == sorted(
        session.scalars(select(Conversation.id).where(Conversation.title != ""))
    )
    passages = session.scalar(text("SELECT count(*) FROM passages"))
    below = select(SearchEntry.number).where(SearchEntry.number < 0)
    assert len(session.scalars(below).all()) == passages
    assert session.execute(text(_WHOSE)).all() == []
    if dialect_of(session) == "sqlite":
        check = "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"
        session.execute(text(check))


def test_titles_messages_and_passages_are_found(session: Session, alice: Person) -> None:
    titled = talk(session, alice, "Rolling back", "What now?")
    said = talk(session, alice, "Of cranes", "Do we roll back at night?")
    written = document(session, alice, "Runbook", "Never roll anything back by hand.")
    results = look(session, alice, "roll back")
    assert set(ids(results)) == {titled, said, written}
    assert (results.conversations, results.documents, results.is_cut) == (2, 1, False)
    by_id = {item.id: item for item in results.items}
    assert marks(by_id[said]) == ["roll", "back"]
    assert [text for text, is_marked in by_id[titled].title if is_marked] == ["Rolling", "back"]
    assert by_id[written].position == 1
    assert by_id[said].people == ["Alice"]


def test_what_is_said_first_is_found_too(session: Session, alice: Person) -> None:
    document(session, alice, "Runbook", "Never roll anything back by hand.")
    place = talk(session, alice, "", "Who feeds the okapi?")
    assert ids(look(session, alice, "okapi")) == [place]
    check_entries(session)


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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rolback", "rollback"),  # too few
        ("rolllback", "rollback"),  # too many
        ("rollbavk", "rollback"),  # wrong
        ("rolblack", "rollback"),  # swapped
        ("colback", None),  # two errors in a short word
        ("migrasionn", "migration"),  # two in a long one
        ("crane migrationx", "crane migration"),
        ("zzzzzz migration", "migration"),  # a word that nobody wrote
    ],
)
def test_typing_errors_are_forgiven(
    session: Session, alice: Person, typed: str, meant: str | None
) -> None:
    place = talk(session, alice, "Nights", "The crane migration needs a rollback.")
    document(session, alice, "Knots", "A bowline neither slips nor jams.")
    results = look(session, alice, typed)
    assert (ids(results), results.instead) == (([place], meant) if meant else ([], ""))


def test_words_of_documents_are_forgiven_too(session: Session, alice: Person) -> None:
    written = document(session, alice, "Knots", "A bowline neither slips nor jams.")
    assert ids(look(session, alice, "bowlinr")) == [written]


def test_what_has_every_word_is_wanted_and_else_what_has_some(
    session: Session, alice: Person
) -> None:
    both = talk(session, alice, "One", "red crane")
    some = talk(session, alice, "Two", "green crane")
    assert ids(look(session, alice, "red crane")) == [both]
    assert set(ids(look(session, alice, "blue crane"))) == {both, some}
    assert set(ids(look(session, alice, "green red crane"))) == {both, some}
    assert ids(look(session, alice, '"crane green"')) == []
    assert ids(look(session, alice, '"green crane"')) == [some]


@pytest.mark.parametrize("typed", ["RUCKFALL", "rückfall", "Rückfälle", "rück"])
def test_case_accents_and_endings_do_not_matter(
    session: Session, alice: Person, typed: str
) -> None:
    place = talk(session, alice, "Arzt", "Ein Rückfall? Rückfälle!")
    assert ids(look(session, alice, typed)) == [place]


@pytest.mark.parametrize("typed", ["'", '"', "a* OR b:", "NEAR(", "x & | !", "\0", "\\", "%"])
def test_nothing_that_is_typed_is_grammar(session: Session, alice: Person, typed: str) -> None:
    talk(session, alice, "One", "red crane")
    assert ids(look(session, alice, typed)) == []


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


def test_words_that_nearly_every_text_has_are_found(
    session: Session, alice: Person, charlie: Person
) -> None:
    places = {talk(session, alice, f"Crane {n}", f"A crane, {n} tons") for n in range(60)}
    own = talk(session, charlie, "Mine", "My crane")
    for typed in ("crane", "crame"):
        found = look(session, alice, typed)
        assert set(ids(found)) <= places
        assert found.conversations == 60
        assert ids(look(session, charlie, typed)) == [own]


def test_a_text_of_any_size_and_kind_can_be_said(session: Session, alice: Person) -> None:
    place = talk(session, alice, "Long", "é" * 5000 + " " + "crane " * 100_000 + "x" * 300_000)
    say(session, place, " ".join(f"w{n:x}" for n in range(100_000)))
    assert ids(look(session, alice, "crane")) == [place]
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
