"""What speaks for a passage as the support of a sentence, and the probability that goes with it.

Keeps true: the same sentence and passages give the same signals, each from 0 to 1; nothing of a
passage is held but in one small cache of the process. The weights are in `support.json`, which says
what they were fitted on; `scripts/fit_support.py` writes it. Imports knowledge.
"""

import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from chat.knowledge.sentences import sentences
from chat.knowledge.synonyms import related
from chat.knowledge.words import STOP, spelled, stem, stems, words

FILE = Path(__file__).with_name("support.json")
NAMES = (
    "covered",  # share of the sentence's weight that the passages hold
    "related",  # what they lack but hold with another ending, or by a synonym
    "together",  # the most that one sentence of theirs holds
    "pairs",  # share of the sentence's neighbouring words that are neighbours there
    "lacks_number",  # a number of it is not there
    "stray_number",  # one is there, but in other company than here
    "lacks_name",  # a name of it is not there
    "stray_name",  # one is there, but in other company than here
)
_COMPARED = 8  # passages that tell how rare a word is
_LINE = re.compile(r"\n+")


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the signals, in the order of NAMES."""

    signals: tuple[float, ...]
    intercept: float


@lru_cache(maxsize=1)
def fitted() -> Weights:
    """The numbers of the file."""
    held: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return Weights(tuple(held["signals"][name] for name in NAMES), held["intercept"])


def probability(values: Sequence[float], weights: Weights) -> float:
    """How likely a passage with these signals supports the sentence."""
    score = sum(w * v for w, v in zip(weights.signals, values, strict=True)) + weights.intercept
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def measure(
    sentence: str, cited: Sequence[str], given: Collection[str]
) -> tuple[float, ...] | None:
    """The signals of a sentence without its markers, in the order of NAMES; None where it has no
    word that carries meaning. `given` are all passages the writer had.
    """
    said = words(sentence)
    plain = [spelled(word) for word in said]
    in_order = [stem(word) for word in plain]
    content = {key: word for key, word in zip(in_order, plain, strict=True) if word not in STOP}
    if not content:
        return None
    rarity = _rarity(content, given)
    total = sum(rarity.values())
    lines = [line for passage in cited for line in _stems_of(passage)]
    there = "\n".join(lines)
    found = {key for key in content if f" {key} " in there}
    others = {key for key in content if key not in found and _in_other_words(key, there)}
    numbers = {key for key in content if key[0].isdigit()}
    names = _names(said, in_order, content) - numbers
    carrying = [key for key in in_order if key in content]
    return (
        sum(rarity[key] for key in found) / total,
        sum(rarity[key] for key in others) / total,
        max((_weight(rarity, found, line) for line in lines), default=0.0) / total,
        _pairs(in_order, there),
        float(not numbers <= found | others),
        float(any(_is_stray(key, carrying, lines) for key in numbers & (found | others))),
        float(not names <= found | others),
        float(any(_is_stray(key, carrying, lines) for key in names & (found | others))),
    )


def _names(said: Sequence[str], in_order: Sequence[str], content: Collection[str]) -> set[str]:
    """The capitalised words within the sentence: its first has a capital in any case."""
    inner = zip(said[1:], in_order[1:], strict=True)
    return {key for word, key in inner if word[0].isupper() and key in content}


def _is_stray(key: str, carrying: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether no sentence that holds `key` holds a word that stands beside it here."""
    at = carrying.index(key)
    beside = {*carrying[max(0, at - 1) : at], *carrying[at + 1 : at + 2]} - {key}
    own = [line for line in lines if _is_in(line, key)]
    return bool(beside) and not any(_is_in(line, other) for line in own for other in beside)


@lru_cache(maxsize=128)
def _stems_of(passage: str) -> tuple[str, ...]:
    """The sentences of a passage, each as its stems between spaces."""
    parts = (one for line in _LINE.split(passage) for one in sentences(line))
    return tuple(f" {' '.join(stems(one))} " for one in parts)


@lru_cache(maxsize=128)
def _lowered(passage: str) -> str:
    return passage.lower()


def _rarity(content: dict[str, str], given: Collection[str]) -> dict[str, float]:
    """bm25's inverse frequency of each word among the first of the passages given."""
    passages = [_lowered(text) for text, _ in zip(given, range(_COMPARED), strict=False)]
    count = len(passages)
    found = {}
    for key, word in content.items():
        start = word[: max(4, len(word) - 3)]
        held = sum(start in text for text in passages)
        found[key] = math.log(1 + (count - held + 0.5) / (held + 0.5))
    return found


def _weight(rarity: dict[str, float], found: Collection[str], line: str) -> float:
    return sum(rarity[key] for key in found if f" {key} " in line)


def _pairs(in_order: Sequence[str], there: str) -> float:
    pairs = [f" {a} {b} " in there for a, b in zip(in_order, in_order[1:], strict=False)]
    return sum(pairs) / max(1, len(pairs))


def _is_in(there: str, key: str) -> bool:
    return f" {key} " in there or _in_other_words(key, there)


def _in_other_words(key: str, there: str) -> bool:
    if len(key) >= 5 and key.isalpha() and f" {key[: max(4, len(key) - 3)]}" in there:
        return True
    return any(f" {other} " in there for other in related(key))
