"""The key of an answer: what could change the answer changes it, and nothing else does."""

from dataclasses import replace
from typing import Any

import pytest

from chat.cache import Ingredients, key_of, normalised
from chat.cache.ages import age_in_words
from chat.values import Depth, Turn

MADE_FROM = Ingredients(
    question="How do I add a document?",
    history=(Turn("user", "Hello"), Turn("assistant", "Hello, Bob.")),
    writer="local openai_compatible other http://127.0.0.1:8080/v1 32000",
    model="small",
    depth=Depth.BALANCED,
    instructions="Be brief.",
    libraries={"team": 7, "crew": 3},
)


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "How do I delete a document?"},
        {"history": ()},
        {"history": (Turn("user", "Hello"), Turn("assistant", "Hello, Alice."))},
        {"history": (Turn("user", "Hello"), Turn("user", "Hello, Bob."))},
        {"writer": "local openai_compatible other http://127.0.0.1:8081/v1 32000"},
        {"model": "large"},
        {"depth": Depth.DEEP},
        {"instructions": "Be kind."},
        {"libraries": {"team": 8, "crew": 3}},
        {"libraries": {"team": 7}},
        {"libraries": {"team": 7, "crew": 3, "elsewhere": 1}},
        {"libraries": {"team": 3, "crew": 7}},
        {"policy": "redacts e-mail addresses"},
    ],
)
def test_each_part_of_what_an_answer_is_made_from_changes_its_key(changed: dict[str, Any]) -> None:
    assert key_of(replace(MADE_FROM, **changed)) != key_of(MADE_FROM)


def test_every_part_is_tried_above() -> None:
    names = set(Ingredients.__dataclass_fields__)
    assert names == {
        "question", "history", "writer", "model", "depth", "instructions", "libraries", "policy",
    }  # fmt: skip


def test_no_part_runs_over_into_the_next() -> None:
    moved = replace(MADE_FROM, model="small\nBe", instructions="brief.")
    assert key_of(moved) != key_of(replace(MADE_FROM, model="small", instructions="Be\nbrief."))
    joined = replace(MADE_FROM, history=(Turn("user", "Hello assistant Hello, Bob."),))
    assert key_of(joined) != key_of(MADE_FROM)


def test_the_order_in_which_libraries_are_named_does_not_count() -> None:
    other = replace(MADE_FROM, libraries={"crew": 3, "team": 7})
    assert key_of(other) == key_of(MADE_FROM)


@pytest.mark.parametrize(
    "typed",
    [
        "  How do I add a document?  ",
        "How do I  add\ta document?",
        "How do I add a document ?",
        "How do I add a document??",
        "How do I add a document?\n",
        "\u200aHow do I add a document?",
    ],
)
def test_the_same_question_typed_a_little_differently_has_the_same_key(typed: str) -> None:
    assert key_of(replace(MADE_FROM, question=typed)) == key_of(MADE_FROM)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café?", "Cafe\u0301?"),
        ("Sum up the plan.", "Sum up the plan"),
        ("One\r\ntwo", "One\ntwo"),
        ("One  \ntwo", "One\ntwo"),
    ],
)
def test_what_surely_means_nothing_does_not_count(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ask us", "Ask US"),
        ("You can delete it?", "You can delete it."),
        ("What is x²?", "What is x2?"),
        ("if a:\n    b", "if a:\n b"),
        ("One\n\ntwo", "One\ntwo"),
        ("And then...", "And then"),
        ("Stop!", "Stop"),
        ("resume", "résumé"),
        ("a b", "ab"),
    ],
)
def test_what_may_mean_something_counts(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (59.9, "less than a minute"),
        (60, "1 minute"),
        (12 * 60 + 59, "12 minutes"),
        (3_600, "1 hour"),
        (7 * 3_600, "7 hours"),
        (86_400, "1 day"),
        (3 * 86_400 - 1, "2 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert age_in_words(seconds) == words


def test_a_hostile_question_is_read_once() -> None:
    """A pattern that looks ahead from each white space took nine seconds for the first of them."""
    assert normalised("a" + "\n" * 32_000 + "b").endswith("b")
    assert normalised("?" * 32_000 + "x").endswith("?x")
    assert normalised("Why" + " " * 32_000 + "?" * 32_000) == "Why?"
