"""How much of a text speaks by ethos, logos and pathos: a count of words, and nothing more.

The three ways to persuade are Aristotle's (Rhetoric I.2); the words of each are in `tone.json`,
which names the passages that each list follows; docs/tone.md tells the method and its limits. Keeps
true: the same text gives the same counts; code and markers `[n]` are not counted; a text that is
not in English has none. Imports words.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chat.knowledge.words import STOP, spelled, stem, word_set, words

FILE = Path(__file__).with_name("tone.json")
APPEALS = ("ethos", "logos", "pathos")
LEAST = 5  # words of the lists: shares of fewer would say more than they know
_ENGLISH = 0.15  # of the words are English function words: in running English it is about half
_LONGEST = 20_000  # characters that are read of a text
_LEFT_OUT = re.compile(
    r"^(`{3,}|~{3,}).*?(?:^\1|\Z)|`[^`\n]*`|\[\d{1,3}\]", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Tone:
    """How many words were read, and how many of them each list holds."""

    words: int
    ethos: int
    logos: int
    pathos: int

    @property
    def counted(self) -> int:
        return self.ethos + self.logos + self.pathos

    @property
    def shares(self) -> dict[str, float] | None:
        """The part of each in the words counted; None where these are too few to tell."""
        if self.counted < LEAST:
            return None
        return {name: getattr(self, name) / self.counted for name in APPEALS}


def tone_of(text: str) -> Tone | None:
    """The counts of a text; None where it holds no English."""
    said = [spelled(word) for word in words(_LEFT_OUT.sub(" ", text[:_LONGEST]))]
    if not said or sum(word in STOP for word in said) < _ENGLISH * len(said):
        return None
    found = Counter(filter(None, map(_appeal, said)))
    return Tone(len(said), *(found[name] for name in APPEALS))


@lru_cache(maxsize=1)
def word_lists() -> dict[str, frozenset[str]]:
    """The words of each appeal, as the file has them."""
    held = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: frozenset().union(*(word_set(one["words"]) for one in held[name])) for name in APPEALS
    }


@lru_cache(maxsize=1 << 11)
def _appeal(word: str) -> str | None:
    """The list that holds a word, with the ending it has; a number counts as logos."""
    if word[0].isdigit():
        return "logos"
    own = stem(word)
    return next((name for name, stems in _stems().items() if own in stems), None)


@lru_cache(maxsize=1)
def _stems() -> dict[str, frozenset[str]]:
    return {name: frozenset(map(stem, listed)) for name, listed in word_lists().items()}
