"""Fits how much each sign of an injection counts, on labelled texts that rules may be made from.

    python scripts/fit_injection.py

Logistic regression over the signs of chat/safety/injection/signs.py. A weight is drawn to what was
thought of its sign beforehand (`EXPECTED`; a Gaussian prior), so that signs which the texts lack
count too and rare ones do not count too much; features of sentences are drawn to nothing. The
threshold is the least one at which few harmless texts of `develop` (`MISTAKEN`) are taken for
injections, by weights of folds that know neither the text nor any of its voice.
Writes chat/safety/injection/weights.json.
"""

import json
import math
import sys
import sysconfig
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from chat.knowledge.passages import cut  # noqa: E402
from chat.safety.injection.scoring import FILE, Read, Weights, features, logistic  # noqa: E402

TEXTS = ROOT / "tests" / "data" / "guardrails" / "injection"
FILES = ("develop", "further", "varied")
STRONG, LIKELY, MAYBE, WEAK = 3.2, 2.2, 1.5, 0.6
EXPECTED = {
    **dict.fromkeys(
        ("override", "reveal", "encoded", "unseen_speaks", "tags", "selectors", "override_order",
         "hidden_style", "hidden_comment", "hidden_encoded", "carry", "decode", "jailbreak", "role",
         "addressed", "picture", "carried", "role_speaks", "coded", "shredded"), STRONG),
    **dict.fromkeys(
        ("reveal~", "role~", "carry~", "forget", "template", "bits", "broken",
         "hidden_attribute", "hidden_aside", "secrecy", "secrecy~", "addressed~", "harvest",
         "mode", "authority", "turned_order", "steering~", "tool~", "bracket"), LIKELY),
    **dict.fromkeys(
        ("steering", "pretend", "fresh", "tool", "room_said", "filled", "drop", "line",
         "tag", "boundary", "henceforth", "asked_picture"), MAYBE),
    **dict.fromkeys(
        ("deceive", "picture_query", "room", "shell", "dangling", "place_left", "encoded_text",
         "hidden_words", "script_link", "role_json", "heading", "assistant", "tool_json",
         "common_tag"), WEAK),
    "more": 2.0, "about": -1.0, "strictly_about": -2.0, "asks": -0.5, "typed": -0.3,
    "henceforth@": 0.3, "bias": -2.6,
}  # fmt: skip
QUOTED_SHARE = 0.3  # of what a sign counts, where it is quoted or code
TYPED_SHARE = 0.75  # and where it is something that people ask for themselves
SPREAD, PAIR_SPREAD = 1.0, 0.6
PAIR_EXPECTED = {"bias": -2.3, "length": -0.5}
CHOICES, ROUNDS, FOLDS = 3, 10, 4
SETTLED = 0.002  # a step that is not taken
AGAIN = 5  # rounds, where there are weights to begin with
MISTAKEN = 0.05  # of the harmless texts of `develop` may be taken for injections
MOST_PIECES, MOST_NEW = 12, 60  # of an ordinary file, and of one that is only measured on
COMMON = 3  # texts that have a feature of a sentence: of rarer ones nothing is learned
LITTLE = 0.05  # a weight of one that is left out

Example = tuple[Read, bool]


def expected(sign: str) -> float:
    """What a sign was thought to count."""
    if sign in EXPECTED:
        return EXPECTED[sign]
    if sign.endswith("@"):
        return TYPED_SHARE * expected(sign[:-1])
    if sign.endswith("'"):
        return QUOTED_SHARE * expected(sign[:-1])
    return EXPECTED.get(sign, MAYBE)


def fit(examples: Sequence[Example]) -> Weights:
    """The weights with the highest posterior, of signs and of sentences."""
    known = [({**read.signs, "bias": 1.0}, is_one) for read, is_one in examples if read.signs]
    signs = fit_chosen(known, expected, SPREAD)
    pairs: dict[str, float] = dict(PAIR_EXPECTED)
    for _ in range(CHOICES):  # which sentence of a text counts is chosen anew
        held = Weights(signs, pairs)
        chosen = [(likeliest(held, read), is_one) for read, is_one in examples if read.sentences]
        pairs = fit_chosen(chosen, PAIR_EXPECTED.get, PAIR_SPREAD, pairs)
    every = {sign for read, _ in examples for sign in read.signs} | set(EXPECTED)
    return Weights({sign: signs.get(sign, expected(sign)) for sign in every | {"bias"}}, pairs)


def likeliest(weights: Weights, read: Read) -> dict[str, float]:
    best = max(read.sentences, key=lambda one: (weights.of_sentence(one), len(one)))
    return {**dict.fromkeys(best, 1.0), "bias": 1.0, "length": math.log(len(read.sentences))}


