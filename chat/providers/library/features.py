"""What speaks for a sentence as the answer to a question: the features that ranking weighs.

Keeps true: general properties of a question and a sentence only, each about 0 to 1; the same inputs
give the same features. Hits are kept as the bits of an int, one a term. Imports kinds, reading and
knowledge.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chat.knowledge.languages import stop_words
from chat.knowledge.meaning.folding import fold, fold_question
from chat.knowledge.meaning.packed import nearness
from chat.knowledge.pace import Pace
from chat.knowledge.synonyms import related
from chat.knowledge.words import ENGLISH, spelled, stem, stems, words
from chat.providers.library.kinds import gives, kind_asked
from chat.providers.library.reading import Unit, spaced, units_of
from chat.values import Passage

NAMES = (
    "covered",  # share of the question's weight that the sentence holds
    "distinct",  # the same, weighed by how rare a term is within the document
    "before",  # what it lacks and the sentence before holds
    "after",  # what it lacks and the sentence after holds
    "around",  # what it lacks and its passage holds
    "titled",  # what it lacks and the title or the heading holds
    "passage",  # the passage's score, best = 1
    "document",  # the document's score (of all its passages), best = 1
    "gives_kind",  # holds what the question asks for: a time, a number, a name
    "lacks_kind",  # does not
    "pairs",  # share of the question's neighbouring words that are neighbours here
    "related",  # what it lacks but holds in other words
    "focus",  # holds the noun after what, which or how many
    "defines",  # says what a thing is, where the question asks just that
    "letters",  # share of the question's runs of four letters, by rarity
    # The rest is of questions whose words are hardly found, and counts as far as they are not:
    "means",  # cosine of the sentence's meaning with the question's
    "nearest",  # the same of its passage, best = 1
    "doubted",  # the passage's score once more: there it says little
)
MEANING = ("means", "nearest", "doubted")
_RUN = 4
_FOCUS = re.compile(
    r"\b(?:what|which|how many|how much|whose)\s+"
    r"(?:(?:was|is|were|are|did|does|the|kind of|type of|type|kind|of|other|\w+ed)\s+)*([a-z]+)",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"\W*(?:what|who)(?:'s| is| are| was| were) (?:the |an? )?((?:[\w'’.-]+ ?){1,4})\W*",
    re.IGNORECASE,
)
_SYNONYM = 0.5  # of a match
_NEAREST = "nearness of "  # and the id of a passage


class Asked:
    """A question, taken apart once for all sentences."""

    def __init__(
        self,
        question: str,
        terms: Mapping[str, float],
        language: str = ENGLISH,
        doubt: float = 0.0,
    ) -> None:
        self.language = language
        self.doubt = math.sqrt(max(0.0, 2 * doubt - 1))  # of a half and less it is none
        self._meaning = fold_question(terms, language) if self.doubt else b""
        said = [spelled(word) for word in words(question)]
        in_order = [stem(word, language) for word in said]
        by_stem: dict[str, float] = {}
        for term, weight in terms.items():
            key = stem(term, language)
            by_stem[key] = max(weight, by_stem.get(key, 0.0))
        self.terms = list(by_stem)
        self.weights = list(by_stem.values())
        self.total = sum(self.weights) or 1.0
        self.stems = frozenset(in_order) | frozenset(self.terms)
        self.pairs = [spaced(pair) for pair in zip(in_order, in_order[1:], strict=False)]
        stop = stop_words(language)
        self.runs = _runs(spaced(word for word in said if word not in stop))
        self.kind = kind_asked(question, language)
        focus = _FOCUS.search(question)
        key = stem(spelled(focus.group(1))) if focus else ""
        self.focus = 1 << self.terms.index(key) if key in by_stem else 0
        self.defined = _definition_of(question)
        self._wholes = [f" {term} " for term in self.terms]
        others = related if language == ENGLISH else _none
        self._others = [(_start(term), _any_of(others(term))) for term in self.terms]

    def hits(self, text: str) -> int:
        """Which terms are in `text`, a spaced string of stems."""
        return _bits(self._wholes, text)

    def share(self, bits: int) -> float:
        """The share of the question's weight that these terms have."""
        return weigh(bits, self.weights) / self.total

    def means(self, units: Sequence[Unit]) -> Sequence[float]:
        """The cosine of the question's meaning with that of each unit; 0 where it is not asked."""
        if not self._meaning:
            return [0.0] * len(units)
        folded = [self._fold(unit.letters.split()) for unit in units]
        return nearness(self._meaning, folded)

    def _fold(self, said: Sequence[str]) -> bytes:
        counted = Counter(stem(word, self.language) for word in said if len(word) > 1)
        return fold(counted, self.language) or bytes(len(self._meaning))

    def in_other_words(self, text: str, missing: int) -> float:
        """The share of missing terms that `text` holds with another ending, or by a synonym."""
        found = 0.0
        for bit, (start, others) in enumerate(self._others):
            if not missing >> bit & 1:
                continue
            if start and start in text:
                found += self.weights[bit]
            elif others and others.search(text):
                found += _SYNONYM * self.weights[bit]
        return found / self.total


@dataclass(slots=True)
class Seen:
    """A unit as seen from the question: which of its terms and runs of letters it holds."""

    unit: Unit
    passage: Passage
    rank: int
    position: int
    hits: int
    runs: int
    values: tuple[float, ...] = ()


