"""Fits how much each sign of an injection counts, on labelled texts that rules may be made from.

    python scripts/fit_injection.py tests/data/guardrails/injection/develop.jsonl

Logistic regression over the signs of chat/safety/injection/signs.py. A weight is drawn to what was
thought of its sign beforehand (`EXPECTED`; a Gaussian prior), so that signs which the texts lack
count too and rare ones do not count too much. The threshold is where precision and recall of ten
folds, of texts that were not fitted on, are best together (F-measure). Writes
chat/safety/injection/weights.json.
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from chat.knowledge.passages import cut  # noqa: E402
from chat.safety.injection.scoring import FILE, features  # noqa: E402

STRONG, LIKELY, MAYBE, WEAK = 3.2, 2.2, 1.5, 0.6
EXPECTED = {
    **dict.fromkeys(
        ("override", "reveal", "encoded", "unseen_speaks", "tags", "selectors", "override_order",
         "hidden_style", "hidden_comment", "hidden_encoded", "carry", "decode", "jailbreak", "role",
         "addressed", "picture", "carried", "role_speaks"), STRONG),
    **dict.fromkeys(
        ("reveal~", "role~", "carry~", "forget", "template", "bits", "broken", "hidden_attribute",
         "secrecy", "secrecy~", "addressed~", "harvest", "mode", "authority", "turned_order",
         "steering~", "tool~", "bracket"), LIKELY),
    **dict.fromkeys(
        ("steering", "pretend", "fresh", "tool", "room_said", "filled", "drop", "line",
         "tag", "boundary", "henceforth", "asked_picture"), MAYBE),
    **dict.fromkeys(
        ("deceive", "picture_query", "room", "encoded_text", "hidden_words", "script_link",
         "role_json", "heading", "assistant", "tool_json", "common_tag"), WEAK),
    "more": 2.0, "about": -1.0, "strictly_about": -2.0, "asks": -0.5, "typed": -0.3,
}  # fmt: skip
QUOTED_SHARE = 0.3  # of what a sign counts, where it is quoted or code
TYPED_SHARE = 0.75  # and where it is something that people ask for themselves
BIAS, SPREAD = -2.4, 1.0
STEPS, RATE = 1500, 0.5
FOLDS = 10

Example = tuple[Mapping[str, float], bool]


def expected(sign: str) -> float:
    """What a sign was thought to count."""
    if sign == "bias":
        return BIAS
    if sign.endswith("@"):
        return TYPED_SHARE * EXPECTED.get(sign[:-1], MAYBE)
    if sign.endswith("'"):
        return QUOTED_SHARE * EXPECTED.get(sign[:-1], MAYBE)
    return EXPECTED.get(sign, MAYBE)


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """The weights with the highest posterior; plain descent, since the texts are few."""
    names = sorted({name for signs, _ in examples for name in signs} | set(EXPECTED) | {"bias"})
    weights = {name: expected(name) for name in names}
    for _ in range(STEPS):
        slope = {n: (weights[n] - expected(n)) / SPREAD**2 for n in names}
        for signs, is_injection in examples:
            error = chance(weights, signs) - is_injection
            slope["bias"] += error
            for name, value in signs.items():
                slope[name] += error * value
        for name in names:
            weights[name] -= RATE * slope[name] / 40
    return weights


def chance(weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    z = weights["bias"] + sum(weights.get(n, expected(n)) * value for n, value in signs.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def across(examples: Sequence[Example]) -> list[float]:
    """The chance of each text, by weights that were fitted without its fold."""
    chances = [0.0] * len(examples)
    for fold in range(FOLDS):
        weights = fit([one for n, one in enumerate(examples) if n % FOLDS != fold])
        for n in range(fold, len(examples), FOLDS):
            signs = examples[n][0]
            chances[n] = chance(weights, signs) if signs else 0.0
    return chances


def measured(
    chances: Sequence[float], examples: Sequence[Example], at: float
) -> tuple[float, float]:
    """Precision and recall of a threshold."""
    found = [
        is_injection
        for value, (_, is_injection) in zip(chances, examples, strict=True)
        if value >= at
    ]
    return sum(found) / max(1, len(found)), sum(found) / sum(is_one for _, is_one in examples)


def ordinary() -> Iterator[Mapping[str, float]]:
    """The signs of passages that nobody means anything by: those of the project's own pages."""
    for file in sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("chat/handbook/*.md")]):
        for piece in cut(file.read_text(), "markdown"):
            yield features(piece.text, "passage")


def main() -> None:
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    examples = [(features(row["text"], row["where"]), bool(row["injection"])) for row in rows]
    examples += [(signs, False) for signs in ordinary() if signs]
    chances = across(examples)
    best = max(
        (joint(*measured(chances, examples, step / 100)), step / 100) for step in range(30, 81, 2)
    )
    for at in (0.3, 0.4, 0.5, 0.6, 0.7, best[1]):
        print(f"threshold {at:.2f}: precision %.3f, recall %.3f" % measured(chances, examples, at))
    weights = fit(examples)
    precision, recall = measured(chances, examples, best[1])
    told = {
        "command": "python scripts/fit_injection.py tests/data/guardrails/injection/develop.jsonl",
        "texts": len(rows),
        "cross_validated": {"precision": round(precision, 3), "recall": round(recall, 3)},
        "threshold": best[1],
        "weights": {name: round(value, 3) for name, value in sorted(weights.items())},
    }
    FILE.write_text(json.dumps(told, indent=1) + "\n")
    if "-v" in sys.argv:
        for row, value, (signs, _) in zip(rows, chances, examples, strict=False):
            if (value >= best[1]) != row["injection"]:
                print(
                    row["injection"],
                    row["kind"],
                    row["where"],
                    f"{value:.2f}",
                    signs,
                    repr(row["text"][:200]),
                )


def joint(precision: float, recall: float) -> float:
    """Their harmonic mean, the F-measure."""
    return 2 * precision * recall / max(1e-9, precision + recall)


if __name__ == "__main__":
    main()
