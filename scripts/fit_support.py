"""Fits how likely a cited passage supports a sentence, and says how well that does elsewhere.

    python scripts/fit_support.py QA.json [OUT.json]

No model's answers are at hand, so the pairs are made from questions with known answers: supported
is the sentence that holds the answer, as it stands, reworded, and joined to another; not supported
is the same against passages that lack the answer, with a number or a name exchanged, or another
question's answer. A third of the documents is held out: the figures come from them, the weights
from the others. Pure Python; takes half a minute. May import every floor.
"""

import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from chat.commands.evaluation.figures import area_under_curve, calibration_error  # noqa: E402
from chat.commands.evaluation.judging import holds  # noqa: E402
from chat.commands.evaluation.library import library_of  # noqa: E402
from chat.knowledge.search import search  # noqa: E402
from chat.knowledge.sentences import sentences  # noqa: E402
from chat.knowledge.synonyms import related  # noqa: E402
from chat.knowledge.words import STOP, spelled, stem, stems, words  # noqa: E402
from chat.providers.support_signals import (  # noqa: E402
    FILE,
    NAMES,
    Weights,
    measure,
    probability,
)
from chat.values import Depth  # noqa: E402
from scripts.fit_library import fit_logistic  # noqa: E402

HELD_OUT = 3  # every third document
SWAPPED = 0.5  # share of the words with a synonym that are exchanged for one
UNKNOWN = 0.25  # share of the plain words that are exchanged for any
_CLAUSE = re.compile(r"[,;:] | (?=and |but |which |while )")
_ASKED = re.compile(
    r"\b(?:(?:what|which|how many|how much|whose) (?:year|kind of \w+|type of \w+|\w+)?"
    r"|who(?:m)?|when|where|why|how|what)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\b(?:did|does|do) ")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the passages found for it, and a sentence of one of them that answers it."""

    title: str
    question: str
    answers: list[str]
    sentence: str
    cited: str
    given: list[str]
    others: list[str]  # passages given that do not hold the answer
    same: list[str]  # those of them that are of the same document


@dataclass(frozen=True, slots=True)
class Pair:
    """The signals of a sentence and what it cites, and whether that supports it."""

    title: str
    kind: str
    values: list[float]
    right: bool
    weight: float = 1.0


def read_cases(data: Mapping) -> list[Case]:
    """The questions of the file whose answer is in a passage that is found for them."""
    with library_of(data["documents"]) as library, library.database.reading() as session:
        found = []
        for one in data["questions"]:
            asked = search(
                session, one["question"], space_ids=[library.space_id], depth=Depth.BALANCED
            )
            case = _case(one, [(passage.title, passage.text) for passage in asked.passages])
            if case is not None:
                found.append(case)
        return found


def _case(one: Mapping, passages: Sequence[tuple[str, str]]) -> Case | None:
    asked = set(stems(one["question"]))
    own = [
        (len(asked & set(stems(sentence))), sentence, text)
        for title, text in passages
        if title == one["title"]
        for sentence in _sentences(text)
        if holds(sentence, one["answers"])
    ]
    if not own:
        return None
    _, sentence, cited = max(own)
    others = [(t, text) for t, text in passages if not holds(text, one["answers"])]
    same = [text for title, text in others if title == one["title"]]
    given = [text for _, text in passages]
    return Case(
        one["title"], one["question"], one["answers"], sentence, cited, given,
        [text for _, text in others], same,
    )  # fmt: skip


def _sentences(text: str) -> list[str]:
    return [one for line in text.split("\n") for one in sentences(line)]


def pairs_of(cases: Sequence[Case], seed: int = 0) -> list[Pair]:
    """Labelled pairs of every case; the same seed gives the same ones."""
    chance = random.Random(seed)
    found = []
    for case in cases:
        made = [*_supported(case, chance), *_unsupported(case, cases, chance)]
        for kind, sentence, passage, right in made:
            values = measure(sentence, [passage], case.given)
            if values is not None:
                found.append(Pair(case.title, kind, list(values), right))
    return found


Made = Iterator[tuple[str, str, str, bool]]


def _supported(case: Case, chance: random.Random) -> Made:
    said = statement(case.question, case.answers[0])
    yield "literal", case.sentence, case.cited, True
    for kind, sentence in (
        ("dropped", drop_clause(case.sentence, chance)),
        ("reordered", reorder(case.sentence, chance)),
        ("synonyms", reword(case.sentence, chance)),
        ("synonyms", reword(reorder(drop_clause(case.sentence, chance), chance), chance)),
        ("unknown words", mistake(case.sentence, case.others, chance)),
        ("joined", join(case, chance)),
        ("stated", said),
        ("stated", reword(said, chance)),
    ):
        if sentence != case.sentence:
            yield kind, sentence, case.cited, True


def _unsupported(case: Case, cases: Sequence[Case], chance: random.Random) -> Made:
    said = statement(case.question, case.answers[0])
    reworded = reword(drop_clause(case.sentence, chance), chance)
    if case.same:
        yield (
            "same document",
            chance.choice([case.sentence, reworded]),
            chance.choice(case.same),
            False,
        )
        yield "same document", said, case.same[0], False
    elsewhere = [text for text in case.others if text not in case.same]
    if elsewhere:
        yield "other document", chance.choice([case.sentence, reworded]), elsewhere[0], False
        yield "other document", said, chance.choice(elsewhere), False
    for sentence in (case.sentence, reworded):
        swapped = exchange(sentence, case, chance)
        if swapped is not None:
            yield "exchanged", swapped, case.cited, False
    other = _other_answer(case, cases, chance, is_cited=True)
    if other is not None:
        yield "other answer of it", statement(case.question, other.answers[0]), case.cited, False
    other = _other_answer(case, cases, chance, is_cited=False)
    if other is not None:
        yield "other answer", statement(case.question, other.answers[0]), case.cited, False
        yield "other question", other.sentence, case.cited, False


def _other_answer(
    case: Case, cases: Sequence[Case], chance: random.Random, *, is_cited: bool
) -> Case | None:
    """A question of the same document with another answer, which the passage cited holds or not."""
    found = [
        one
        for one in cases
        if one.title == case.title
        and holds(case.cited, one.answers) == is_cited
        and not holds(case.sentence, one.answers)
        and not any(holds(answer, case.answers) for answer in one.answers)
        and (is_cited or not holds(case.cited, [one.sentence]))
    ]
    return chance.choice(found) if found else None


def statement(question: str, answer: str) -> str:
    """Question and answer joined: `What year did Tesla die?` and `1943` as `1943 Tesla die.`"""
    asked = question.strip().rstrip("?").strip()
    said, count = _ASKED.subn(lambda _: answer, asked, count=1)
    said = said if count else f"{asked} {answer}"
    return _AUXILIARY.sub("", said).strip() + "."


def drop_clause(sentence: str, chance: random.Random) -> str:
    """The sentence without one of its clauses, or as it is where it has only one."""
    parts = _CLAUSE.split(sentence)
    if len(parts) < 2:
        return sentence
    parts.pop(chance.randrange(len(parts)))
    return ", ".join(parts)


def reorder(sentence: str, chance: random.Random) -> str:
    """The sentence with its clauses, or else its halves, in another order."""
    parts = _CLAUSE.split(sentence.rstrip("."))
    if len(parts) < 2:
        said = sentence.rstrip(".").split()
        parts = [" ".join(said[len(said) // 2 :]), " ".join(said[: len(said) // 2])]
        return ", ".join(parts) + "."
    chance.shuffle(parts)
    return ", ".join(parts) + "."


def reword(sentence: str, chance: random.Random) -> str:
    """The sentence with words exchanged for synonyms, where it has such words."""
    said = sentence
    for word in dict.fromkeys(words(sentence)):
        plain = spelled(word)
        near = sorted(related(stem(plain))) if word.islower() and plain not in STOP else []
        if near and chance.random() < SWAPPED:
            said = re.sub(rf"\b{re.escape(word)}\b", chance.choice(near), said)
    return said


def mistake(sentence: str, others: Sequence[str], chance: random.Random) -> str:
    """The sentence with plain words exchanged for any: wording that no table of synonyms knows."""
    pool = [word for text in others for word in _plain(text)] or _plain(sentence)
    said = sentence
    for word in _plain(sentence):
        if chance.random() < UNKNOWN:
            said = re.sub(rf"\b{re.escape(word)}\b", chance.choice(pool), said, count=1)
    return said


def _plain(text: str) -> list[str]:
    """Words with meaning that are neither numbers nor names."""
    return [word for word in words(text) if word.islower() and word.isalpha() and word not in STOP]


def join(case: Case, chance: random.Random) -> str:
    """A clause of the sentence and one of another of its passage, in one sentence."""
    others = [one for one in _sentences(case.cited) if one != case.sentence]
    parts = [
        chance.choice([part for part in _CLAUSE.split(one.rstrip(".")) if " " in part] or [one])
        for one in (case.sentence, chance.choice(others or [case.sentence]))
    ]
    return " and ".join(parts) + "."


def exchange(sentence: str, case: Case, chance: random.Random) -> str | None:
    """The sentence with a number, or else a name, of another passage in the place of its own."""
    for kind in (_NUMBER, _NAME):
        own = list(kind.finditer(sentence))
        if not own:
            continue
        place = chance.choice(own)
        pool = chance.choice([case.others, [case.cited]]) or case.given
        known = {one for text in pool for one in kind.findall(text)}
        known = sorted(one for one in known if one not in sentence)
        if known:
            return sentence[: place.start()] + chance.choice(known) + sentence[place.end() :]
    return None


def held_out_titles(cases: Sequence[Case], seed: int = 0) -> set[str]:
    """The titles of the documents that are not fitted on."""
    titles = sorted({case.title for case in cases})
    random.Random(seed).shuffle(titles)
    return set(titles[::HELD_OUT])


def fit(pairs: Sequence[Pair]) -> Weights:
    """The weights of a logistic regression."""
    *signals, intercept = fit_logistic(pairs)
    return Weights(tuple(round(one, 4) for one in signals), round(intercept, 4))


def figures(pairs: Sequence[Pair], weights: Weights) -> dict[str, float]:
    """How well the weights do on these pairs."""
    judged = [(probability(pair.values, weights), pair.right) for pair in pairs]
    right = sum((value >= 0.5) == good for value, good in judged)
    found = {
        "pairs": len(judged),
        "supported": sum(good for _, good in judged) / len(judged),
        "accuracy": right / len(judged),
        "calibration_error": calibration_error(judged),
        "area_under_curve": area_under_curve(judged),
    }
    return {name: round(value, 4) for name, value in found.items()}


def by_kind(pairs: Sequence[Pair], weights: Weights) -> dict[str, float]:
    """The mean probability of each kind of pair."""
    values: dict[str, list[float]] = {}
    for pair in pairs:
        values.setdefault(pair.kind, []).append(probability(pair.values, weights))
    return {kind: round(sum(some) / len(some), 4) for kind, some in values.items()}


def main(source: Path, target: Path) -> None:
    data = json.loads(source.read_text(encoding="utf-8"))
    cases = read_cases(data)
    held_out = held_out_titles(cases)
    known = pairs_of([case for case in cases if case.title not in held_out])
    unseen = pairs_of([case for case in cases if case.title in held_out])
    weights = fit(known)
    documents = len({case.title for case in cases})
    held = {
        "fitted_on": f"{source.name}: {len(known)} pairs made from {documents - len(held_out)}"
        f" documents, {len(cases)} questions in all; no model's answers",
        "written_by": "scripts/fit_support.py",
        "held_out": {"documents": len(held_out), **figures(unseen, weights)},
        "mean_by_kind_held_out": by_kind(unseen, weights),
        "signals": dict(zip(NAMES, weights.signals, strict=True)),
        "intercept": weights.intercept,
    }
    target.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(held, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else FILE)
