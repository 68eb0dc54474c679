"""How strongly two concepts belong together."""

import math

import pytest

from chat.knowledge.association import npmi, strength, weight


def test_what_is_always_together_has_one_and_what_never_is_has_minus_one() -> None:
    assert npmi(4, 4, 4, 100) == pytest.approx(1.0)
    assert npmi(4, 4, 0, 100) == -1.0


def test_what_is_together_by_chance_has_nothing() -> None:
    assert npmi(10, 20, 2, 100) == pytest.approx(0.0)


def test_it_is_pointwise_mutual_information_over_its_largest_value() -> None:
    one, other, both = 10 / 100, 8 / 100, 5 / 100
    expected = math.log(both / (one * other)) / -math.log(both)
    assert npmi(10, 8, 5, 100) == pytest.approx(expected)


def test_a_concept_of_every_passage_divides_by_nothing() -> None:
    assert npmi(7, 7, 7, 7) == 1.0
    assert npmi(1, 1, 1, 1) == 1.0


def test_what_many_passages_say_is_stronger_than_what_one_says() -> None:
    assert strength(6, 6, 6, 100) > strength(1, 1, 1, 100)
    assert strength(1, 1, 1, 100) == pytest.approx(0.25)


def test_more_passages_weigh_more_and_so_do_longer_names() -> None:
    assert weight(5, 100, 1) > weight(4, 100, 1)
    assert weight(4, 100, 2) > weight(4, 100, 1)
