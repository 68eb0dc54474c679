"""Where a passage speaks of a concept: the sentence that names it, with the name marked.

Keeps true: an excerpt is a literal part of its text. Imports words and sentences.
"""

from dataclasses import dataclass

from chat.knowledge.sentences import sentence_spans
from chat.knowledge.words import STOP, placed_words, spelled, stem

_LONGEST = 400  # characters of an excerpt


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence in three parts, the middle one naming the concept; empty where nothing does."""

    before: str
    name: str
    after: str

    @property
    def text(self) -> str:
        """The sentence whole, as it stands in the passage."""
        return self.before + self.name + self.after


def excerpt(text: str, key: str) -> Excerpt:
    """The first sentence of `text` that names the concept, else its first sentence."""
    spans = sentence_spans(text)
    if not spans:
        return Excerpt("", "", text[:_LONGEST])
    wanted = key.split(" ")
    for start, end in spans:
        named = _find(text[start:end], wanted)
        if named is not None:
            first, last = named
            return _bounded(text[start:end], first, last)
    start, end = spans[0]
    return Excerpt("", "", text[start:end][:_LONGEST].rstrip())


def _find(sentence: str, wanted: list[str]) -> tuple[int, int] | None:
    """From where to where the words of these stems stand, with stop words between them or not."""
    held = [
        (stem(part), start, end)
        for word, start, end in placed_words(sentence)
        if (part := spelled(word)) and part not in STOP
    ]
    stems = [one[0] for one in held]
    for at in range(len(stems) - len(wanted) + 1):
        if stems[at : at + len(wanted)] == wanted:
            return held[at][1], held[at + len(wanted) - 1][2]
    return None


def _bounded(sentence: str, first: int, last: int) -> Excerpt:
    """The sentence, or of a very long one what is around the name."""
    start = max(0, first - _LONGEST // 2)
    if start:
        start = sentence.find(" ", start, first) + 1 or start
    end = min(len(sentence), start + _LONGEST)
    if end < len(sentence):
        end = max(sentence.rfind(" ", last, end), last)
    return Excerpt(sentence[start:first], sentence[first:last], sentence[last:end].rstrip())
