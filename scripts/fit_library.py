"""Fits the library provider's weights and calibration, and says how well they do elsewhere.

    python scripts/fit_library.py QA.json [MORE.json…]

Ranking is a conditional logit (McFadden, 1974) over the features of all sentences read for a
question, fitted by Newton's method with a ridge penalty: first the words, on the first file; then,
on top of them, the meaning, on the questions of all files that are not held out. Confidence is a
logistic regression over its signals; it also sees every question without the document that answers
it, so that what is not in the library gets little confidence. Both are cross-validated by document:
no figure comes from a document that was fitted on. Pure Python; takes a few minutes. May import
every floor.
"""

import json
import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from chat.commands.evaluation.figures import area_under_curve, calibration_error  # noqa: E402
from chat.commands.evaluation.judging import holds  # noqa: E402
from chat.commands.evaluation.library import library_of  # noqa: E402
from chat.knowledge.search import search  # noqa: E402
from chat.providers.library.confidence import SIGNALS, signals  # noqa: E402
from chat.providers.library.features import MEANING, NAMES, Asked, Seen, look  # noqa: E402
from chat.providers.library.fitted import FILE  # noqa: E402
from chat.providers.library.ranking import Candidate, order  # noqa: E402
from chat.values import Depth  # noqa: E402

FOLDS = 6
RIDGE = 20.0  # on weights of features in units of their standard deviation
LEAST_SPREAD = 0.05  # so that a feature that is hardly ever there gets no great weight
MEANING_RIDGE, MEANING_SPREAD = 2.0, 0.001  # the same of the meaning, which few questions need
SIGNAL_RIDGE = 2.0
STEPS = 12
LONGEST = 0.4  # of a step, in standard deviations: Newton's step overshoots while far away
ABSENT = 0.05  # weight of a question asked again without the document that answers it
WRITTEN = (1, 2, 3)  # sentences after which a confidence is given

Vector = list[float]
Matrix = list[Vector]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, all its candidates, and which of them hold a gold answer.

    `is_more` says that it is not of the first file.
    """

    title: str
    is_more: bool
    asked: Asked
    seen: list[Seen]
    right: list[bool]


@dataclass(frozen=True, slots=True)
class Row:
    """Signals of one question after `written` sentences, and whether they held the answer."""

    title: str
    is_more: bool
    written: int
    values: Vector
    right: bool
    absent: bool  # asked without the document that answers it

    @property
    def weight(self) -> float:
        return ABSENT if self.absent else 1.0


def read_cases(data: dict, *, is_more: bool) -> list[Case]:
    """The file's questions that are not held out, with the features of every sentence read."""
    cases = []
    with library_of(data["documents"]) as library, library.database.reading() as session:
        for question in data["questions"]:
            if question.get("held_out"):
                continue
            text = question["question"]
            found = search(session, text, space_ids=[library.space_id], depth=Depth.BALANCED)
            asked = Asked(text, found.terms, found.language, found.doubt)
            seen = look(asked, found.passages)
            right = [holds(one.unit.quote, question["answers"]) for one in seen]
            cases.append(Case(question["title"], is_more, asked, seen, right))
    return cases


def fit_features(cases: Sequence[Case]) -> Vector:
    """The weights under which sentences that hold the answer are the most likely choice."""
    words = [i for i, name in enumerate(NAMES) if name not in MEANING]
    meaning = [i for i in range(len(NAMES)) if i not in words]
    weights = [0.0] * len(NAMES)
    first = [case for case in cases if not case.is_more]
    _fit(weights, words, first, RIDGE, LEAST_SPREAD)
    _fit(weights, meaning, cases, MEANING_RIDGE, MEANING_SPREAD)
    return weights


