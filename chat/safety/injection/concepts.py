"""What the words of a sentence speak of: models, orders, readers, secrets … in many languages.

Rules know whole sayings; what somebody says in other words still has to speak of such things in one
sentence. Keeps true: a word is looked up once, however often it comes. Imports tables.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise
from sys import intern

from chat.safety.injection.folding import without_accents
from chat.safety.injection.tables import read_concepts

_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|[.!?](?!\s|$))+")
# What is not said by the text itself: tags, longer quotes, the words in an address.
_APART = re.compile(r"<[a-z/!][^<>\n]*>|(?<=\w )\"[^\"\n]{12,300}\"|https?://[^\s<>)\]]+")
_TOKEN = re.compile(r"[\w']+")
_CALLED = re.compile(
    r"\W*(?:dear |liebe\w* |cher\w* |querid\w* )?[\w' -]{2,24}[,:;–—-]\s"
)  # "Assistant, …"
_SHORTEST, _LONGEST = 2, 12  # letters of a beginning of words
_REMEMBERED = 20_000  # words
_LETTERS = 40  # of a word that are read: what is longer is no word, and would be remembered
_SETS = 4_000  # of concepts, that are remembered
WORD = "="  # begins what stands for a word
_MANY = 7  # concepts: more say no more
_BEGINNING = 5  # letters of a word that its forms share


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Concepts by their words, the beginnings of their words, their phrases, and their signs."""

    words: Mapping[str, frozenset[str]]
    beginnings: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Sequence[tuple[str, str]]]  # by their first word
    signs: Sequence[tuple[str, re.Pattern[str]]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place in the folded text, what it speaks of, and its words."""

    start: int
    end: int
    concepts: frozenset[str]
    words: Sequence[str]

    def features(self) -> frozenset[str]:
        """What is weighed: the concepts, alone and two by two, how many they are, the first word,
        the words, their beginnings, and two words in a row."""
        words = self.words
        found = set(_of_concepts(self.concepts))
        if words:
            found.update(_of_first(words[0], self.concepts))
        for word in words:
            found.update(_of_form(word))
        found.update([f"{WORD}{one} {other}" for one, other in pairwise(words)])
        return frozenset(found)


@lru_cache(maxsize=_SETS)
def _of_concepts(concepts: frozenset[str]) -> Sequence[str]:
    """Each alone, two by two, and how many they are."""
    pairs = [intern("+".join(pair)) for pair in combinations(sorted(concepts), 2)]
    return [*pairs, *(f".{one}" for one in concepts), f"+{min(len(concepts), _MANY)}"]


def sentences_of(folded: str) -> Iterator[Sentence]:
    """The sentences that speak of something."""
    is_ascii = folded.isascii()
    for found in _SENTENCE.finditer(_APART.sub(_blank, folded)):
        words = _TOKEN.findall(found[0])
        concepts = _concepts_in(found[0], words, is_ascii)
        if concepts:
            yield Sentence(found.start(), found.end(), concepts, words)


def _of_first(word: str, concepts: frozenset[str]) -> Iterator[str]:
    yield f"^{word[:_BEGINNING]}"
    for one in _of_word(word[:_LETTERS]):
        yield from (f"^{one}>{other}" for other in concepts - {one})


def _of_form(word: str) -> Sequence[str]:
    """A word and its beginning; of writing without spaces, two signs in a row."""
    if word[0] > "\u3000":  # half a sentence, which does not come again
        return [f"{WORD}{word[at : at + 2]}" for at in range(len(word) - 1)]
    return _of_letters(word[:_LETTERS])


@lru_cache(maxsize=_REMEMBERED)
def _of_letters(word: str) -> Sequence[str]:
    forms = [f"{WORD}{word}"] if len(word) > _SHORTEST else []
    return [*forms, f"{WORD}{word[:_BEGINNING]}*"] if len(word) > _BEGINNING else forms


def _blank(apart: re.Match[str]) -> str:
    """As much space as a tag, a quote or an address takes; of an address its sign stays."""
    kept = "://" if apart[0].startswith("http") else ""
    return kept + " " * (len(apart[0]) - len(kept))


def _concepts_in(sentence: str, tokens: Sequence[str], is_ascii: bool) -> frozenset[str]:
    lexicon = _lexicon()
    found = set().union(*(_of_word(token[:_LETTERS]) for token in tokens))
    spaced = f" {' '.join(tokens)} "
    for begun in lexicon.phrases.keys() & set(tokens):
        found.update(concept for phrase, concept in lexicon.phrases[begun] if phrase in spaced)
    if not is_ascii:
        found.update(concept for concept, sign in lexicon.signs if sign.search(sentence))
    if "://" in sentence or "@" in sentence:
        found.add("place")
    if tokens and _of_word(tokens[0][:_LETTERS]) & {"ai", "model"} and _CALLED.match(sentence):
        found.add("called")
    return frozenset(found)


@lru_cache(maxsize=_REMEMBERED)
def _of_word(word: str) -> frozenset[str]:
    lexicon = _lexicon()
    found = lexicon.words.get(word, frozenset())
    for length in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found |= lexicon.beginnings.get(word[:length], frozenset())
    return found | (frozenset(("ai",)) if word.endswith("bot") else frozenset())


@cache
def _lexicon() -> _Lexicon:
    words: dict[str, frozenset[str]] = {}
    beginnings: dict[str, frozenset[str]] = {}
    phrases: dict[str, list[tuple[str, str]]] = {}
    signs = []
    for concept, entry in read_concepts().items():
        for word in without_accents(entry["words"]).split():
            plain = word.replace("-", " ").replace("_", " ").strip("*").strip()
            if " " in plain:
                phrase = f" {plain}{'' if word.endswith('*') else ' '}"
                phrases.setdefault(plain.split()[0], []).append((phrase, concept))
            elif plain:
                table = beginnings if word.endswith("*") else words
                key = plain[:_LONGEST] if word.endswith("*") else plain
                table[key] = table.get(key, frozenset()) | {concept}
        if "signs" in entry:
            signs.append((concept, re.compile(without_accents(entry["signs"]))))
    return _Lexicon(words, beginnings, phrases, signs)
