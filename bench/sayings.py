"""Conversations and documents to search in, as many as asked for, in words that look like some.

How often a word comes follows Zipf's law (the word of rank r about 1 in r), as in any language.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from chat.accounts.tokens import token_hash
from chat.database import Database, dialect_of
from chat.knowledge.index import index_of
from chat.knowledge.meaning import vectors
from chat.knowledge.meaning.folding import fold_passage
from chat.models import ApiToken, Conversation, Document, Member, Message, Passage, Space, User
from chat.values import new_id, utc_now
from tests.people import api_token

_WORDS = 60_000
_PEOPLE = 50
_TURNS = 10  # messages of a conversation: a question of 12 words, an answer of 180, in turns
_PASSAGES = 4  # of a document, of 90 words each
_SHARED = 0.3  # of the conversations are shared with their space
_AT_ONCE = 5_000  # messages of one transaction
_PLAIN = {"heading": "", "place": "", "stems": "", "findings": None}
_VECTOR = fold_passage("Harbour", "", "ships and cranes")
_GIN = text("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%'")


class Language:
    """Made-up words, the usual ones short, and texts of them; the same each time."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self.words = list(islice(dict.fromkeys(self._make()), _WORDS))
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(_WORDS)))

    def text(self, words: int) -> str:
        return " ".join(self._chance.choices(self.words, cum_weights=self._weights, k=words))

    def _make(self) -> Iterator[str]:
        for number in range(_WORDS * 2):  # among the short ones many come twice
            syllables = 1 + min(4, number // 300 + self._chance.randint(0, 2))
            word = "".join(
                self._chance.choice("bcdfghjklmnprstvw") + self._chance.choice("aeiou")
                for _ in range(syllables)
            )
            yield word + self._chance.choice(["", "", "n", "s", "r", "t", "l"])


def fill(database: Database, messages: int, documents: int) -> None:
    """Add them to the site of the three people: Bob's team, and others who share less with him."""
    language = Language()
    with database.writing() as session:
        team, people = _people(session)
        _talk(session, language, team, [_newcomer(session)], range(99, 100))
    with _hurrying(database):
        for start in range(0, messages // _TURNS, _AT_ONCE // _TURNS):
            numbers = range(start, min(messages // _TURNS, start + _AT_ONCE // _TURNS))
            with _patiently(database) as session:
                _talk(session, language, team, people, numbers)
        for start in range(0, documents, _AT_ONCE // _PASSAGES):
            count = min(_AT_ONCE // _PASSAGES, documents - start)
            with _patiently(database) as session:
                _write(session, language, team, people[0], count)


@contextmanager
def _patiently(database: Database) -> Iterator[Session]:
    """A session whose statements, which are of thousands of rows, take their time."""
    with database.writing() as session:
        if dialect_of(session) == "postgresql":
            session.execute(text("SET LOCAL statement_timeout = 0"))
        yield session


@contextmanager
def _hurrying(database: Database) -> Iterator[None]:
    """PostgreSQL makes its indexes at the end of the block; SQLite has a large cache meanwhile."""
    if database.engine.dialect.name != "postgresql":
        with database.querying() as connection:  # the pool gives the same one to who writes
            connection.exec_driver_sql("PRAGMA cache_size=-200000")
        yield
        return
    with database.changing() as connection:
        found = connection.execute(_GIN).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    with database.changing() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in found:
            connection.exec_driver_sql(definition)
        connection.exec_driver_sql("ANALYZE")


def _people(session: Session) -> tuple[str, list[str]]:
    """The team's space, and everybody who talks, Bob first; every other is in the team."""
    [bob] = session.scalars(select(User.id).where(User.name == "Bob"))
    [team] = session.scalars(select(Space.id).where(Space.slug == "team"))
    people = [new_id() for _ in range(_PEOPLE - 1)]
    session.execute(
        insert(User),
        [
            {"id": i, "email": f"{i}@example.org", "name": f"Person {n}", "password_hash": "-",
             "role": "member"}
            for n, i in enumerate(people)
        ],
    )  # fmt: skip
    session.execute(
        insert(Member), [{"space_id": team, "user_id": i, "role": "editor"} for i in people[::2]]
    )
    return team, [bob, *people]


def _newcomer(session: Session) -> str:
    """Nora, who is in no space and sees only what she says herself."""
    nora = new_id()
    row = {"id": nora, "email": "nora@example.org", "name": "Nora", "password_hash": "-"}
    session.execute(insert(User), [row | {"role": "member"}])
    key = token_hash(api_token("nora"))
    session.add(ApiToken(id=new_id(), token_hash=key, user_id=nora, name="bench"))
    session.flush()
    return nora


def _talk(
    session: Session, language: Language, team: str, people: Sequence[str], numbers: range
) -> None:
    conversations: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for number in numbers:
        owner, place = people[number % len(people)], new_id()
        shared = number * 37 % 100 < _SHARED * 100
        at = utc_now() - timedelta(minutes=10 * (10_000 - number))
        parent = None
        for turn in range(_TURNS):
            asks = turn % 2 == 0
            row = {"id": new_id(), "conversation_id": place, "parent_id": parent}
            row |= {"role": "user" if asks else "assistant", "created_at": at}
            row |= {"author_id": owner if asks else None}
            said.append(row | {"content": language.text(12 if asks else 180)})
            parent = row["id"]
        row = {"id": place, "owner_id": owner, "title": language.text(5), "leaf_id": parent}
        row |= {"space_id": team if shared else None, "created_at": at, "active_at": at}
        conversations.append(row | {"visibility": "space" if shared else "private"})
    session.execute(insert(Conversation), conversations)
    session.execute(insert(Message), said)


def _write(session: Session, language: Language, team: str, author: str, count: int) -> None:
    documents: list[dict[str, Any]] = []
    passages: list[dict[str, Any]] = []
    for _ in range(count):
        document, title = new_id(), language.text(4)
        texts = [language.text(90) for _ in range(_PASSAGES)]
        whole = "\n\n".join(texts)
        row = {"id": document, "space_id": team, "title": title, "kind": "text", "origin": "bench"}
        row |= {"sha256": hashlib.sha256(whole.encode()).hexdigest(), "text": whole}
        documents.append(row | {"passages": _PASSAGES, "added_by": author})
        for position, said in enumerate(texts):
            row = {"id": new_id(), "document_id": document, "space_id": team, "title": title}
            passages.append(row | _PLAIN | {"position": position, "text": said})
    session.execute(insert(Document), documents)
    index_of(session).add(session, passages)
    # One vector for all: a start of the site would fold each of them, and people's search has none.
    stored = select(Passage.number).where(Passage.id.in_([row["id"] for row in passages]))
    numbers = session.scalars(stored).all()
    vectors.save(session, [(number, _VECTOR) for number in numbers])
