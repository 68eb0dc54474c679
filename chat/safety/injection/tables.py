"""The tables beside this file, and how they are read.

Keeps true: a table is read once, when a text is first looked at. Imports rule.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from chat.safety.injection.rule import Rule

_HERE = Path(__file__).parent
_FAMILIES = ("instructions", "turns", "links")
_PART = re.compile(r"@([a-z_]+)(\d*)@")
# Up to so many words in between. Each takes all that it can and gives nothing back: since quotes
# may stand within words and between them, there would be too many ways to tell them apart.
_BETWEEN = r"[\s,;:\"'*_()/-]++"
_GAP = rf"(?:{_BETWEEN}[^\W_]++(?:'[^\W_]++)?+){{0,%s}}?{_BETWEEN}"


def read_table(path: Path) -> Mapping[str, Any]:
    """A table; its patterns are in one line, whatever the file's lines are."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def joined(pattern: str) -> str:
    """A pattern whose lines are broken only for who reads them."""
    return pattern.replace("\n", "")


@cache
def families() -> Sequence[Rule]:
    """The rules of all families, in order."""
    return tuple(rule for name in _FAMILIES for rule in _rules(read_table(_HERE / f"{name}.toml")))


def read_concepts() -> Mapping[str, Any]:
    """What `concepts.toml` holds."""
    return read_table(_HERE / "concepts.toml")


@cache
def word_pattern(name: str) -> re.Pattern[str]:
    """One of the patterns of `words.toml`."""
    return re.compile(joined(read_table(_HERE / "words.toml")[name]), re.IGNORECASE)


def _rules(table: Mapping[str, Any]) -> Sequence[Rule]:
    parts = {name: joined(part) for name, part in table["parts"].items()}

    def part(found: re.Match[str]) -> str:
        return _GAP % found[2] if found[1] == "gap" else parts[found[1]]

    return [
        Rule(
            one["sign"],
            one["kind"],
            _PART.sub(part, _PART.sub(part, joined(one["pattern"]))),
            tuple(one.get("stems", ())),
        )
        for one in table["rules"]
    ]
