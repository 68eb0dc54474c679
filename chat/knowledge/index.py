"""The full-text index over passages: one interface, whatever the database.

Keeps true: results agree between databases, since the tokens and the formula of the score (bm25)
are the same; what a person typed reaches no search grammar raw; passages of spaces that the viewer
is not in are left out by the query itself. `fts5.py` is the index of SQLite, `tsvector.py` that of
PostgreSQL. Imports them and the plain ground.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chat.database import Statements, dialect_of
from chat.knowledge import fts5
from chat.values import Passage


class Index(Protocol):
    """What both files do. A term of several words is a phrase."""

    def add(self, session: Statements, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write passages, each with what the index holds of it; rows have the table's columns."""
        ...

    def find(
        self, session: Statements, terms: Sequence[str], space_ids: Sequence[str], limit: int
    ) -> list[tuple[Passage, int]]:
        """The passages that suit the terms best, each with its number; one term is enough."""
        ...

    def frequencies(self, session: Statements, terms: Sequence[str]) -> list[int]:
        """In how many passages each of a few terms is found, counted to a bound."""
        ...

    def passages_in_all(self, session: Statements) -> int:
        """How many passages the index holds."""
        ...

    def a_text_with_beginning(
        self, session: Statements, start: str, space_ids: Sequence[str]
    ) -> str | None:
        """The words of the first passage that holds a word with this beginning; None without."""
        ...

    def a_text_with_stem(
        self, session: Statements, stem: str, space_ids: Sequence[str]
    ) -> str | None:
        """The same for a stem as the index has it, which a term would be cut to once more."""
        ...

    def stems_beginning(
        self, session: Statements, start: str, least: int, most: int
    ) -> list[tuple[str, int]]:
        """The stems with this beginning and a length from `least` to `most` characters.

        Each with the number of passages that hold it.
        """
        ...


def index_of(session: Statements) -> Index:
    """The index of the session's database."""
    if dialect_of(session) != "postgresql":
        return fts5
    from chat.knowledge import tsvector  # who has SQLite does without it

    return tsvector