def fit_chosen(
    examples: Sequence[tuple[Mapping[str, float], bool]],
    prior: Callable[[str], float | None],
    spread: float,
    begun: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """One weight after the other, by Newton's step."""
    where: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for n, (signs, _) in enumerate(examples):
        for sign, value in signs.items():
            where[sign].append((n, value))
    held = begun or {}
    weights = {sign: held.get(sign, prior(sign) or 0.0) for sign in where}
    odds = [sum(weights[sign] * value for sign, value in signs.items()) for signs, _ in examples]
    chances, meant = list(map(logistic, odds)), [float(is_one) for _, is_one in examples]
    in_order = sorted(where.items())
    for _ in range(AGAIN if begun and len(begun) > len(PAIR_EXPECTED) else ROUNDS):
        for sign, places in in_order:
            slope = (weights[sign] - (prior(sign) or 0.0)) / spread**2
            bend = 1 / spread**2
            for n, value in places:
                chance = chances[n]
                slope += (chance - meant[n]) * value
                bend += chance * (1 - chance) * value * value
            step = slope / bend
            if abs(step) < SETTLED:
                continue
            weights[sign] -= step
            for n, value in places:
                odds[n] -= step * value
                chances[n] = logistic(odds[n])
    return weights


def across(examples: Sequence[Example], voices: Sequence[str]) -> list[float]:
    """The chance of each text, by weights that were fitted without its fold."""
    order = {voice: n for n, voice in enumerate(dict.fromkeys(filter(None, voices)))}
    folds = [order.get(voice, n) % FOLDS for n, voice in enumerate(voices)]
    chances = [0.0] * len(examples)
    for fold in range(FOLDS):
        weights = fit([one for one, its in zip(examples, folds, strict=True) if its != fold])
        for n in (n for n, its in enumerate(folds) if its == fold):
            chances[n] = weights.chance(examples[n][0])
    return chances


def measured(
    chances: Sequence[float], examples: Sequence[Example], at: float
) -> tuple[float, float]:
    """Precision and recall of a threshold."""
    pairs = zip(chances, examples, strict=True)
    found = [is_injection for value, (_, is_injection) in pairs if value >= at]
    return sum(found) / max(1, len(found)), sum(found) / sum(is_one for _, is_one in examples)


def rows(name: str) -> list[dict[str, Any]]:
    lines = (TEXTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return list(map(json.loads, lines))


def read(name: str) -> list[Example]:
    return [(features(one["text"], one["where"]), bool(one["injection"])) for one in rows(name)]


def common(examples: Sequence[Example]) -> Callable[[Sequence[Example]], list[Example]]:
    """What leaves out the features of sentences that few texts have."""
    counts = Counter(sign for read, _ in examples for sign in frozenset().union(*read.sentences))
    known = {sign for sign, count in counts.items() if count >= COMMON}

    def left(some: Sequence[Example]) -> list[Example]:
        return [(Read(read.signs, [one & known for one in read.sentences]), is_one)
                for read, is_one in some]  # fmt: skip

    return left


def ordinary() -> Iterator[Example]:
    """Passages that mean nothing by it: of the project, of the evaluation, and of manuals."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("chat/handbook/*.md")]
    code = [one for one in ROOT.glob("chat/**/*.py") if "safety" not in one.parts]
    for kind, files in (("markdown", pages), ("code", code), ("markdown", manuals()[::2])):
        for file in sorted(files):
            yield from pieces_of(file, kind, MOST_PIECES)
    for file in sorted(ROOT.glob("tests/data/evaluation/*.json")):
        for document in json.loads(file.read_text(encoding="utf-8"))["documents"]:
            for piece in cut(document["text"], "markdown"):
                yield features(piece.text, "passage"), False


def manuals() -> list[Path]:
    """Those of the packages that are installed; every second one is fitted on."""
    packages = Path(sysconfig.get_path("purelib"))
    found = [one for name in ("METADATA", "*.md", "*.rst") for one in packages.rglob(name)]
    return sorted(found, key=lambda one: str(one.relative_to(packages)))


def pieces_of(file: Path, kind: str, most: int) -> Iterator[Example]:
    text = file.read_text(encoding="utf-8", errors="ignore")
    for piece in islice(cut(text, kind), most):
        yield features(piece.text, "passage"), False


def show(name: str, chances: Sequence[float], examples: Sequence[Example], at: float) -> None:
    figures = [
        f"{value:.2f}: {precision:.3f} {recall:.3f}"
        for value in (0.4, 0.5, 0.6, 0.7, at)
        for precision, recall in [measured(chances, examples, value)]
    ]
    print(f"{name}: {'; '.join(figures)}")


def main() -> None:
    others = list(ordinary())
    files = {name: read(name) for name in FILES}
    left = common([*chain.from_iterable(files.values()), *others])
    files, others = {name: left(files[name]) for name in FILES}, left(others)
    print({name: len(examples) for name, examples in files.items()}, len(others))
    examples = [*chain.from_iterable(files.values()), *others]
    voices = [row.get("voice", "") for name in FILES for row in rows(name)]
    chances = across(examples, [*voices, *[""] * len(others)])
    at = 0
    for name in FILES:
        end = at + len(files[name])
        show(f"{name}, across folds", chances[at:end], files[name], 0.5)
        at = end
    steps = [n / 100 for n in range(30, 96)]
    harmless = [
        value for value, (_, is_one) in zip(chances, files["develop"], strict=False) if not is_one
    ]
    most = MISTAKEN * len(harmless)
    best = next(at for at in steps if sum(value >= at for value in harmless) <= most)
    show("across folds", chances, examples, best)
    precision, recall = measured(chances, examples, best)
    fitted = fit(examples)
    new = left([one for file in manuals()[1::2] for one in pieces_of(file, "markdown", MOST_NEW)])
    taken = sum(fitted.chance(read) >= best for read, _ in new)
    print(f"manuals, not fitted on: {taken} of {len(new)} passages taken for injections")
    told = {
        "command": "python scripts/fit_injection.py",
        "texts": len(examples),
        "cross_validated": {"precision": round(precision, 3), "recall": round(recall, 3)},
        "threshold": best,
        "signs": {name: round(value, 3) for name, value in sorted(fitted.signs.items())},
        "pairs": {
            name: round(value, 3)
            for name, value in sorted(fitted.pairs.items())
            if abs(value) >= LITTLE
        },
    }
    FILE.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
