"""Embeddings of passages and questions, where a provider offers them."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, func, select

from chat.answering.embedding import Embedding
from chat.database import Database, open_database
from chat.knowledge.ingest import add_document
from chat.knowledge.search import search
from chat.models import Passage, PassageVector, Space
from chat.providers.embedding import Embedder
from chat.values import Depth
from tests.unit.providers.models import LIMITS, connection
from tests.upstream.process import Upstream

TEXTS = {
    "Jetty": "At noon the vessel arrives and unloads crates.",
    "Rota": "The kitchen team cooks on Tuesday.",
    "Keys": "The janitor keeps the keys of the shed.",
}


class Providers:
    """A registry with one embedder, or none."""

    def __init__(self, embedder: Embedder | None) -> None:
        self.one = embedder

    def embedder(self) -> Embedder | None:
        return self.one


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url)
    with database.writing() as session:
        session.execute(delete(Space))
        session.add(Space(id="team", slug="team", name="Team"))
        session.flush()
        for title, text in TEXTS.items():
            add_document(
                session, space_id="team", title=title, text=text, kind="text", origin=title,
                added_by=None,
            )  # fmt: skip
    yield database
    database.engine.dispose()


def embedding_of(database: Database, url: str, model: str = "write") -> Embedding:
    providers = Providers(Embedder(connection(url, embedding_model=model), LIMITS))
    return Embedding(database, providers)  # type: ignore[arg-type]


def finish(embedding: Embedding) -> None:
    """Have all that is lacking embedded."""
    embedding.wake()
    thread = embedding._thread
    if thread is not None:
        thread.join(20)
    assert not embedding.is_running


def held(database: Database, model: str) -> int:
    with database.reading() as session:
        query = select(func.count()).select_from(PassageVector).where(PassageVector.model == model)
        return session.scalar(query) or 0


def test_passages_are_embedded_once_and_a_question_finds_them(
    upstream: Upstream, database: Database
) -> None:
    embedding = embedding_of(database, upstream.url)
    finish(embedding)
    finish(embedding)
    embedded = embedding.of_question("When does a ship come?")
    assert embedded is not None
    assert held(database, embedded.model) == len(TEXTS)
    assert [len(seen["body"]["input"]) for seen in upstream.seen()] == [len(TEXTS), 1]
    with database.querying() as session:
        given = {"space_ids": ["team"], "depth": Depth.QUICK}
        found = search(session, "When does a ship come?", **given, embedded=embedded)
        nowhere = search(
            session, "ship?", space_ids=["other"], depth=Depth.QUICK, embedded=embedded
        )
    assert found.passages[0].title == "Jetty"
    assert nowhere.passages == []


def test_what_is_answered_here_leaves_without_personal_data_whatever_the_policies(
    upstream: Upstream, database: Database
) -> None:
    embedding = embedding_of(database, upstream.url)
    finish(embedding)
    question = "Who is keeper@lighthouse.example.org?"
    assert embedding.of_question(question, is_inside=True) is not None
    assert embedding.of_question(question) is not None
    inside, outside = (seen["body"]["input"] for seen in upstream.seen()[-2:])
    assert "lighthouse" not in str(inside)
    assert outside == [question]


def test_vectors_of_a_former_model_go(upstream: Upstream, database: Database) -> None:
    finish(embedding_of(database, upstream.url, "write"))
    former = f"write@{upstream.url.split('/')[2]}"
    assert held(database, former) == len(TEXTS)
    finish(embedding_of(database, upstream.url, "tokens-40-rate-20"))
    assert held(database, former) == 0
    assert held(database, "") == len(TEXTS), "the concept space stays"


@pytest.mark.parametrize("kind", ["503", "wait-5000"])
def test_a_failure_leaves_the_question_to_the_library_and_is_not_asked_again_at_once(
    upstream: Upstream, database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("chat.answering.embedding.QUESTION_SECONDS", 0.3)
    embedding = embedding_of(database, upstream.url, kind)
    embedding._looked = embedding._clock()
    assert embedding.of_question("When does a ship come?") is None
    asked = len(upstream.seen())
    assert embedding.of_question("When does a ship come?") is None
    assert len(upstream.seen()) == asked
    with database.querying() as session:
        found = search(session, "When does a ship come?", space_ids=["team"], depth=Depth.QUICK)
    assert found.passages[0].title == "Jetty", "the concept space knows ships, too"


def test_without_an_embedder_there_is_no_thread(database: Database) -> None:
    embedding = Embedding(database, Providers(None))  # type: ignore[arg-type]
    embedding.wake()
    assert not embedding.is_running
    assert embedding.of_question("When does a ship come?") is None


def test_a_passage_that_is_gone_meanwhile_gets_no_vector(
    upstream: Upstream, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedding = embedding_of(database, upstream.url)
    asked, go_on = threading.Event(), threading.Event()
    embed: Callable = Embedder.embed

    def slow(self: Embedder, *given: object) -> list[list[float]]:
        asked.set()
        assert go_on.wait(10)
        return embed(self, *given)

    monkeypatch.setattr(Embedder, "embed", slow)
    embedding.wake()
    thread = embedding._thread
    assert asked.wait(10)
    with database.writing() as session:
        session.execute(delete(Passage).where(Passage.title == "Rota"))
    go_on.set()
    assert thread is not None
    thread.join(20)
    assert held(database, f"write@{upstream.url.split('/')[2]}") == len(TEXTS) - 1
