"""`flask --app app evaluate FILE`: how good the library's answers are on questions with answers.

Loads the documents of the file into a throw-away database, asks every question over all of them and
prints the figures of docs/evaluation.md. May import every floor.
"""

import json
import re
import string
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine

from chat.answering.attempt import Attempt
from chat.answering.context import Job
from chat.answering.pipeline import Bounds, Pipeline
from chat.conversations import Asked
from chat.database import Database
from chat.eventlog.live import LiveLog
from chat.eventlog.notices import Audience
from chat.eventlog.sql import RunWriter
from chat.knowledge.ingest import add_document
from chat.migrate import upgrade
from chat.models import Space
from chat.providers.library import LibraryProvider
from chat.values import Depth, Role, Viewer

_MARKER = re.compile(r"\s*\[(\d+)\]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
SENTENCES = 3  # of an answer are judged


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question's result: was the gold answer in the first sentence, in the whole answer."""

    first: bool
    whole: bool
    confidence: float
    seconds: float


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def evaluate(file: Path) -> None:
    """Ask every question of FILE and print how often, how sure and how fast it was right."""
    data = read_questions(file)
    with library_of(data["documents"]) as (database, space_id):
        outcomes = [judge(database, space_id, question) for question in data["questions"]]
    for line in report(outcomes):
        click.echo(line)


def read_questions(file: Path) -> dict[str, Any]:
    """The documents and questions of the file; a usage error when it has another shape."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        documents = [{"title": d["title"], "text": d["text"]} for d in data["documents"]]
        questions = [
            {"question": q["question"], "answers": q["answers"]} for q in data["questions"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        shape = '{"documents": [{title, text}], "questions": [{question, answers}]}'
        raise click.UsageError(f"{file} is not of the form {shape}") from error
    return {"documents": documents, "questions": questions}


@contextmanager
def library_of(documents: Sequence[dict[str, Any]]) -> Iterator[tuple[Database, str]]:
    """A throw-away database that holds these documents in one space."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/evaluation.sqlite3")
        database = Database(engine)
        upgrade(engine)
        with database.writing() as session:
            space = Space(slug="evaluation", name="Evaluation")
            session.add(space)
            session.flush()
            for document in documents:
                add_document(
                    session,
                    space_id=space.id,
                    title=document["title"],
                    text=document["text"],
                    kind="text",
                    origin=document["title"],
                    added_by=None,
                )
        yield database, space.id
        engine.dispose()


def answer(database: Database, space_id: str, question: str) -> tuple[str, float | None]:
    """The answer as the site's own pipeline writes it, unpaced, with its last confidence."""
    log = LiveLog("evaluation", 1)
    attempt = Attempt(
        job=_job(space_id, question),
        writer=RunWriter(log),
        provider=LibraryProvider(chunk_delay_ms=0),
        model="built-in",
    )
    Pipeline(database, nullcontext(), Bounds()).write_answer(attempt)
    return log.text, log.confidence


def _job(space_id: str, question: str) -> Job:
    """A first question of somebody who sees only this space."""
    asked = Asked(
        conversation_id="evaluation",
        owner_id="evaluation",
        space_id=space_id,
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
    viewer = Viewer("evaluation", "", "", Role.MEMBER, (space_id,))
    return Job(asked=asked, viewer=viewer, audience=Audience(viewer.id), space_ids=(space_id,))


def judge(database: Database, space_id: str, question: dict[str, Any]) -> Outcome:
    """Ask one question and look for its gold answers."""
    began = time.perf_counter()
    text, confidence = answer(database, space_id, question["question"])
    seconds = time.perf_counter() - began
    cited = sentences_of(text)
    first = any(holds(part, question["answers"]) for part in cited[:1])
    whole = any(holds(part, question["answers"]) for part in cited[:SENTENCES])
    return Outcome(first, whole, confidence or 0.0, seconds)


def sentences_of(text: str) -> list[str]:
    """The sentences of an answer: each ends with its marker (and the stop after it)."""
    parts = _MARKER.split(text)
    return parts[0::2][: len(parts) // 2] or [text]


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the gold answers is in `text`, both normalised."""
    said = normal(text)
    return any(normal(one) in said for one in answers)


def normal(text: str) -> str:
    """Case, punctuation, articles and white space taken away, as SQuAD's own script does."""
    plain = text.casefold().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al., 2015)."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for value, right in pairs:
        held[min(bins - 1, int(value * bins))].append((value, right))
    gaps = (abs(sum(v for v, _ in one) - sum(r for _, r in one)) for one in held if one)
    return sum(gaps) / max(1, len(pairs))


def area_under_curve(pairs: Sequence[tuple[float, bool]]) -> float:
    """The chance that a right answer has more confidence than a wrong one, ties counted half."""
    right = [value for value, good in pairs if good]
    wrong = [value for value, good in pairs if not good]
    if not right or not wrong:
        return float("nan")
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return wins / (len(right) * len(wrong))


def report(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The figures, a line each."""
    count = max(1, len(outcomes))
    yield f"questions                          {len(outcomes)}"
    yield f"gold answer in first sentence      {sum(o.first for o in outcomes) / count:.3f}"
    yield f"gold answer in whole answer        {sum(o.whole for o in outcomes) / count:.3f}"
    whole = [(o.confidence, o.whole) for o in outcomes]
    first = [(o.confidence, o.first) for o in outcomes]
    yield f"calibration error (whole answer)   {calibration_error(whole):.3f}"
    yield f"area under the curve (whole)       {area_under_curve(whole):.3f}"
    yield f"calibration error (first)          {calibration_error(first):.3f}"
    yield f"area under the curve (first)       {area_under_curve(first):.3f}"
    times = sorted(o.seconds * 1000 for o in outcomes) or [0.0]
    yield f"time of an answer, median          {times[len(times) // 2]:.1f} ms"
    yield f"time of an answer, 95th percentile {times[int(len(times) * 0.95)]:.1f} ms"


if __name__ == "__main__":
    evaluate()


command = evaluate
