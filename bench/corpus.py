"""A library to measure with: documents that are all alike in size and all different in words."""

import random
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine

from chat import spaces
from chat.database import Database
from chat.knowledge import ingest, preparing

_THINGS = "pump valve crane boiler turbine ledger archive gateway beacon harvester compressor kiln"
_KINDS = (
    "northern southern spare primary secondary mobile upper lower coastal inner outer temporary"
)
_TEAMS = "harbour finance platform garden kitchen transport workshop research security support"
_WORDS = (
    "check record report measure replace clean open close team week pressure value shift manual "
    "note tool door water paper night morning signal cable table storage sample contract door plan"
)


def subjects(count: int) -> list[str]:
    """So many different things that a document can be about: `the spare pump 17`."""
    things, kinds = _THINGS.split(), _KINDS.split()
    return [
        f"{kinds[n % len(kinds)]} {things[n // len(kinds) % len(things)]} {n}" for n in range(count)
    ]


def documents(count: int, seed: int = 1) -> Iterator[str]:
    """Markdown of about 400 words each; each answers how often its subject is inspected."""
    chance, words, teams = random.Random(seed), _WORDS.split(), _TEAMS.split()
    for subject in subjects(count):
        filler = [" ".join(chance.choices(words, k=14)).capitalize() + "." for _ in range(24)]
        days, team = chance.randint(2, 90), chance.choice(teams)
        fact = f"The {subject} is inspected every {days} days by the {team} team."
        middle = " ".join(filler[:12])
        yield f"# The {subject}\n\n{middle}\n\n{fact} {' '.join(filler[12:])}\n"


def question(subject: str) -> str:
    return f"How often is the {subject} inspected, and by which team?"


def fill(path: Path, count: int) -> None:
    """Add the documents to the team's space of a database."""
    database = Database(create_engine(f"sqlite:///{path}"))
    with database.writing() as session:
        space_id = spaces.default_space(session).id
    for number, text in enumerate(documents(count)):
        prepared = preparing.prepare("", text, "markdown")
        with database.writing() as session:
            ingest.store(session, prepared, space_id=space_id, origin=f"{number}.md", added_by=None)
    database.engine.dispose()
