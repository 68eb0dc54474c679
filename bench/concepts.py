"""What one more document costs in a large library: `python -m bench.concepts`.

Fills a library with documents whose names come back as those of real texts do (Zipf), then adds
documents of three sizes, replaces and removes them, and reads graphs. What is timed begins where
the reading of a file has ended: its passages and their concepts are known, nothing is stored.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from chat import spaces
from chat.database import Database, open_database
from chat.knowledge import storing
from chat.knowledge.concepts import save_mentions
from chat.knowledge.graph import read_graph
from chat.knowledge.index import index_of
from chat.knowledge.meaning import vectors
from chat.knowledge.meaning.folding import fold_passage
from chat.knowledge.mentions import read_concept
from chat.knowledge.passages import Cut
from chat.knowledge.phrases import key_of
from chat.knowledge.preparing import Prepared
from chat.models import Concept, Document, Link, Mention, Passage
from chat.values import new_id
from tests.people import fill_database
from tests.postgresql import PostgresServer

_NAMES = 60_000  # that the texts choose from
_EACH = 8  # of them in a passage
_WORDS = ("check", "record", "report", "measure", "replace", "clean", "team", "week", "value")
_PASSAGES = 3  # of a document of the library
_TOGETHER = 200  # documents that are filled in at once
_SIZES = (3, 30, 300)
_TIMES = 7


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = options.parse_args()
    with _database(chosen.database) as database:
        with database.writing() as session:
            space_id = spaces.default_space(session).id
        texts = _Texts()
        began = time.perf_counter()
        _fill(database, space_id, texts, chosen.documents)
        print(f"{chosen.database}: filled in {time.perf_counter() - began:.0f} s")
        _tell_sizes(database)
        _measure_changes(database, space_id, texts)
        _measure_reading(database, space_id)


@contextmanager
def _database(kind: str) -> Iterator[Database]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="bench-concepts-") as folder:
            url = f"sqlite:///{Path(folder) / 'parley.db'}"
            fill_database(url)
            database = open_database(url)
            yield database
            database.engine.dispose()
        return
    with PostgresServer(autovacuum="on", shared_buffers="128MB") as server:
        url = server.sqlalchemy_url(server.create())
        fill_database(url)
        database = open_database(url)
        yield database
        database.engine.dispose()


class _Texts:
    """Documents that are ready to be stored, each different from all before."""

    def __init__(self) -> None:
        self._chance = random.Random(1)
        self._names = [f"Harbour {n:x}" if n % 3 else f"Quay{n}" for n in range(_NAMES)]
        self._keys = [key_of(name) for name in self._names]
        self._weights = list(accumulate(1 / (n + 1) for n in range(_NAMES)))
        self._vector = fold_passage("Harbours", "", " ".join(_WORDS))
        self._count = 0

    def document(self, passages: int) -> Prepared:
        self._count += 1
        held = [self._passage() for _ in range(passages)]
        text = "\n\n".join(cut.text for cut, _ in held)
        return Prepared(
            title=f"Document {self._count}",
            text=text,
            kind="text",
            sha256=f"{self._count:064x}",
            passages=[cut for cut, _ in held],
            concepts=[concepts for _, concepts in held],
            vectors=[self._vector] * passages,
        )

    def _passage(self) -> tuple[Cut, dict[str, str]]:
        chosen = self._chance.choices(range(_NAMES), cum_weights=self._weights, k=_EACH)
        concepts = {self._keys[n]: self._names[n] for n in chosen}
        lines = [
            f"{name} has {' '.join(self._chance.choices(_WORDS, k=14))}."
            for name in concepts.values()
        ]
        return Cut("", " ".join(lines)), concepts


def _fill(database: Database, space_id: str, texts: _Texts, count: int) -> None:
    """What `ingest` would write for so many documents, many of them with each statement."""
    for start in range(0, count, _TOGETHER):
        some = [texts.document(_PASSAGES) for _ in range(start, min(count, start + _TOGETHER))]
        documents = [_row_of(one, space_id) for one in some]
        with database.writing() as session:
            session.execute(insert(Document), documents)
            rows = [
                row
                for one, document in zip(some, documents, strict=True)
                for row in _passages_of(one, document)
            ]
            index_of(session).add(session, rows)
            stored = session.execute(
                select(Passage.id, Passage.number).where(Passage.id.in_([r["id"] for r in rows]))
            )
            numbers = {row[0]: row[1] for row in stored}
            found = [concepts for one in some for concepts in one.concepts]
            mentioned = [(numbers[row["id"]], held) for row, held in zip(rows, found, strict=True)]
            save_mentions(session, space_id, mentioned)
            vectors.save(session, [(number, some[0].vectors[0]) for number in numbers.values()])


def _row_of(prepared: Prepared, space_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "space_id": space_id,
        "title": prepared.title,
        "kind": prepared.kind,
        "origin": f"{prepared.title}.txt",
        "sha256": prepared.sha256,
        "text": prepared.text,
        "passages": _PASSAGES,
    }


def _passages_of(prepared: Prepared, document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position, cut in enumerate(prepared.passages):
        yield {
            "id": new_id(),
            "document_id": document["id"],
            "space_id": document["space_id"],
            "position": position,
            "title": prepared.title,
            "heading": cut.heading,
            "place": cut.place,
            "text": cut.text,
            "stems": "",
            "findings": None,
        }


def _tell_sizes(database: Database) -> None:
    with database.reading() as session:
        counts = [
            f"{session.scalar(select(func.count()).select_from(table)):,} {table.__tablename__}"
            for table in (Passage, Concept, Mention, Link)
        ]
    print(", ".join(counts))


def _measure_changes(database: Database, space_id: str, texts: _Texts) -> None:
    for size in _SIZES:
        names = [f"{size} passages {number}" for number in range(_TIMES)]
        added = [_add(database, space_id, name, texts.document(size)) for name in names]
        _tell(f"add {size} passages", [seconds for seconds, _ in added])
        again = [_add(database, space_id, name, texts.document(size)) for name in names]
        _tell(f"replace {size} passages", [seconds for seconds, _ in again])
        left = iter([document_id for _, document_id in added])
        _time(f"remove {size} passages", lambda left=left: _remove(database, next(left), space_id))


def _add(database: Database, space_id: str, origin: str, prepared: Prepared) -> tuple[float, str]:
    """Seconds that it took to store a document, and its id."""
    began = time.perf_counter()
    document = storing.add(
        database,
        prepared,
        space_id=space_id,
        origin=origin,
        added_by=None,
        replaces=True,
    )
    return time.perf_counter() - began, document.id


def _remove(database: Database, document_id: str, space_id: str) -> None:
    storing.remove(database, document_id, [space_id])


def _measure_reading(database: Database, space_id: str) -> None:
    for most in (40, 150, 500):
        _time(f"graph of {most}", lambda most=most: _read(database, space_id, most))
    with database.querying() as session:
        first = read_graph(session, [space_id], most=40).nodes[0]
    _time(f"concept of {first.passages} passages", lambda: _read_one(database, space_id, first.key))


def _read(database: Database, space_id: str, most: int) -> None:
    with database.querying() as session:
        read_graph(session, [space_id], most=most)


def _read_one(database: Database, space_id: str, key: str) -> None:
    with database.querying() as session:
        read_concept(session, [space_id], key)


def _time(what: str, do: Callable[[], None]) -> None:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    _tell(what, taken)


def _tell(what: str, seconds: list[float]) -> None:
    middle, most = statistics.median(seconds), max(seconds)
    print(f"{what:28} median {1000 * middle:7.1f} ms, most {1000 * most:7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