def _fit(
    weights: Vector, which: Sequence[int], cases: Sequence[Case], ridge: float, least: float
) -> None:
    """Fit some of the weights, the others as they are."""
    usable = [(case, gold) for case in cases if any(gold := _gold(case))]
    rows = [[one.values[i] for i in which] for case, _ in usable for one in case.seen]
    spread = [max(least, one) for one in _spread(rows)]
    for _ in range(STEPS):
        gradient = [-ridge * s * s * weights[i] for i, s in zip(which, spread, strict=True)]
        curve = [[0.0] * len(which) for _ in which]
        for i, s in enumerate(spread):
            curve[i][i] = ridge * s * s
        for case, gold in usable:
            _add_case(case, gold, weights, which, gradient, curve)
        step = _solve(curve, gradient)
        longest = max(abs(d * s) for d, s in zip(step, spread, strict=True))
        share = min(1.0, LONGEST / longest)
        for i, d in zip(which, step, strict=True):
            weights[i] += share * d


def _gold(case: Case) -> list[bool]:
    """The right sentences of the document the question was asked about, or of any."""
    own = [r and s.passage.title == case.title for r, s in zip(case.right, case.seen, strict=True)]
    return own if any(own) else case.right


def _add_case(
    case: Case,
    gold: Sequence[bool],
    weights: Vector,
    which: Sequence[int],
    gradient: Vector,
    curve: Matrix,
) -> None:
    scores = [sum(w * v for w, v in zip(weights, s.values, strict=True)) for s in case.seen]
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    total = sum(parts)
    good = sum(part for part, g in zip(parts, gold, strict=True) if g)
    mean = [0.0] * len(which)
    for part, g, one in zip(parts, gold, case.seen, strict=True):
        p = part / total
        pull = (part / good if g else 0.0) - p
        if p < 1e-5 and abs(pull) < 1e-5:
            continue
        values = [one.values[i] for i in which]
        for i, value in enumerate(values):
            gradient[i] += pull * value
            mean[i] += p * value
            row, weighted = curve[i], p * value
            for j in range(i + 1):
                row[j] += weighted * values[j]
    for i, m in enumerate(mean):
        for j in range(i + 1):
            curve[i][j] -= m * mean[j]


def fit_logistic(rows: Sequence[Row]) -> Vector:
    """Weights of a logistic regression; the last one is the intercept, which is not shrunk."""
    size = len(rows[0].values) + 1
    spread = [*_spread([row.values for row in rows]), 0.0]
    weights = [0.0] * size
    for _ in range(STEPS):
        gradient = [-SIGNAL_RIDGE * s * s * w for s, w in zip(spread, weights, strict=True)]
        curve = [[0.0] * size for _ in range(size)]
        for i, s in enumerate(spread):
            curve[i][i] = SIGNAL_RIDGE * s * s + 1e-9
        for row in rows:
            full = [*row.values, 1.0]
            p = _logistic(sum(w * v for w, v in zip(weights, full, strict=True)))
            for i, value in enumerate(full):
                gradient[i] += row.weight * (row.right - p) * value
                for j in range(i + 1):
                    curve[i][j] += row.weight * p * (1 - p) * value * full[j]
        step = _solve(curve, gradient)
        weights = [w + d for w, d in zip(weights, step, strict=True)]
    return weights


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _spread(rows: Sequence[Sequence[float]]) -> Vector:
    count = len(rows)
    means = [sum(column) / count for column in zip(*rows, strict=True)]
    return [
        math.sqrt(sum((value - mean) ** 2 for value in column) / count)
        for column, mean in zip(zip(*rows, strict=True), means, strict=True)
    ]


def _solve(lower: Matrix, right: Vector) -> Vector:
    """x of A x = b for a symmetric positive A given by its lower half (Cholesky)."""
    size = len(right)
    root = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = lower[i][j] - sum(root[i][k] * root[j][k] for k in range(j))
            root[i][j] = math.sqrt(max(rest, 1e-12)) if i == j else rest / root[j][j]
    half: Vector = []
    for i in range(size):
        half.append((right[i] - sum(root[i][k] * half[k] for k in range(i))) / root[i][i])
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = half[i] - sum(root[k][i] * found[k] for k in range(i + 1, size))
        found[i] = rest / root[i][i]
    return found


