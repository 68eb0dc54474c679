"""Quantiles from few numbers: within 5 %, and the same however they were put together."""

import random

import pytest

from chat.metrics.sketch import Sketch


def sketch_of(values: list[float]) -> Sketch:
    sketch = Sketch()
    for value in values:
        sketch.add(value)
    return sketch


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.01, 0.5, 0.95, 1.0])
def test_a_quantile_is_within_five_percent(seed: int, share: float) -> None:
    chance = random.Random(seed)
    values = sorted(chance.lognormvariate(5, 1.5) + 1 for _ in range(1000))
    found = sketch_of(values).quantile(share)
    assert found == pytest.approx(values[round(share * 1000) - 1], rel=0.05)


def test_of_nothing_there_is_none() -> None:
    assert Sketch().quantile(0.5) is None
    assert Sketch.parse("").quantile(0.5) is None


def test_of_one_it_is_that_one() -> None:
    assert sketch_of([250]).quantile(0.5) == pytest.approx(250, rel=0.05)
    assert sketch_of([0]).quantile(0.95) == 1.0


def test_joined_sketches_are_one_of_all() -> None:
    parts, whole = [sketch_of([3, 80]), sketch_of([80, 9000])], sketch_of([3, 80, 80, 9000])
    parts[0].join(Sketch.parse(parts[1].text()))
    assert (parts[0].steps, parts[0].count) == (whole.steps, 4)
