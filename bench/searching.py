"""How long people's search takes: `python -m bench.searching sqlite:////tmp/search/parley.db`.

Fills the database at the address, unless it is filled, with 100,000 messages and 10,000 documents,
starts a site on it and asks /api/search, one question after another. People see different parts of
it: Bob his own, what his team shares, and all documents; Charlie nothing of all that. An empty
database of PostgreSQL works too.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bench.sayings import Language, fill
from chat.database import open_database
from chat.models import Message, SearchEntry
from tests.live import LiveSite
from tests.people import fill_database

_EACH = 30  # questions of each kind
_LIMIT_MS = 50.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("url", help="of a database: sqlite:////path, or postgresql://…")
    options.add_argument("--messages", type=int, default=100_000)
    options.add_argument("--documents", type=int, default=10_000)
    asked = options.parse_args()
    url = asked.url.replace("postgresql:", "postgresql+psycopg:", 1)
    prepare(url, asked.messages, asked.documents)
    with (
        tempfile.TemporaryDirectory(prefix="bench-searching-") as folder,
        LiveSite(Path(folder), None, DATABASE_URL=asked.url) as site,
    ):
        measure(site)


def prepare(url: str, messages: int, documents: int) -> None:
    """Make and fill the database, unless it is."""
    database = open_database(url)
    known = 0
    with suppress(SQLAlchemyError), database.reading() as session:
        known = session.scalar(select(func.count(Message.id))) or 0
    if not known:
        database.engine.dispose()
        fill_database(url)
        began = time.perf_counter()
        database = open_database(url)
        fill(database, messages, documents)
        print(f"filled in {time.perf_counter() - began:.0f} s")
    with database.reading() as session:
        count = session.scalar(select(func.count(SearchEntry.number)))
        print(f"{count} texts in {url.partition(':')[0]}")
    database.engine.dispose()


def measure(site: LiveSite) -> None:
    """Print a row for each kind of question."""
    language = Language()
    for name, words in questions(language):
        for person in ("bob", "charlie"):
            ask(site, words[0], person)  # a first question of its form is compiled
            took, own, found = [], [], 0
            for text in words:
                began = time.perf_counter()
                body = ask(site, text, person)
                took.append((time.perf_counter() - began) * 1000)
                own.append(body["took_ms"])
                found += bool(body["items"])
            print(f"{name:26} {person:8} found {found:3}   {_line(took)}   search {_line(own)}")


def questions(language: Language) -> Iterator[tuple[str, list[str]]]:
    """Kinds of questions, each with what is asked."""
    chance = random.Random(2)

    def some(low: int, high: int) -> list[str]:
        return [chance.choice(language.words[low:high]) for _ in range(_EACH)]

    yield "a word of every other text", some(0, 4)
    yield "a word of every 10th text", some(20, 60)
    yield "a word of every 100th text", some(300, 600)
    yield "a rare word", some(10_000, 40_000)
    yield "two words", [f"{a} {b}" for a, b in zip(some(50, 300), some(300, 900), strict=True)]
    yield "five words", [" ".join(some(20, 200)[:5]) for _ in range(_EACH)]
    yield "a beginning of 3 letters", [word[:3] for word in some(500, 5_000)]
    long = [word for word in language.words[300:20_000] if len(word) >= 8]
    yield "one typing error", [_mistyped(chance.choice(long), chance) for _ in range(_EACH)]
    yield (
        "two errors",
        [_mistyped(_mistyped(chance.choice(long), chance), chance) for _ in range(_EACH)],
    )
    yield "nothing like it", ["qx" + word[::-1] + "xq" for word in some(0, 1000)]


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(3, len(word) - 1)
    return word[:at] + "x" + word[at + 1 :]


def ask(site: LiveSite, text: str, person: str) -> dict[str, float]:
    status, body = site.request("GET", f"/api/search?q={quote(text)}", as_=person)
    if status != 200:
        raise RuntimeError(json.dumps(body))
    return body  # type: ignore[no-any-return]


def _line(milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    late = "" if ordered[-1] < _LIMIT_MS else " !"
    middle, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"p50 {middle:5.1f}  p95 {p95:5.1f}  max {ordered[-1]:5.1f} ms{late}"


if __name__ == "__main__":
    main()
