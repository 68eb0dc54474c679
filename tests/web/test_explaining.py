"""The Why panel's looked-up parts: sources in their passages, concepts as a graph, the tone."""

import re

import pytest
from flask.testing import FlaskClient

from chat.database import Database
from chat.knowledge import ingest
from chat.models import Message
from tests.conftest import MakeApp, sign_in
from tests.people import Person
from tests.web.test_pages import Ids, answers_in, ask

TEXT = """# Night shift

The Harbour Office says who may be woken. Only an alert of the North Crane wakes a person, because
nothing else is lost by morning. The Storm Book is read at eight, and the Harbour Office signs it.

The North Crane stands still in a storm. The Storm Book tells when it may turn again.
"""
QUESTION = "What wakes a person at night?"


@pytest.fixture
def answered(alice: Person, database: Database) -> str:
    """The address of an answer of Alice's that rests on a document of her space."""
    with database.writing() as session:
        ingest.add_document(
            session,
            space_id=alice.space_id,
            title="Night shift",
            text=TEXT,
            kind="markdown",
            origin="tests",
            added_by=alice.id,
        )
    address = ask(alice, QUESTION)
    return f"{address}/m/{answers_in(alice.client.get(address).text)[-1]}"


def test_the_quote_is_marked_in_the_midst_of_its_passage(alice: Person, answered: str) -> None:
    parts = alice.client.get(f"{answered}/why?fragment=1").text
    assert '<mark data-slot="quote">Only an alert of the North Crane wakes a person' in parts
    assert "The Harbour Office says who may be woken. <mark" in parts
    assert re.search(r'data-slot="where">Passage 1 · added today<', parts)
    assert re.search(r'href="/library/\w+\?passage=\w+&amp;quote=Only[^"]*#quote"', parts)


def test_concepts_are_drawn_with_their_links_and_listed(alice: Person, answered: str) -> None:
    parts = alice.client.get(f"{answered}/why?fragment=1").text
    assert re.search(r'<svg class="graph"[^>]*aria-label="[^"]+ shares passages with [^"]+"', parts)
    assert parts.count("<circle") > 2
    assert "graph__edge--on" in parts
    assert re.search(r"<li><b>North Crane</b> with [^<]*Harbour Office", parts)
    assert parts == alice.client.get(f"{answered}/why?fragment=1").text


def test_the_tone_is_told_as_a_count_of_words(alice: Person, answered: str) -> None:
    parts = alice.client.get(f"{answered}/why?fragment=1").text
    assert "a count of words" in parts
    assert re.search(r"Only \d of \d+ words|\d+ of \d+ words are on the lists", parts)


def test_the_page_says_all_of_it_without_script(alice: Person, answered: str) -> None:
    page = alice.client.get(f"{answered}/why").text
    for title in ("Confidence", "Sources", "Concepts", "Timeline", "Tone", "Provider"):
        assert title in page
    ids = Ids(page)
    assert ids.headings == 1
    assert len(ids.ids) == len(set(ids.ids))


def test_what_has_left_the_library_is_told(
    alice: Person, answered: str, database: Database
) -> None:
    [document] = alice.client.get("/api/documents?q=Night").get_json()["items"]
    alice.client.delete(f"/api/documents/{document['id']}")
    parts = alice.client.get(f"{answered}/why?fragment=1").text
    assert "This passage is not in the library any more" in parts
    assert '<mark data-slot="quote">Only an alert' in parts


def test_an_answer_of_which_nothing_is_known_says_so(
    alice: Person, answered: str, database: Database
) -> None:
    with database.writing() as session:
        message = session.get_one(Message, answered.rpartition("/")[2])
        message.details, message.content = {}, "好"
    page = alice.client.get(f"{answered}/why").text
    for words in (
        "nothing honest can be said",
        "No source is cited here.",
        "No concept of the library was looked at.",
        "No times were kept of it.",
        "its words are not counted",
    ):
        assert words in page


@pytest.mark.parametrize("query", ["", "?fragment=1"])
def test_an_outsider_finds_nothing(
    query: str, answered: str, bob: Person, charlie: Person, visitor: FlaskClient
) -> None:
    for person in (bob, charlie):
        assert person.client.get(f"{answered}/why{query}").status_code == 404
    assert visitor.get(f"{answered}/why{query}").status_code in {302, 303, 401}


def test_who_sees_the_answer_but_not_the_library_sees_no_more_of_it(
    alice: Person, charlie: Person, answered: str, database: Database
) -> None:
    """A conversation that was moved: its reader is in none of the spaces of its sources."""
    theirs = ask(charlie, QUESTION)
    [copy] = answers_in(charlie.client.get(theirs).text)
    with database.writing() as session:
        message = session.get_one(Message, answered.rpartition("/")[2])
        other = session.get_one(Message, copy)
        other.details, other.content = dict(message.details), message.content
        address = f"{theirs}/m/{copy}"
    parts = charlie.client.get(f"{address}/why?fragment=1").text
    assert "Only an alert of the North Crane" in parts  # the quote is part of the answer
    assert "may be woken. <mark" not in parts
    assert "<svg" not in parts


@pytest.mark.parametrize("named", ["question", "nothing"])
def test_a_message_that_is_no_answer_of_it_is_not_found(
    named: str, alice: Person, answered: str
) -> None:
    place, _, message = answered.partition("/m/")
    question = re.findall(
        r'data-message-id="(\w+)" data-role="user"', alice.client.get(place).text
    )[0]
    other = {"question": question, "nothing": "0" * 32}[named]
    assert alice.client.get(f"{place}/m/{other}/why").status_code == 404
    elsewhere = ask(alice, "What is Parley?")
    assert alice.client.get(f"{elsewhere}/m/{message}/why").status_code == 404


@pytest.mark.parametrize(("levels", "word"), [((80, 50), "high"), ((100, 99), "low")])
def test_a_site_draws_its_own_lines_between_the_colours(
    levels: tuple[int, int], word: str, make_app: MakeApp, answered: str, database: Database
) -> None:
    with database.writing() as session:
        message = session.get_one(Message, answered.rpartition("/")[2])
        message.details = dict(message.details) | {"confidence": 0.9}
    other = sign_in(make_app(confidence_levels=levels), "alice")
    page = other.client.get(f"{answered}/why").text
    assert f'class="score" data-level="{word}"' in page
    assert f"{word.capitalize()} confidence." in page
    assert f'data-confidence="{levels[0]} {levels[1]}"' in page
