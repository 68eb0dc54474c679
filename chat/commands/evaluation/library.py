"""A throw-away library of the documents of a file of questions, and the site's own answers over it.

May import every floor below.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore
from typing import Any

from sqlalchemy import create_engine

from chat.answering.attempt import Attempt
from chat.answering.context import Job
from chat.answering.pipeline import Bounds, Pipeline
from chat.commands.evaluation.judging import holds, sentences_of
from chat.commands.evaluation.quoting import markers_of, misleading
from chat.conversations import Asked
from chat.database import Database
from chat.eventlog.live import LiveLog
from chat.eventlog.notices import Audience
from chat.eventlog.sql import RunWriter
from chat.events import Context
from chat.knowledge import ingest
from chat.knowledge.hybrid import Way
from chat.knowledge.search import search
from chat.migrate import upgrade
from chat.models import Space
from chat.providers.library import LibraryProvider
from chat.providers.library.composing import IN_OTHER_WORDS
from chat.values import Depth, Role, Viewer

SENTENCES = 3  # of an answer are judged
FIRST = 5  # passages in which one with the answer counts as found
Document = Mapping[str, str]
SHAPE = '{"documents": [{title, text}], "questions": [{question, answers}]}'


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its right answers, of which one is enough.

    `title` names the document that has it; `paraphrased` says that the question shares no word with
    the passage, `held_out` that nothing was chosen by it.
    """

    question: str
    answers: Sequence[str]
    title: str
    paraphrased: bool
    held_out: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: was a gold answer in the first sentence, in the whole answer, in
    the first passages found; `confidence` is 0 where the answer says that the library lacks it, and
    `only_alike` where it says that only the meaning comes near.
    `markers` are all that it has, `misleading` those that do not lead to their quote."""

    question: Question
    first: bool
    whole: bool
    found: bool
    confidence: float
    only_alike: bool
    seconds: float
    markers: int
    misleading: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was written: its text, its last confidence, and its sources."""

    text: str
    confidence: float | None
    sources: Sequence[Mapping[str, Any]]


def read_questions(file: Path) -> tuple[list[Document], list[Question]]:
    """The documents and questions of a file. ValueError when it has another shape."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        documents: list[Document] = [
            {"title": d["title"], "text": d["text"]} for d in data["documents"]
        ]
        return documents, [_question(one) for one in data["questions"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file} is not of the form {SHAPE}") from error


def _question(given: Mapping[str, Any]) -> Question:
    return Question(
        given["question"],
        given["answers"],
        given.get("title", ""),
        bool(given.get("paraphrased")),
        bool(given.get("held_out")),
    )


@contextmanager
def library_of(documents: Sequence[Document]) -> Iterator["Library"]:
    """A throw-away database that holds these documents in one space."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/evaluation.sqlite3")
        database = Database(engine)
        upgrade(engine)
        yield Library(database, documents)
        engine.dispose()


class Library:
    """One space with documents; `database` and `space_id` say where."""

    def __init__(self, database: Database, documents: Sequence[Document]) -> None:
        self.database = database
        with database.writing() as session:
            space = Space(slug="evaluation", name="Evaluation")
            session.add(space)
            session.flush()
            self.space_id = space.id
        self._ids: dict[str, str] = {}
        for document in documents:
            self._add(document)

    @contextmanager
    def without(self, document: Document) -> Iterator[None]:
        """The library lacks a document for a while."""
        with self.database.writing() as session:
            ingest.remove_document(session, self._ids[document["title"]], [self.space_id])
        yield
        self._add(document)

    def _add(self, document: Document) -> None:
        with self.database.writing() as session:
            added = ingest.add_document(
                session,
                space_id=self.space_id,
                title=document["title"],
                text=document["text"],
                kind="text",
                origin=document["title"],
                added_by=None,
            )
        self._ids[document["title"]] = added.id

    def judge(self, question: Question, way: Way) -> Outcome:
        """Ask one question and look for its gold answers."""
        began = time.perf_counter()
        answer = self.answer(question.question, way)
        seconds = time.perf_counter() - began
        cited = sentences_of(answer.text)
        return Outcome(
            question,
            first=any(holds(part, question.answers) for part in cited[:1]),
            whole=any(holds(part, question.answers) for part in cited[:SENTENCES]),
            found=self._finds(question, way),
            confidence=answer.confidence or 0.0,
            only_alike=answer.text.startswith(IN_OTHER_WORDS),
            seconds=seconds,
            markers=len(markers_of(answer.text)),
            misleading=len(self.misleading(answer)),
        )

    def _finds(self, question: Question, way: Way) -> bool:
        """Whether a passage with the answer, of the right document, is among the first."""
        spaces, depth = [self.space_id], Depth.BALANCED
        with self.database.querying() as session:
            found = search(session, question.question, space_ids=spaces, depth=depth, way=way)
        return any(
            holds(passage.text, question.answers) and question.title in ("", passage.title)
            for passage in found.passages[:FIRST]
        )

    def misleading(self, answer: Answer) -> list[tuple[int, str]]:
        """The markers of an answer that do not lead to their quote."""
        with self.database.querying() as session:
            return misleading(session, answer.text, answer.sources)

    def answer(self, question: str, way: Way = Way.BOTH) -> Answer:
        """The answer as the site's own pipeline writes it, unpaced."""
        log = LiveLog("evaluation", 1)
        attempt = Attempt(
            job=self._job(question),
            writer=RunWriter(log),
            provider=LibraryProvider(chunk_delay_ms=0),
            model="built-in",
        )
        bounds = Bounds(suggests=False, way=way)
        Pipeline(self.database, Semaphore(1), bounds).write_answer(attempt)
        told = [event for event in log.told() if isinstance(event, Context)]
        return Answer(log.text, log.confidence, told[-1].sources if told else [])

    def _job(self, question: str) -> Job:
        """A first question of somebody who sees only this space."""
        asked = Asked(
            conversation_id="evaluation",
            owner_id="evaluation",
            space_id=self.space_id,
            visibility="private",
            question_id="evaluation",
            question=question,
            asked_at="",
            client_id=None,
            history_from=None,
            message_id="evaluation",
            attempt=1,
            depth=Depth.BALANCED,
            provider="",
            model="",
            written="",
            thinking="",
            is_new=True,
        )
        viewer = Viewer("evaluation", "", "", Role.MEMBER, (self.space_id,))
        return Job(
            asked=asked, viewer=viewer, audience=Audience(viewer.id), space_ids=(self.space_id,)
        )
