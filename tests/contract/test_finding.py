"""Which words people's search forgives, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy.orm import Session

from tests.contract.finding import check_entries, document, ids, look, marks, say, talk
from tests.people import Person


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
