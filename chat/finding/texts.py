"""The texts that people search: one interface, whatever the database.

Keeps true: a query reads so many rows and no more, so that common words cost no more than rare
ones; what the viewer may not see is left out by the query itself (`scope.py`). `fts5.py` is for
SQLite, `tsvector.py` for PostgreSQL, `held.py` for who sees only a few. Imports them, what is
asked, and the plain ground.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from chat.database import Statements, dialect_of
from chat.finding.asked import Term
from chat.finding.hits import Hit
from chat.finding.scope import Scope


class Texts(Protocol):
    """What both files do."""

    def find(
        self, session: Statements, terms: Sequence[Term], scope: Scope, *, every: bool = True
    ) -> list[Hit]:
        """The newest texts within the scope that have `every` term, or else any of them."""
        ...

    def has_any(self, session: Statements, terms: Sequence[Term], scope: Scope) -> bool:
        """Whether a text within the scope has one of the terms."""
        ...

    def known(self, session: Statements, words: Sequence[str]) -> list[str]:
        """Those of the words that some text holds, whoever may see it; mostly usual ones first."""
        ...

    def beginnings(self, session: Statements, start: str) -> Iterator[list[str]]:
        """Words with this beginning that some text holds, whoever may see it; usual ones first.

        In lists: the next one is worth its time where those before did not help.
        """
        ...


def texts_within(session: Statements, scope: Scope) -> Texts:
    """Where the texts of a scope are looked for."""
    return scope.held or texts_of(session)


def texts_of(session: Statements) -> Texts:
    """The texts in the session's database."""
    if dialect_of(session) != "postgresql":
        from chat.finding import fts5

        return fts5
    from chat.finding import tsvector  # who has SQLite does without it

    return tsvector
