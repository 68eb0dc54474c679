"""Texts come into a normal form in time that grows as they do, whatever marks they hold."""

import time
import unicodedata

import pytest

from chat.finding.asked import folded
from chat.normal_forms import normalized

MARKS = ["\u0301\u0323", "\u05b0\u05b7", "\u0f73", "\uff9e\u0323", "\U0001d165\u0301"]


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_many_marks_on_one_letter_cost_no_more_than_other_letters(marks: str, form: str) -> None:
    text = "a" + marks * (100_000 // len(marks))
    before = time.process_time()
    normalized(form, text)  # type: ignore[arg-type]
    assert time.process_time() - before < 1  # seconds; each took at least four


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Ångström, e\u0301te\u0323\u0301, \ufb01n, 각 ｶﾞ",
        "a" + "\u0323\u0301" * 15,
        "…" * 200 + "❤️" * 100 + "👩‍👩‍👧" * 40,
    ],
)
def test_what_people_write_is_as_the_standard_has_it(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert normalized(form, text) == unicodedata.normalize(form, text)  # type: ignore[arg-type]


def test_a_word_under_many_marks_is_compared_without_them() -> None:
    assert folded("Zebra" + "\u0301\u0323" * 500) == "zebra"