def look(asked: Asked, passages: Sequence[Passage]) -> list[Seen]:
    """Every unit of the passages with its features, in order."""
    pace = Pace()
    seen: list[list[Seen]] = []
    for rank, passage in enumerate(passages):
        pace()
        seen.append(
            [
                _see(asked, passage, rank, at)
                for at in enumerate(units_of(passage.text, asked.language))
            ]
        )
    everything = [one for units in seen for one in units]
    runs = _rarity([one.runs for one in everything], len(asked.runs))
    scores = _document_scores(passages)
    distinct = _distinct(everything, len(asked.terms))
    for units in seen:
        pace()
        for one, values in zip(units, _values(asked, units, scores, distinct, runs), strict=True):
            one.values = values
    return everything


def _see(asked: Asked, passage: Passage, rank: int, at: tuple[int, Unit]) -> Seen:
    position, unit = at
    hits, runs = asked.hits(unit.stems), _bits(asked.runs, unit.letters)
    return Seen(unit, passage, rank, position, hits, runs)


def _values(
    asked: Asked,
    units: Sequence[Seen],
    scores: Mapping[str, float],
    distinct: Mapping[str, Sequence[float]],
    runs: Sequence[float],
) -> Iterator[tuple[float, ...]]:
    """The features of one passage's units, in the order of NAMES."""
    if not units:
        return
    passage = units[0].passage
    titled = asked.hits(spaced(stems(f"{passage.title} {passage.heading}", asked.language)))
    whole = 0
    for one in units:
        whole |= one.hits
    rare, means = distinct[passage.document_id], asked.means([one.unit for one in units])
    score, nearest = scores[passage.id], scores[_NEAREST + passage.id]
    rare_total, runs_total = sum(rare) or 1.0, sum(runs) or 1.0
    for at, one in enumerate(units):
        own = one.hits
        before = units[at - 1].hits if at else 0
        after = units[at + 1].hits if at + 1 < len(units) else 0
        given = gives(asked.kind, one.unit, asked.stems)
        pairs = _bits(asked.pairs, one.unit.stems).bit_count()
        yield (
            asked.share(own),
            weigh(own, rare) / rare_total,
            asked.share(before & ~own),
            asked.share(after & ~own),
            asked.share(whole & ~own),
            asked.share(titled & ~own),
            score,
            scores[passage.document_id],
            float(given and bool(asked.kind)),
            float(not given),
            pairs / max(1, len(asked.pairs)),
            asked.in_other_words(one.unit.stems, ~own),
            float(own & asked.focus != 0),
            float(asked.defined is not None and asked.defined.match(one.unit.stems) is not None),
            weigh(one.runs, runs) / runs_total,
            asked.doubt * means[at],
            asked.doubt * nearest,
            asked.doubt * score,
        )


def weigh(bits: int, weights: Sequence[float]) -> float:
    """The sum of the weights whose bits are set."""
    total = 0.0
    while bits:
        lowest = bits & -bits
        total += weights[lowest.bit_length() - 1]
        bits ^= lowest
    return total


def _definition_of(question: str) -> re.Pattern[str] | None:
    """For `What is X?` how the stems of a sentence begin that says so: `X, …, is a …`."""
    asked = _WHAT_IS.fullmatch(question.strip())
    if asked is None:
        return None
    thing = " ".join(map(re.escape, stems(asked.group(1))))
    being = r"(?:is|are|was|were) (?:an?|the|one|ani)|refer to|mean"
    return re.compile(rf" (?:the |an? )?{thing}(?: \w+){{0,5}}? (?:{being}) ")


def _none(_term: str) -> frozenset[str]:
    return frozenset()


def _start(term: str) -> str:
    """What words of one family begin with: ` constit` of constitution and constitutional."""
    return f" {term[: max(4, len(term) - 3)]}" if len(term) >= 5 else ""


def _any_of(stems: Collection[str]) -> re.Pattern[str] | None:
    return re.compile(f" (?:{'|'.join(map(re.escape, sorted(stems)))}) ") if stems else None


def _runs(text: str) -> list[str]:
    return list(dict.fromkeys(text[at : at + _RUN] for at in range(len(text) - _RUN + 1)))


def _bits(parts: Sequence[str], text: str) -> int:
    found = 0
    for bit, part in enumerate(parts):
        if part in text:
            found |= 1 << bit
    return found


def _rarity(masks: Sequence[int], count: int) -> list[float]:
    """bm25's inverse frequency of each bit among the masks."""
    total = len(masks)
    held = [0] * count
    for mask in masks:
        while mask:
            lowest = mask & -mask
            held[lowest.bit_length() - 1] += 1
            mask ^= lowest
    return [math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in held]


def _distinct(seen: Sequence[Seen], count: int) -> dict[str, list[float]]:
    """For each document the rarity of the terms among its sentences; 0 for one it never holds."""
    masks: defaultdict[str, list[int]] = defaultdict(list)
    for one in seen:
        masks[one.passage.document_id].append(one.hits)
    found = {}
    for document, own in masks.items():
        anywhere = 0
        for mask in own:
            anywhere |= mask
        rarity = _rarity(own, count)
        found[document] = [rarity[bit] if anywhere >> bit & 1 else 0.0 for bit in range(count)]
    return found


def _document_scores(passages: Sequence[Passage]) -> dict[str, float]:
    """Scores and nearness by passage id, scores by document id, each kind with its best at 1."""
    near = max((passage.nearness for passage in passages), default=0.0) or 1.0
    whole: defaultdict[str, float] = defaultdict(float)
    for passage in passages:
        whole[passage.document_id] += passage.score
    best = max((passage.score for passage in passages), default=0.0) or 1.0
    most = max(whole.values(), default=0.0) or 1.0
    return (
        {passage.id: passage.score / best for passage in passages}
        | {_NEAREST + passage.id: passage.nearness / near for passage in passages}
        | {document: score / most for document, score in whole.items()}
    )