def folds_of(cases: Sequence[Case], seed: int = 0) -> list[set[str]]:
    """The titles of the documents, dealt into folds."""
    titles = sorted({case.title for case in cases})
    random.Random(seed).shuffle(titles)
    return [set(titles[start::FOLDS]) for start in range(FOLDS)]


def rows_of(cases: Sequence[Case], weights: Vector) -> list[Row]:
    """The signals of every question under these weights."""
    named = dict(zip(NAMES, weights, strict=True))
    rows = []
    for case in cases:
        rows += _rows(case, order(case.seen, named, case.asked.doubt), absent=False)
        elsewhere = [one for one in case.seen if one.passage.title != case.title]
        if elsewhere:
            rows += _rows(case, order(elsewhere, named, case.asked.doubt), absent=True)
    return rows


def _rows(case: Case, candidates: list[Candidate], *, absent: bool) -> list[Row]:
    right = {id(one) for one, good in zip(case.seen, case.right, strict=True) if good}
    rows = []
    for written in WRITTEN:
        found = signals(case.asked, candidates, written)
        good = not absent and any(id(one.seen) in right for one in candidates[:written])
        values = [found[name] for name in SIGNALS]
        rows.append(Row(case.title, case.is_more, written, values, good, absent))
    return rows


def across(folds: Sequence[set[str]], make: Callable[[set[str]], list]) -> list:
    """What `make` gives for each fold when it is left out, joined."""
    return [one for fold in folds for one in make(fold)]


def main(sources: Sequence[Path], target: Path) -> None:
    cases: list[Case] = []
    for source in sources:
        data = json.loads(source.read_text(encoding="utf-8"))
        cases += read_cases(data, is_more=source is not sources[0])
    folds = folds_of(cases)

    def unseen(fold: set[str]) -> list[Row]:
        weights = fit_features([case for case in cases if case.title not in fold])
        return rows_of([case for case in cases if case.title in fold], weights)

    rows = across(folds, unseen)

    def judged(fold: set[str]) -> list[tuple[Row, float]]:
        known = [row for row in rows if row.title not in fold]
        *weights, base = fit_logistic(known)
        return [
            (row, _logistic(base + sum(w * v for w, v in zip(weights, row.values, strict=True))))
            for row in rows
            if row.title in fold
        ]

    found = across(folds, judged)
    *weights, intercept = fit_logistic(rows)
    first = sum(not case.is_more for case in cases)
    held = {
        "fitted_on": f"{sources[0].name}: {first} questions",
        "meaning_fitted_on": f"{len(cases) - first} further questions of other files, too",
        "written_by": "scripts/fit_library.py",
        "on_documents_not_fitted": _figures([one for one in found if not one[0].is_more]),
        "further_questions": _figures([one for one in found if one[0].is_more]),
        "features": _rounded(NAMES, fit_features(cases)),
        "signals": _rounded(list(SIGNALS), weights),
        "intercept": round(intercept, 4),
    }
    target.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(held, indent=2))


def _rounded(names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in zip(names, values, strict=True)}


def _figures(judged: Sequence[tuple[Row, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    if not judged:
        return found
    for written, name in ((1, "first_sentence"), (3, "whole_answer")):
        ended = [(row, value) for row, value in judged if row.written == written]
        pairs = [(value, row.right) for row, value in ended if not row.absent]
        found[name] = sum(right for _, right in pairs) / len(pairs)
        found[f"{name}_calibration_error"] = calibration_error(pairs)
        found[f"{name}_area_under_curve"] = area_under_curve(pairs)
        without = [value for row, value in ended if row.absent]
        found[f"{name}_confidence_without_its_document"] = sum(without) / len(without)
    return {name: round(value, 4) for name, value in found.items()}


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]], FILE)
