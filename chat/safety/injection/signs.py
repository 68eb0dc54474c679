"""Every sign of an injection that a text shows, each with its places.

A text is read as it is, and what it hides or encodes is read again by the rules of instructions.
Keeps true: never raises; the work is bounded by the length of the text. Imports the families of
rules beside it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import chain

from chat.safety.injection.concepts import sentences_of
from chat.safety.injection.encoded import find_carried, find_encoded
from chat.safety.injection.finding import Kind
from chat.safety.injection.folding import Folded, fold
from chat.safety.injection.languages import languages
from chat.safety.injection.markup import find_hidden
from chat.safety.injection.rule import Rule
from chat.safety.injection.surroundings import is_within, quoted_spans, speaks_about
from chat.safety.injection.tables import families, word_pattern
from chat.safety.injection.unseen import find_unseen

APART = "apart"  # what is weighed of a sentence that is not shown as it is
QUOTED = "'"  # ends the name of a sign that stands in quotes or code
_CONTENT = 200  # characters after a role in which what it says is looked for
_HIDDEN_WORDS = 4  # of an element that is not shown: fewer say little
_TELLING = 3  # concepts that a sentence of a text that is hidden speaks of
_HINTS = 2  # words that speak of models, their readers or their answers, in a text that is hidden
_LONGEST = 20_000  # characters that are read; more than any passage or message has
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sign stands in the text as it was."""

    kind: Kind
    start: int
    end: int


@dataclass(slots=True)
class Signs:
    """Of one text: how strong each sign is, and where; and what its sentences speak of."""

    values: dict[str, float] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    sentences: list[tuple[Place, frozenset[str]]] = field(default_factory=list)

    def add(self, sign: str, place: Place, value: float = 1.0) -> None:
        self.values[sign] = max(value, self.values.get(sign, 0.0))
        self.places[sign].append(place)


def read_signs(text: str) -> Signs:
    """The signs of a text."""
    text, signs = text[:_LONGEST], Signs()
    folded = fold(text)
    found = list(_matches(folded.text))
    spans = quoted_spans(folded.text) if found else ()
    for rule, start, end in found:
        if rule.sign == "role_json" and _instructs(folded.text[end : end + _CONTENT]):
            signs.add("role_speaks", Place(rule.kind, *folded.place(start, end)))
        quoted = QUOTED if is_within(start, end, spans) else ""
        signs.add(f"{rule.sign}{quoted}", Place(rule.kind, *folded.place(start, end)))
    _read_sentences(folded, signs)
    _read_unseen(text, signs)
    _read_hidden(text, signs)
    _read_encoded(text, signs, {rule for rule, _, _ in found})
    _read_carried(text, signs)
    if signs.values:
        bare = {sign for sign in signs.values if not sign.endswith(QUOTED)}
        signs.values["more"] = min(len(bare), 4) / 4
        signs.values |= dict(speaks_about(folded.text))
    return signs


def _read_sentences(folded: Folded, signs: Signs) -> None:
    for sentence in sentences_of(folded.text):
        place = Place("instructions", *folded.place(sentence.start, sentence.end))
        signs.sentences.append((place, sentence.features()))


def _read_apart(says: str, place: Place, signs: Signs) -> None:
    """Sentences that were not to be seen: they are weighed as such."""
    for sentence in sentences_of(fold(says).text):
        signs.sentences.append((place, sentence.features() | {APART}))


def _matches(folded: str) -> Iterator[tuple[Rule, int, int]]:
    words = set(_WORD.findall(folded))
    known = [one.rules for one in languages() if one.may_be(folded, words)]
    for rule in chain(families(), *known):
        for found in rule.matches(folded):
            yield rule, *found.span()


def speaks(text: str) -> bool:
    """Whether a text that was not to be seen speaks to a model."""
    folded = fold(text[:_LONGEST]).text
    if _instructs(folded) or len(set(word_pattern("hint").findall(folded))) >= _HINTS:
        return True
    return any(len(one.concepts) >= _TELLING for one in sentences_of(folded))


def _instructs(folded: str) -> bool:
    return any(rule.kind != "links" for rule, _, _ in _matches(folded))


def _read_unseen(text: str, signs: Signs) -> None:
    for one in find_unseen(text):
        place = Place(one.kind, one.start, one.end)
        signs.add(one.sign, place)
        if one.says:
            _read_apart(one.says, place, signs)
            if speaks(one.says):
                signs.add("unseen_speaks", place)


def _read_hidden(text: str, signs: Signs) -> None:
    for one in find_hidden(text):
        place = Place("hidden", one.start, one.end)
        aside = one.how == "aside"
        if _instructs(fold(one.says).text) if aside else speaks(one.says):
            signs.add(f"hidden_{one.how}", place)
        elif one.how == "style" and len(one.says.split()) >= _HIDDEN_WORDS:
            signs.add("hidden_words", place)
        if not aside:
            _read_apart(one.says, place, signs)
        if any(True for _ in find_encoded(one.says)):
            signs.add("hidden_encoded", place)


def _read_encoded(text: str, signs: Signs, known: Set[Rule]) -> None:
    for one in find_encoded(text):
        place = Place("encoded", one.start, one.end)
        if one.is_whole:  # most of it may be there in clear too
            folded = fold(one.says).text
            said = any(r.kind != "links" and r not in known for r, _, _ in _matches(folded))
            if said or (one.how != "digits" and speaks(one.says)):
                signs.add("encoded", place)
        elif speaks(one.says) or any(speaks(again.says) for again in find_encoded(one.says)):
            signs.add("encoded", place)
        elif one.how not in ("spelled", "percent"):
            signs.add("encoded_text", place)
            _read_apart(one.says, place, signs)


def _read_carried(text: str, signs: Signs) -> None:
    if "http" in text:
        for one in find_carried(text):
            signs.add("carried", Place("links", one.start, one.end))


def shown(values: Mapping[str, float]) -> str:
    """The signs by name, for who tunes the weights."""
    return ", ".join(f"{sign} {value:.2f}" for sign, value in sorted(values.items()))
