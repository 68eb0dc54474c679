"""Lines of charts: round numbers at the side, and nothing drawn where nothing was measured."""

import pytest

from chat.web.charts import Chart
from chat.web.figures_in_words import many, pair_of_times, share, two_digits


@pytest.mark.parametrize(
    ("most", "top"),
    [(1, 1.2), (3, 3), (4, 6), (52, 60), (180, 300), (301, 600), (0.02, 0.03), (2900, 3000)],
)
def test_the_top_is_a_round_number_that_nothing_is_above(most: float, top: float) -> None:
    chart = Chart([0, most], least=0)
    assert chart.top == pytest.approx(top)
    assert chart.marks == pytest.approx([top, top * 2 / 3, top / 3, 0])


def test_where_nothing_was_measured_there_is_no_line() -> None:
    chart = Chart([3, 3, None, 0, None], width=100, height=30)
    assert chart.line == "M0.0 0.0 L25.0 0.0 M74.4 30.0h1.2"
    assert chart.area.count("Z") == 2
    assert Chart([None, None]).line == Chart([]).line == Chart([], []).second_line == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0, "0"), (0.414, "0.41"), (4.14, "4.1"), (9.96, "10"), (41.4, "41"),
     (418, "420"), (12_345, "12,000")],
)  # fmt: skip
def test_no_more_digits_than_were_measured(value: float | None, words: str) -> None:
    assert two_digits(value) == words


def test_two_times_are_in_one_unit() -> None:
    assert pair_of_times(52, 183) == [("52", "/"), ("180", "ms")]
    assert pair_of_times(430, 2345) == [("430", "ms /"), ("2.3", "s")]
    assert pair_of_times(1100, 2345) == [("1.1", "/"), ("2.3", "s")]
    assert pair_of_times(None, None) == [("–", "/"), ("–", "ms")]


def test_shares_and_counts() -> None:
    assert [share(one) for one in (None, 0, 0.004, 0.37, 1)] == ["–", "0", "0.4", "37", "100"]
    assert (many(1, "answer"), many(1284, "answer")) == ("1 answer", "1,284 answers")
    assert many(2, "failed try", "failed tries") == "2 failed tries"
