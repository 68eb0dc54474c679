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
from itertools import islice, pairwise
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
    plain = list(map(spelled, said))
    in_order = list(map(stem, plain))
    content = {key: word for key, word in zip(in_order, plain, strict=True) if word not in STOP}
    if not content:
        return None
    rarity = _rarity(content, given)
    total = sum(rarity.values())
    lines = [line for passage in cited for line in _stems_of(passage)]
    there = "\n".join(lines)
    found = {key for key in content if f" {key} " in there}
    missing = content.keys() - found
    others = {key for key in content if key in missing and _in_other_words(key, there)}
    known = found | others
    numbers = {key for key in content if key[0].isdigit()}
    names = _names(said, in_order, content) - numbers
    carrying = [key for key in in_order if key in content]
    return (
        sum([rarity[key] for key in found]) / total,
        sum([rarity[key] for key in others]) / total,
        _together(rarity, found, lines) / total,
        _pairs(in_order, missing, there),
        float(not numbers <= known),
        float(any(_is_stray(key, carrying, known, lines) for key in numbers & known)),
        float(not names <= known),
        float(any(_is_stray(key, carrying, known, lines) for key in names & known)),
    )


def _names(said: Sequence[str], in_order: Sequence[str], content: Collection[str]) -> set[str]:
    """The capitalised words within the sentence: its first has a capital in any case."""
    inner = zip(said[1:], in_order[1:], strict=True)
    return {key for word, key in inner if word[0].isupper() and key in content}


def _is_stray(
    key: str, carrying: Sequence[str], known: Collection[str], lines: Sequence[str]
) -> bool:
    """Whether no sentence that holds `key` holds a word that stands beside it here."""
    at = carrying.index(key)
    beside = {*carrying[max(0, at - 1) : at], *carrying[at + 1 : at + 2]} - {key}
    near = [other for other in beside if other in known]
    if not near:
        return bool(beside)
    for is_in in (_is_literally_in, _is_in):  # what is there as it stands is found faster
        for line in lines:
            if is_in(line, key) and any([is_in(line, other) for other in near]):
                return False
    return True


@lru_cache(maxsize=128)
def _stems_of(passage: str) -> tuple[str, ...]:
    """The sentences of a passage, each as its stems between spaces."""
    parts = (one for line in _LINE.split(passage) for one in sentences(line))
    return tuple(f" {' '.join(stems(one))} " for one in parts)


@lru_cache(maxsize=128)
def _distinct(passage: str) -> str:
    """What stands between white space in a passage, in lower case and each once."""
    return " ".join(dict.fromkeys(passage.lower().split()))


def _rarity(content: dict[str, str], given: Collection[str]) -> dict[str, float]:
    """bm25's inverse frequency of each word among the first of the passages given."""
    passages = list(map(_distinct, islice(given, _COMPARED)))
    frequency = _inverse_frequencies(len(passages))
    found = {}
    for key, word in content.items():
        start = word[: max(4, len(word) - 3)]
        found[key] = frequency[sum([start in text for text in passages])]
    return found


@lru_cache(maxsize=_COMPARED + 1)
def _inverse_frequencies(count: int) -> list[float]:
    """Of a word that so many of `count` passages hold."""
    return [math.log(1 + (count - held + 0.5) / (held + 0.5)) for held in range(count + 1)]


def _together(rarity: dict[str, float], found: Collection[str], lines: Sequence[str]) -> float:
    """The most weight of the words found that one line holds."""
    weights = [(f" {key} ", rarity[key]) for key in found]
    sums = [sum([weight for key, weight in weights if key in line]) for line in lines]
    return max(sums, default=0.0)


def _pairs(in_order: Sequence[str], missing: Collection[str], there: str) -> float:
    pairs = 0
    for a, b in pairwise(in_order):
        if a not in missing and b not in missing and f" {a} {b} " in there:
            pairs += 1
    return pairs / max(1, len(in_order) - 1)


def _is_literally_in(there: str, key: str) -> bool:
    return f" {key} " in there


def _is_in(there: str, key: str) -> bool:
    return f" {key} " in there or _in_other_words(key, there)


def _in_other_words(key: str, there: str) -> bool:
    if len(key) >= 5 and key.isalpha() and f" {key[: max(4, len(key) - 3)]}" in there:
        return True
    synonyms = related(key)  # of most words there are none
    return bool(synonyms) and any([f" {other} " in there for other in synonyms])
