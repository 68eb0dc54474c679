"""What ratings teach the confidence: little from few, the truth from many, nothing from noise."""

import math
import random
from collections.abc import Callable

import pytest

from chat.answering.calibration import LEAST, Opinion, Shift, fit, most_likely


def rated(count: int, truth: Callable[[float], float], seed: int = 7) -> list[Opinion]:
    """Answers with confidences from 0.02 to 0.98, rated once, good as often as `truth` says."""
    chance = random.Random(seed)
    values = [chance.uniform(0.02, 0.98) for _ in range(count)]
    return [Opinion(value, float(chance.random() < truth(value))) for value in values]


@pytest.mark.parametrize("value", [0.02, 0.3, 0.5, 0.8, 0.91, 0.98])
@pytest.mark.parametrize("good", [0.0, 1.0])
def test_three_ratings_change_nothing_wild(value: float, good: float) -> None:
    opinions = [Opinion(value, good)] * 3
    assert fit(opinions).shift == Shift()
    likely = most_likely(opinions)
    for shown in (0.1, 0.5, 0.8, 0.95):
        assert abs(likely(shown) - shown) < 0.08


def test_no_ratings_shift_nothing() -> None:
    found = fit([])
    assert (found.shift, found.answers) == (Shift(), 0)
    assert most_likely([]) == Shift()


def test_nothing_shifts_nothing() -> None:
    assert [Shift()(value) for value in (0.02, 0.5, 0.91)] == [0.02, 0.5, 0.91]


def test_ratings_that_agree_with_the_confidence_leave_it() -> None:
    found = fit(rated(400, lambda value: value))
    for value in (0.2, 0.5, 0.8):
        assert found.shift(value) == pytest.approx(value, abs=0.06)


def test_a_confidence_that_is_too_sure_is_brought_down_to_what_was_found() -> None:
    def truth(value: float) -> float:
        return 1 / (1 + math.exp(-(0.6 * math.log(value / (1 - value)) - 0.8)))

    found = fit(rated(3000, truth))
    assert found.loss_after < found.loss_before
    for value in (0.3, 0.6, 0.9):
        assert found.shift(value) == pytest.approx(truth(value), abs=0.05)


def test_more_ratings_move_it_further() -> None:
    def moved(count: int) -> float:
        return 0.9 - most_likely(rated(count, lambda value: value * 0.6))(0.9)

    assert 0 < moved(20) < moved(100) < moved(1000)


def test_noise_is_no_reason_for_a_shift() -> None:
    shifts = [fit(rated(30, lambda value: value, seed)).shift for seed in range(40)]
    assert sum(shift.changes_nothing for shift in shifts) > 10
    for shift in shifts:
        for value in (0.2, 0.5, 0.9):
            assert abs(shift(value) - value) < 0.2


def test_a_shift_keeps_the_order_of_confidences() -> None:
    upside_down = most_likely(rated(3000, lambda value: 1 - value))
    values = [upside_down(n / 100) for n in range(2, 99)]
    assert values == sorted(values)


def test_the_least_count_is_what_it_says() -> None:
    few = rated(LEAST - 1, lambda value: 0.0)
    assert fit(few).shift == Shift()
    assert fit([*few, few[0]]).shift != Shift()
