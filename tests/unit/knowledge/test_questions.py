"""How questions are understood."""

import pytest

from chat.knowledge.questions import intent_of, terms_of, understand
from chat.values import Turn


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Hello!", "greeting"),
        ("thank you very much", "greeting"),
        ("Hello, when did it rain?", "question"),
        ("When did Tesla die?", "question"),
        ("How do I add documents?", "how-to"),
        ("how to back up", "how-to"),
        ("How many people live there?", "question"),
        ("What is the difference between quick and deep?", "comparison"),
        ("Compare SQLite with PostgreSQL", "comparison"),
        ("Summarize the handbook", "summary"),
        ("Tell me about sessions", "summary"),
        ("List the open incidents", "command"),
        ("", "question"),
    ],
)
def test_an_intent_is_told_from_the_words(question: str, intent: str) -> None:
    assert intent_of(question) == intent


def test_terms_are_the_words_that_carry_meaning_each_once() -> None:
    assert terms_of("What is the Tesla's tesla, in the U.N. of 1,943?") == ("tesla", "un", "1943")


def test_a_question_of_small_words_alone_still_has_terms() -> None:
    assert terms_of("who is it about?") != ()


def test_a_question_that_points_back_recalls_the_one_before() -> None:
    history = [Turn("user", "Who was Nikola Tesla?"), Turn("assistant", "An inventor.")]
    assert understand("When did he die?", history).recalled == ("nikola", "tesla")
    assert understand("When was Fresno founded by settlers?", history).recalled == ()
