"""How a confidence is shifted by what people thought of answers: Platt scaling with a prior.

`p' = sigmoid(slope * logit(p) + offset)` (Platt, 1999), fitted by maximum a posteriori: the slope
is normal around 1, the offset around 0, so that a few ratings hardly move anything and many do.
Keeps true: fewer than LEAST answers, or a fit that does not foretell the answers it has not seen
better than no shift at all, shift nothing. Pure. Imports nothing of Parley.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 20  # answers
_SLOPE_VARIANCE, _OFFSET_VARIANCE = 0.008, 0.08
_SLOPES = (0.2, 5.0)  # a shift never turns the order of two confidences round
_FARTHEST = 0.999  # no shift makes anything surer than this
_FOLDS = 5
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Shift:
    """What is done to a confidence."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, confidence: float) -> float:
        return round(_sigmoid(self.slope * _logit(confidence) + self.offset), 4)

    @property
    def changes_nothing(self) -> bool:
        return self.slope == 1.0 and self.offset == 0.0


@dataclass(frozen=True, slots=True)
class Opinion:
    """One answer: its confidence, and the share of its raters that found it good."""

    confidence: float
    good: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A shift, on how many answers it rests, and its log loss on those it has not seen."""

    shift: Shift
    answers: int
    loss_before: float
    loss_after: float


def fit(opinions: Sequence[Opinion]) -> Fit:
    """The shift for these answers; none where it is not better on answers that it has not seen."""
    count = len(opinions)
    before = _loss(opinions, Shift())
    if count < LEAST:
        return Fit(Shift(), count, before, before)
    unseen = 0.0
    for fold in range(_FOLDS):
        seen = [one for number, one in enumerate(opinions) if number % _FOLDS != fold]
        part = opinions[fold::_FOLDS]
        unseen += _loss(part, most_likely(seen)) * len(part)
    after = unseen / count
    if after >= before:
        return Fit(Shift(), count, before, after)
    return Fit(most_likely(opinions), count, before, after)


def most_likely(opinions: Sequence[Opinion]) -> Shift:
    """The slope and the offset of the greatest posterior, by Newton's method."""
    slope, offset = 1.0, 0.0
    for _ in range(_STEPS):
        toward_slope = (1.0 - slope) / _SLOPE_VARIANCE
        toward_offset = -offset / _OFFSET_VARIANCE
        ss, so, oo = 1 / _SLOPE_VARIANCE, 0.0, 1 / _OFFSET_VARIANCE
        for one in opinions:
            x = _logit(one.confidence)
            p = _sigmoid(slope * x + offset)
            toward_slope += (one.good - p) * x
            toward_offset += one.good - p
            weight = p * (1 - p)
            ss, so, oo = ss + weight * x * x, so + weight * x, oo + weight
        size = ss * oo - so * so
        step = (oo * toward_slope - so * toward_offset) / size
        offset += (ss * toward_offset - so * toward_slope) / size
        slope += step
        if abs(step) < 1e-9:
            break
    return Shift(round(min(max(slope, _SLOPES[0]), _SLOPES[1]), 6), round(offset, 6))


def _loss(opinions: Sequence[Opinion], shift: Shift) -> float:
    """The mean log loss in nats."""
    total = 0.0
    for one in opinions:
        p = min(max(shift(one.confidence), 1 - _FARTHEST), _FARTHEST)
        total -= one.good * math.log(p) + (1 - one.good) * math.log(1 - p)
    return total / max(1, len(opinions))


def _logit(p: float) -> float:
    p = min(max(p, 1 - _FARTHEST), _FARTHEST)
    return math.log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))
