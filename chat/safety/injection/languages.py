"""Instructions to the model in other languages than English, from the tables in `languages/`.

Keeps true: a language is a table of its words; the rules are built of them in the same way, what is
left and what it is in either order, since many languages put the verb last. The tables are written
with accents, which are taken off as those of the texts are. Imports folding, rule and tables.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chat.safety.injection.finding import Kind
from chat.safety.injection.folding import without_accents
from chat.safety.injection.rule import Rule
from chat.safety.injection.tables import joined, read_table

FOLDER = Path(__file__).with_name("languages")
_WITHIN = r"[^.!?。！？\n]{0,%d}?"  # of one sentence
# Whole patterns: that it is somebody else now, that it shows what it was told, that it hides
# something from who reads, that it is spoken to as a model, what it shall answer, what it shall
# send where, which tools it shall use.
_SAYINGS = ("role", "reveal", "secrecy", "addressed", "steering", "carry", "tool")


@dataclass(frozen=True, slots=True)
class Language:
    """The rules of one language, and how a text of it is told: by words or a range of letters."""

    rules: Sequence[Rule]
    common: frozenset[str]
    letters: re.Pattern[str] | None

    def may_be(self, folded: str, words: Set[str]) -> bool:
        """Whether a folded text with these words may hold something in this language."""
        if self.letters is not None:
            return not folded.isascii() and self.letters.search(folded) is not None
        return not self.common.isdisjoint(words)


@cache
def languages() -> Sequence[Language]:
    """All of them, read once."""
    return tuple(_language(read_table(path)) for path in sorted(FOLDER.glob("*.toml")))


def _language(table: Mapping[str, Any]) -> Language:
    common = table["common"]
    is_range = common.startswith("[")
    return Language(
        tuple(_rules(table)),
        frozenset() if is_range else frozenset(without_accents(common).split()),
        re.compile(common) if is_range else None,
    )


def _rules(table: Mapping[str, Any]) -> Iterator[Rule]:
    is_spaced = table.get("spaced", True)
    near, bound = _WITHIN % (50 if is_spaced else 16), r"(?<!\w)" if is_spaced else ""
    leave, orders = f"{bound}(?:{_bounded(table['leave'])})", f"(?:{_bounded(table['orders'])})"
    either = f"{leave}{near}{orders}|{bound}{orders}{near}{leave}"
    yield Rule("override", "instructions", either)
    for saying in _SAYINGS:
        if saying in table:
            kind: Kind = "links" if saying == "carry" else "instructions"
            yield Rule(f"{saying}~", kind, _bounded(table[saying]))


def _bounded(pattern: str) -> str:
    """With ends of words that are no longer than words are, so that each is read but once."""
    return joined(pattern).replace(r"\w*", r"\w{0,16}")
