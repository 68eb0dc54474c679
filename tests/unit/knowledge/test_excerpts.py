"""The sentence of a passage that names a concept."""

import pytest

from chat.knowledge.excerpts import excerpt
from chat.knowledge.phrases import key_of

TEXT = "Ships wait here. The University of Chicago’s boats do not. Nobody knows."


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("University of Chicago", "University of Chicago’s"),
        ("the boat", "boats"),
        ("Ship", "Ships"),
    ],
)
def test_the_name_is_marked_in_its_sentence(name: str, marked: str) -> None:
    found = excerpt(TEXT, key_of(name))
    assert found.name == marked
    assert found.text in TEXT
    assert found.text.endswith(".")


def test_where_nothing_names_it_the_first_sentence_stands() -> None:
    found = excerpt(TEXT, "oslo")
    assert (found.name, found.text) == ("", "Ships wait here.")


def test_of_a_very_long_sentence_the_part_around_the_name_is_shown() -> None:
    text = "word " * 300 + "Geneva " + "word " * 300
    found = excerpt(text, "geneva")
    assert found.name == "Geneva"
    assert len(found.text) <= 400
    assert found.text in text


def test_a_text_of_nothing_has_an_empty_excerpt() -> None:
    assert excerpt("", "oslo").text == ""
