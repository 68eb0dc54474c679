"""How often something may happen, as it is written and told."""

import pytest

from chat.rates import Rate, counted, parse_rates, time_in_words


@pytest.mark.parametrize("text", ["", "0"])
def test_nothing_and_zero_are_no_limit(text: str) -> None:
    assert parse_rates(text) == ()


def test_several_rates_are_read_the_shortest_first() -> None:
    assert parse_rates("1000/day, 20/minute") == (Rate(20, "minute"), Rate(1000, "day"))
    assert [rate.seconds for rate in parse_rates("1/day,1/second,1/hour")] == [1, 3600, 86_400]


@pytest.mark.parametrize(
    "text",
    ["20", "0/minute", "20/fortnight", "20/minute,", "2/hour,3/hour", "-1/day", "²/day", "1/day/1"],
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a rate such as 20/minute"):
        parse_rates(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (24, "24 seconds"),
        (119, "119 seconds"),
        (121, "3 minutes"),
        (3600, "1 hour"),
        (11_401, "3 hours 11 minutes"),
        (86_400, "24 hours"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds: int, words: str) -> None:
    assert time_in_words(seconds) == words


def test_a_number_has_its_noun() -> None:
    assert [counted(n, "file") for n in (1, 20, 1000)] == ["1 file", "20 files", "1,000 files"]
