"""The texts of somebody who sees only a few, read and looked through here.

An index would lead to what everybody has said, to be left out again. Keeps true: what is read is
what the scope lets its viewer see; few texts and little of them, else the index is asked. Does what
`texts.py` says. Imports what is asked, marking and the tables.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from chat.database import Statements
from chat.finding.asked import Term, folded, widened
from chat.finding.hits import LOOKED_AT, Hit
from chat.finding.marking import pattern_of
from chat.finding.tables import CONVERSATIONS, ENTRIES, MESSAGES

MOST_TEXTS = LOOKED_AT
MOST_LETTERS = 300_000
_WORD = re.compile(r"[^\W_]+")
_TEXT = func.coalesce(MESSAGES.c.content, CONVERSATIONS.c.title, "")


@dataclass(frozen=True, slots=True)
class Said:
    """A title or a message, its text as words are compared."""

    place_id: str
    text_id: str | None
    at: datetime | None
    text: str


@dataclass(frozen=True)
class Held:
    """All texts of a scope, the newest first."""

    texts: Sequence[Said]

    def find(
        self, _session: Statements, terms: Sequence[Term], _scope: Any, *, every: bool = True
    ) -> list[Hit]:
        patterns = [_patterns(term) for term in widened(terms)]
        return list(self._hits(patterns, every=every))[:LOOKED_AT]

    def has_any(self, _session: Statements, terms: Sequence[Term], _scope: Any) -> bool:
        return any(self._hits([_patterns(term) for term in widened(terms)], every=False))

    def known(self, _session: Statements, words: Sequence[str]) -> list[str]:
        wanted = set(words)
        return [word for word in self._words if word in wanted]

    def beginnings(self, _session: Statements, start: str) -> Iterator[list[str]]:
        start = folded(start)
        yield [word for word in self._words if word.startswith(start)]

    @cached_property
    def _words(self) -> list[str]:
        """All words, usual ones first."""
        counts = Counter(word for said in self.texts for word in _WORD.findall(said.text))
        return [word for word, _ in counts.most_common()]

    def _hits(self, patterns: Sequence["_Pair"], *, every: bool) -> Iterator[Hit]:
        suits = all if every else any
        for said in self.texts:
            counts = [len(wide.findall(said.text)) for wide, _ in patterns]
            if suits(counts):
                exact = sum(len(as_it_is.findall(said.text)) for _, as_it_is in patterns)
                score = (sum(counts) + exact) / (1 + math.log(1 + len(said.text)))
                yield Hit(said.place_id, said.text_id, said.at, score)


_Pair = tuple[re.Pattern[str], re.Pattern[str]]


def read_held(
    session: Statements, places: Sequence[str], conditions: Sequence[ColumnElement[bool]]
) -> Held | None:
    """The texts of these conversations; None where they are too many or too long."""

    def of(*columns: Any) -> Select[Any]:
        joined = ENTRIES.outerjoin(MESSAGES, MESSAGES.c.id == ENTRIES.c.text_id)
        joined = joined.join(CONVERSATIONS, CONVERSATIONS.c.id == ENTRIES.c.place_id)
        query = select(*columns).select_from(joined).where(ENTRIES.c.place_id.in_(places))
        return query.where(ENTRIES.c.number > 0, *conditions)

    size = func.coalesce(func.sum(func.length(_TEXT)), 0)
    count, letters = session.execute(of(func.count(), size)).one()
    if count > MOST_TEXTS or letters > MOST_LETTERS:
        return None
    columns = ENTRIES.c.place_id, ENTRIES.c.text_id, ENTRIES.c.at, _TEXT
    rows = session.execute(of(*columns).order_by(ENTRIES.c.number.desc()))
    return Held([Said(place, text_id, at, folded(text)) for place, text_id, at, text in rows])


def _patterns(term: Term) -> _Pair:
    """Every form of a term, and the term as it is."""
    wide, exact = (re.compile(rf"(?<![^\W_]){pattern_of(one)}") for one in (term, term.exact))
    return wide, exact
