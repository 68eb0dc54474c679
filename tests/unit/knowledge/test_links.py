"""The stored counts are those of the stored mentions, whatever comes, changes and goes."""

import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from chat.database import Database
from chat.knowledge import handbook, ingest, preparing, storing
from chat.models import Concept, Document, Link, Mention

WORDS = ("Alder Point", "Holt", "Bergen", "Dover", "Elbe", "Fair Isle", "Gale", "Humber")


@pytest.mark.parametrize("seed", range(4))
def test_counting_on_equals_counting_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(ingest, "SLICE", 3)
    monkeypatch.setattr(storing, "_BREATH", 0.0)
    chance = random.Random(seed)
    for step in range(12):
        _one_change(database, chance, step)
        with database.reading() as session:
            _check(session)
    with database.reading() as session:
        left = list(session.scalars(select(Document.id)))
    for document_id in left:
        storing.remove(database, document_id, ["team", "board"])
    with database.reading() as session:
        for table in (Concept, Mention, Link):
            assert session.execute(select(table)).first() is None


def _one_change(database: Database, chance: random.Random, step: int) -> None:
    with database.reading() as session:
        documents = list(session.scalars(select(Document.id).order_by(Document.id)))
    if documents and chance.random() < 0.3:
        storing.remove(database, chance.choice(documents), ["team", "board"])
        return
    sections = [_section(chance) for _ in range(chance.randint(1, 9))]
    prepared = preparing.prepare("", f"# Page {step}\n\n" + "\n\n".join(sections), "markdown")
    storing.add(
        database,
        prepared,
        space_id=chance.choice(["team", "board"]),
        origin=f"{chance.randint(1, 3)}.md",  # some are new versions of others
        added_by=None,
        replaces=True,
    )


def _section(chance: random.Random) -> str:
    names = chance.sample(WORDS, chance.randint(0, 5))
    return f"## {chance.choice(WORDS)}\n\nThe ships of {', '.join(names) or 'nobody'} wait."


def _check(session: Session) -> None:
    """The counts are those of a count from the beginning."""
    passages: dict[int, list[int]] = {}
    for number, concept in session.execute(select(Mention.passage_number, Mention.concept_id)):
        passages.setdefault(number, []).append(concept)
    mentioned = Counter(concept for held in passages.values() for concept in held)
    shared = Counter(pair for held in passages.values() for pair in combinations(sorted(held), 2))
    concepts = session.execute(select(Concept.id, Concept.passages))
    links = session.execute(select(Link.concept_id, Link.other_id, Link.passages))
    assert {row[0]: row[1] for row in concepts} == mentioned
    assert {(row[0], row[1]): row[2] for row in links} == shared


def test_a_page_of_the_handbook_that_changed_is_counted_once(
    session: Session, tmp_path: Path
) -> None:
    page = tmp_path / "ships.md"
    for text in ("# Ships\n\nHolt and Alder Point.", "# Ships\n\nHolt and Fair Isle."):
        page.write_text(text)
        assert handbook.load_handbook(session, "team", tmp_path) == 1
        _check(session)
