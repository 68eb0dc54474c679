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
    "covered",  # share of the sentence's weight that the passage holds
    "together",  # the most that one sentence of the passage holds
    "related",  # what it lacks but holds with another ending, or by a synonym
    "run",  # the longest run of words they share, as a share of the sentence
    "lacks_number",  # share of the sentence's numbers that are not there
    "lacks_name",  # share of its names that are not there
    "literal",  # all of its words are there, one after the other
)
_COMPARED = 8  # passages that tell how rare a word is
_SYNONYM = 0.5  # of a match
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
    there = "\n".join(_stems_of(one) for one in cited)
    found = {key for key in content if f" {key} " in there}
    covered = sum(rarity[key] for key in found) / total
    names = {
        stem(word)
        for word, before in zip(plain[1:], said[1:], strict=True)
        if before[0].isupper() and word not in STOP
    }
    numbers = {key for key in content if _is_number(key)}
    names -= numbers
    others = {key for key in content if key not in found and _in_other_words(key, there)}
    near = sum(rarity[key] for key in others) / total
    run = _longest_run(in_order, there) / len(in_order)
    together = max(_weight(rarity, found, line) for line in there.split("\n")) / total
    return (
        covered,
        together,
        _SYNONYM * near,
        run,
        _share(numbers - found - others, numbers),
        _share(names - found, names),
        float(run == 1),
    )


@lru_cache(maxsize=128)
def _stems_of(passage: str) -> str:
    """The stems of a passage between spaces, a line for each sentence."""
    parts = (one for line in _LINE.split(passage) for one in sentences(line))
    return "\n".join(f" {' '.join(stems(one))} " for one in parts)


def _rarity(content: dict[str, str], given: Collection[str]) -> dict[str, float]:
    """bm25's inverse frequency of each word among the first of the passages given."""
    passages = [text.lower() for text, _ in zip(given, range(_COMPARED), strict=False)]
    count = len(passages)
    found = {}
    for key, word in content.items():
        start = word[: max(4, len(word) - 3)]
        held = sum(start in text for text in passages)
        found[key] = math.log(1 + (count - held + 0.5) / (held + 0.5))
    return found


def _weight(rarity: dict[str, float], found: Collection[str], line: str) -> float:
    return sum(rarity[key] for key in found if f" {key} " in line)


def _longest_run(in_order: Sequence[str], there: str) -> int:
    """How many words of the sentence stand in the passage just so, at the most."""
    longest, start = 0, 0
    for end in range(1, len(in_order) + 1):
        while start < end and f" {' '.join(in_order[start:end])} " not in there:
            start += 1
        longest = max(longest, end - start)
    return longest


@lru_cache(maxsize=1 << 10)
def _is_number(key: str) -> bool:
    return key[0].isdigit() or any(other[0].isdigit() for other in related(key))


def _in_other_words(key: str, there: str) -> bool:
    if len(key) >= 5 and not key[0].isdigit() and f" {key[: max(4, len(key) - 3)]}" in there:
        return True
    return any(f" {other} " in there for other in related(key))


def _share(part: Collection[str], whole: Collection[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
