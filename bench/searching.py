"""How long people's search takes: `python -m bench.searching [--database postgresql]`.

Fills a database with 100,000 messages and 10,000 documents, starts a site on it and asks
/api/search, one question after another. People see different parts of it: Bob his own conversations
and what his team shares, Alice the same as an owner of the team without any of her own, Nora a
single conversation, Charlie nothing. Beside each round stands what a request costs that searches
nothing. An address (`sqlite:////tmp/search/parley.db`, `postgresql://…`) is filled once and kept.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bench.sayings import Language, fill
from chat import finding
from chat.database import open_database
from chat.models import Message, SearchEntry, User
from tests.live import LiveSite
from tests.people import fill_database
from tests.postgresql import PostgresServer

_EACH = 30  # questions of each kind
_LIMIT_MS = 50.0
_PEOPLE = {"bob": "member", "alice": "owner", "nora": "one talk", "charlie": "nothing"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("url", nargs="?", help="of a database that is kept")
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--messages", type=int, default=100_000)
    options.add_argument("--documents", type=int, default=10_000)
    asked = options.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bench-searching-") as folder,
        _address(asked.url, asked.database, Path(folder)) as url,
    ):
        bob = prepare(url, asked.messages, asked.documents)
        address = url.replace("postgresql+psycopg:", "postgresql:", 1)
        with LiveSite(Path(folder) / "site", None, DATABASE_URL=address) as site:
            measure(site, bob)


@contextmanager
def _address(url: str | None, kind: str, folder: Path) -> Iterator[str]:
    """Of the database that is given, or of one for this run alone."""
    if url is not None:
        yield url.replace("postgresql:", "postgresql+psycopg:", 1)
    elif kind == "sqlite":
        yield f"sqlite:///{folder / 'parley.db'}"
    else:
        with PostgresServer(autovacuum="on", shared_buffers="128MB") as server:
            yield server.sqlalchemy_url(server.create())


def prepare(url: str, messages: int, documents: int) -> str:
    """Make and fill the database, unless it is; Bob's id."""
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
        finding.catch_up(database, patience=600)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
    with database.reading() as session:
        count = session.scalar(select(func.count(SearchEntry.number)))
        print(f"{count} texts in {database.engine.dialect.name}")
        bob = session.scalars(select(User.id).where(User.name == "Bob")).one()
    database.engine.dispose()
    return bob


def measure(site: LiveSite, bob: str) -> None:
    """Print a row for each kind of question: p50 and p95 in ms for each person."""
    print(f"{'':27}" + "".join(f"{who:^16}" for who in (*_PEOPLE.values(), "no search")))
    late: list[float] = []
    for name, asked in questions(Language(), bob):
        told = []
        for person in _PEOPLE:
            ask(site, f"/api/search?{asked[0]}", person)  # a first question of its form is compiled
            took = [_time(site, person, f"/api/search?{query}") for query in asked]
            late += [one for one in took if one > _LIMIT_MS]
            told.append(_shown(took))
        told.append(_shown([_time(site, "bob", "/api/spaces") for _ in asked]))
        print(f"{name:27}" + "".join(f"{one:^16}" for one in told), flush=True)
    print(f"{len(late)} took more than {_LIMIT_MS:.0f} ms, at most {max(late, default=0):.0f} ms")


def questions(language: Language, bob: str) -> Iterator[tuple[str, list[str]]]:
    """Kinds of questions, each with the queries that are sent."""
    for name, texts in words(language):
        yield name, [f"q={quote(text)}" for text in texts]
    two = dict(words(language))["two words"]
    yield "two words, of a month", [f"q={quote(text)}&when=month" for text in two]
    yield "two words, of a person", [f"q={quote(text)}&person={bob}" for text in two]


def words(language: Language) -> Iterator[tuple[str, list[str]]]:
    """Kinds of what is typed."""
    chance = random.Random(2)

    def some(low: int, high: int) -> list[str]:
        return [chance.choice(language.words[low:high]) for _ in range(_EACH)]

    yield "a word of every other text", some(0, 4)
    yield "a word of every 10th text", some(20, 60)
    yield "a word of every 100th text", some(300, 600)
    yield "a rare word", some(10_000, 40_000)
    yield "two words", [f"{a} {b}" for a, b in zip(some(50, 300), some(300, 900), strict=True)]
    yield "three words", [" ".join(some(20, 200)[:3]) for _ in range(_EACH)]
    yield "five words", [" ".join(some(20, 200)[:5]) for _ in range(_EACH)]
    yield "a beginning of 3 letters", [word[:3] for word in some(500, 5_000)]
    long = [word for word in language.words[300:20_000] if len(word) >= 8]
    slips = [_mistyped(chance.choice(long), chance) for _ in range(_EACH)]
    yield "one typing error", slips
    yield (
        "a typing error of two words",
        [f"{a} {b}" for a, b in zip(slips, some(50, 300), strict=True)],
    )
    yield "two errors in a word", [_mistyped(word, chance) for word in slips]
    yield "nothing like it", ["qx" + word[::-1] + "xq" for word in some(0, 1000)]


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(3, len(word) - 1)
    return word[:at] + "x" + word[at + 1 :]


def ask(site: LiveSite, path: str, person: str) -> None:
    status, body = site.request("GET", path, as_=person)
    if status != 200:
        raise RuntimeError(json.dumps(body))


def _time(site: LiveSite, person: str, path: str) -> float:
    """Milliseconds from the request to its answer."""
    began = time.perf_counter()
    ask(site, path, person)
    return (time.perf_counter() - began) * 1000


def _shown(milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    middle, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"{middle:.1f} / {p95:.1f}{' !' if p95 > _LIMIT_MS else ''}"


if __name__ == "__main__":
    main()
