"""What every search must hold: SQLite's FTS5 and PostgreSQL's tsvector."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from chat.database import Database, open_database
from chat.knowledge import ingest, preparing, storing
from chat.knowledge.handbook import load_handbook
from chat.knowledge.hybrid import Way
from chat.knowledge.ingest import add_document
from chat.knowledge.meaning.vectors import fold_former
from chat.knowledge.search import search
from chat.migrate import upgrade
from chat.models import PassageVector, Space, User
from chat.values import Depth, Retrieval, Turn
from tests.postgresql import PostgresServer

Ask = Callable[..., Retrieval]

TEXTS = {
    "team": {
        "Alder Point": "The Alder Point Lighthouse was built in 1871 by Maria Holt.",
        "Harbour": "The harbour office opens at eight. Maria Holt is the harbour master.",
        "Ferries": "Ferries to Gull Island leave at noon. A crossing takes forty minutes.",
        "Knots": "A bowline is a knot that neither slips nor jams. Use C++ and it's fine.",
    },
    "board": {"Budget": "The secret budget for the lighthouse is nine million."},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.sqlalchemy_url(server.create())
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('search')}/parley.db"
    database = open_database(url)
    upgrade(database.engine)
    with database.writing() as session:
        session.add_all([Space(id=name, slug=name, name=name) for name in TEXTS])
        session.flush()
        for space, documents in TEXTS.items():
            for title, text in documents.items():
                add_document(
                    session, space_id=space, title=title, text=text, kind="text", origin=title,
                    added_by=None,
                )  # fmt: skip
        slides = preparing.prepare("Tides", "Spring tides come twice a month.", "text")
        slides = replace(slides, passages=[replace(slides.passages[0], place="slide 3")])
        ingest.store(session, slides, space_id="team", origin="tides.pptx", added_by=None)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(library: Database) -> Iterator[Session]:
    with library.reading() as session:
        yield session


@pytest.fixture
def ask(session: Session) -> Ask:
    def ask(question: str, *spaces: str, depth: Depth = Depth.BALANCED, **given: object):
        return search(session, question, space_ids=spaces or ["team"], depth=depth, **given)

    return ask


def test_a_passage_says_where_in_its_file_it_stands(ask: Ask) -> None:
    assert ask("When do spring tides come?").passages[0].place == "slide 3"


def test_the_best_passage_comes_first(ask: Ask) -> None:
    found = ask("When does the harbour office open?")
    assert found.passages[0].title == "Harbour"
    assert found.intent == "question"
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True)


def test_what_the_viewer_may_not_see_is_not_found(ask: Ask) -> None:
    assert any(passage.title == "Budget" for passage in ask("lighthouse budget", "board").passages)
    found = ask("lighthouse budget", "team")
    assert found.passages
    assert all(passage.title != "Budget" for passage in found.passages)
    assert ask("lighthouse budget", "nowhere").passages == []


def test_a_word_of_another_space_is_no_help_with_typing_errors(ask: Ask) -> None:
    assert "million" in ask("millionn", "board").terms
    assert "million" not in ask("millionn", "team").terms


@pytest.mark.parametrize("typed", ["lighthuose", "lighthose", "ligthhouse", "lighth"])
def test_a_typing_error_is_forgiven(ask: Ask, typed: str) -> None:
    found = ask(f"{typed}")
    assert "lighthouse" in found.terms
    assert found.passages[0].title == "Alder Point"


@pytest.mark.parametrize(
    "typed",
    [
        'c++ "', "it's", "-x", "a OR", "NEAR(", "title:x", "* *", "'; DROP TABLE passages; --",
        "(((", "^knot", "knot AND NOT", "\0", "🙂", "x" * 5000, "knot " * 500, "{}", '"" OR ""',
    ],
)  # fmt: skip
def test_nothing_that_is_typed_reaches_the_grammar(ask: Ask, typed: str) -> None:
    ask(typed)
    assert ask(f"knot {typed}").passages[0].title == "Knots"


def test_the_depth_bounds_what_is_read(ask: Ask) -> None:
    question = "lighthouse harbour ferries bowline Maria"
    assert len(ask(question, depth=Depth.QUICK).passages) <= 5
    assert len(ask(question).passages) >= len(ask(question, depth=Depth.QUICK).passages)


def test_linked_concepts_widen_a_search_that_finds_little(ask: Ask) -> None:
    found = ask("Who built the lighthouse?")
    assert [passage.title for passage in found.passages] == ["Alder Point", "Harbour"]
    assert "Maria Holt" in found.concepts


def test_a_question_in_quite_other_words_is_found_by_its_meaning(ask: Ask) -> None:
    question = "What fastening holds a rope?"
    assert ask(question, way=Way.WORDS).passages == []
    found = ask(question).passages
    assert found[0].title == "Knots"
    assert found[0].nearness > 0.1


def test_meaning_finds_nothing_of_other_spaces(ask: Ask) -> None:
    question = "Which classified expenditure was planned?"
    assert [one.title for one in ask(question, "board").passages] == ["Budget"]
    assert all(one.title != "Budget" for one in ask(question, "team").passages)
    assert ask(question, "nowhere").passages == []


def test_what_meaning_finds_follows_the_library(library: Database) -> None:
    """A process keeps signs of vectors; what is added, replaced and taken out shows at once."""
    question = "Which feline naps at our wharf?"

    def titles() -> list[str]:
        with library.querying() as session:
            found = search(session, question, space_ids=["team"], depth=Depth.BALANCED)
        return [one.title for one in found.passages if one.title in ("Cat", "Dog")]

    def put(title: str, text: str) -> str:
        prepared = preparing.prepare(title, text, "text")
        given = {"space_id": "team", "origin": "pet.txt", "added_by": "keeper", "replaces": True}
        return storing.add(library, prepared, **given).id

    with library.writing() as session:
        session.add(
            User(id="keeper", name="K", email="k@example.org", role="member", password_hash="")
        )
    assert titles() == []
    pet = put("Cat", "A kitten sleeps upon the quay.")
    assert titles() == ["Cat"]
    assert put("Dog", "A puppy sleeps upon the quay.") == pet
    assert titles() == ["Dog"]
    storing.remove(library, pet, ["team"])
    assert titles() == []


def test_a_library_of_a_former_parley_gets_its_vectors(library: Database) -> None:
    question = "What fastening holds a rope?"
    with library.writing() as session:
        session.execute(delete(PassageVector))
        session.execute(update(Space).values(library_version=0))
    with library.querying() as session:
        assert search(session, question, space_ids=["team"], depth=Depth.QUICK).passages == []
    assert fold_former(library) > 4
    assert fold_former(library) == 0
    with library.querying() as session:
        found = search(session, question, space_ids=["team"], depth=Depth.QUICK)
    assert found.passages[0].title == "Knots"


def test_a_greeting_reads_nothing(ask: Ask) -> None:
    assert ask("Good morning!") == Retrieval("greeting", {}, (), ())


def test_a_question_that_points_back_finds_what_it_points_at(ask: Ask) -> None:
    history = [Turn("user", "Where do ferries go?")]
    assert ask("When do they leave?", history=history).passages[0].title == "Ferries"


def test_a_german_document_is_found_by_another_form_of_its_words(library: Database) -> None:
    text = (
        "Die Überfahrten nach Möwenholm dauern vierzig Minuten. Wer ein Fahrrad mitnimmt, zahlt "
        "drei Euro, und Kinder fahren umsonst."
    )
    prepared = preparing.prepare("Fähre", text, "text")
    given = {"space_id": "board", "origin": "faehre.txt", "added_by": None}
    with library.writing() as session:
        assert ingest.store(session, prepared, **given).title == "Fähre"
    question = "Wie lange ist eine Überfahrt?"

    def ask(space: str) -> Retrieval:
        with library.querying() as session:
            given = {"space_ids": [space], "depth": Depth.QUICK, "way": Way.WORDS}
            return search(session, question, **given)

    assert [one.title for one in ask("board").passages] == ["Fähre"]
    assert ask("board").language == "de"
    assert ask("team").language == "en", "this space has no German documents"
    assert ask("team").passages == []


QUESTIONS = (
    "How do I back up the database?",
    "Who can invite people, and for how long does an invitation last?",
    "What does confidense mean?",
    "Where are the keys of providers kept?",
    "anthropic OPENAI_BASE_URL stop button",
    "What happens when Maria Holt loses the network while an answer is written?",
)


def test_both_databases_find_the_same_passages_in_the_same_order(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    found = []
    for url in (f"sqlite:///{tmp_path}/parley.db", postgres.sqlalchemy_url(postgres.create())):
        database = open_database(url)
        upgrade(database.engine)
        with database.writing() as session:
            session.add(Space(id="team", slug="team", name="Team"))
            session.flush()
            load_handbook(session, "team")
            found.append([_search(session, question) for question in QUESTIONS])
        database.engine.dispose()
    assert found[0] == found[1]
    assert all(passages for _, passages in found[0])


def _search(session: Session, question: str) -> tuple[dict[str, float], list[tuple[str, float]]]:
    """The terms, and the passages with their scores, as they can be compared."""
    retrieval = search(session, question, space_ids=["team"], depth=Depth.BALANCED)
    passages = [(one.text, round(one.score, 6)) for one in retrieval.passages]
    return dict(retrieval.terms), passages


def test_the_same_question_finds_the_same(ask: Ask) -> None:
    assert ask("Who is Maria Holt?") == ask("Who is Maria Holt?")
