"""First questions, asked end to end over Parley's own handbook."""

from collections.abc import Iterator

import pytest

from chat.database import Database, open_database
from chat.knowledge.handbook import load_handbook
from chat.knowledge.search import search
from chat.migrate import upgrade
from chat.models import Space
from chat.providers.base import Text
from chat.providers.library import LibraryProvider
from chat.values import AnswerRequest, Depth
from tests.databases import KINDS
from tests.postgresql import PostgresServer

QUESTIONS = {
    "What is Parley?": "a chat site that a team hosts itself",
    "How do I add documents?": "Choose one or more files",
    "Where is my data stored?": "instance",
    "How do I invite someone?": "Copy the link",
    "What does the confidence mean?": "probability",
    "How do I stop an answer?": "Press Esc",
    "What happens when the server restarts?": "are kept",
    "How do I delete a document?": "Delete this document",
    "What leaves the machine?": "Nothing leaves the machine",
    "Which file formats can I add?": "Markdown",
    "How do I back up the database?": "sqlite3 instance/parley.db",
    "How do I connect a model?": "chooses Models",
    "What does confidense mean?": "probability",
    "Who can invite people?": "admin",
}


@pytest.fixture(scope="module", params=KINDS)
def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('handbook')}/parley.db"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.sqlalchemy_url(server.create())
    database = open_database(url)
    upgrade(database.engine)
    with database.writing() as session:
        session.add(Space(id="team", slug="team", name="Team"))
        session.flush()
        load_handbook(session, "team")
    yield database
    database.engine.dispose()


def ask(library: Database, question: str, depth: Depth = Depth.BALANCED) -> str:
    with library.reading() as session:
        found = search(session, question, space_ids=["team"], depth=depth)
    draft = LibraryProvider(chunk_delay_ms=0).open(AnswerRequest(question, (), found, depth))
    return "".join(piece.content for piece in draft.pieces if isinstance(piece, Text))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_first_question_has_a_real_answer(library: Database, question: str) -> None:
    assert QUESTIONS[question] in ask(library, question)


def test_what_the_handbook_does_not_hold_is_not_invented(library: Database) -> None:
    answer = ask(library, "Who won the football world cup in 1998?")
    assert answer.startswith("The library does not hold an answer to this.")


@pytest.mark.parametrize("depth", Depth)
def test_a_suggested_question_has_an_answer(library: Database, depth: Depth) -> None:
    question = "How do I add documents?"
    with library.reading() as session:
        found = search(session, question, space_ids=["team"], depth=depth)
    draft = LibraryProvider().open(AnswerRequest(question, (), found, depth))
    assert draft.suggestions
    for suggestion in draft.suggestions:
        assert not ask(library, suggestion).startswith("The library does not hold")
