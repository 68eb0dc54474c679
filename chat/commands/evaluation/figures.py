"""Figures over judged answers: shares, calibration, areas. Imports nothing of Parley."""

from collections.abc import Iterable, Sequence

Pairs = Sequence[tuple[float, bool]]  # confidence, and whether it was right


def share(those: Iterable[bool]) -> float:
    """How many of them are true, from 0 to 1; not a number without any."""
    held = list(those)
    return sum(held) / len(held) if held else float("nan")


def calibration_error(pairs: Pairs, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Naeini et al., 2015)."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for value, right in pairs:
        held[min(bins - 1, int(value * bins))].append((value, right))
    gaps = (abs(sum(v for v, _ in one) - sum(r for _, r in one)) for one in held if one)
    return sum(gaps) / max(1, len(pairs))


def area_under_curve(pairs: Pairs) -> float:
    """The chance that a right answer has more confidence than a wrong one, ties counted half."""
    right = [value for value, good in pairs if good]
    wrong = [value for value, good in pairs if not good]
    if not right or not wrong:
        return float("nan")
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return wins / (len(right) * len(wrong))
