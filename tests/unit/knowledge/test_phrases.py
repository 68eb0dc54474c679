"""Which names and phrases of a text become its concepts."""

import pytest

from chat.knowledge.phrases import MOST_IN_PASSAGE, concepts_in, key_of


def names(*passages: str, heading: str = "") -> list[set[str]]:
    return [set(found.values()) for found in concepts_in([(heading, text) for text in passages])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry to Alder Point leaves Holt.", {"Alder Point", "Holt"}),
        ("He studied at the University of Chicago.", {"University of Chicago"}),
        ("However, it rained. Much was lost. Usually nobody came.", set()),
        ("In January and on Monday it is closed.", set()),
        ("They went to Italy and to Sicily.", {"Italy", "Sicily"}),
        ("We call `Alder.point()` or ask https://Holt.example.", set()),
    ],
)
def test_names_are_found_and_what_only_looks_like_one_is_not(text: str, expected: set[str]) -> None:
    assert names(text) == [expected]


def test_a_phrase_that_comes_back_is_one_whatever_its_endings() -> None:
    first, second, third = names(
        "It uses packet switching since long ago.",
        "Packets are many; packet switching is old.",
        "A box of packets: switching it helps nobody.",
    )
    assert first == second == {"packet switching"}
    assert "packet switching" not in third


def test_the_longer_phrase_stands_for_its_parts_where_they_are_never_alone() -> None:
    found = names("An adaptive immune system learns.", "Each adaptive immune system forgets.")
    assert found == [{"adaptive immune system"}] * 2


def test_empty_words_make_no_phrase() -> None:
    assert names("They take several steps. They take several pauses.") == [set()]


def test_what_a_heading_names_is_found_in_other_passages_too() -> None:
    found = concepts_in([("Rollbacks", "The smallest step."), ("", "A rollback takes long.")])
    assert [set(one) for one in found] == [{"rollback"}, {"rollback"}]
    assert "overview" not in concepts_in([("Overview", "Short."), ("", "An overview of it.")])[1]


def test_a_passage_has_so_many_concepts_and_no_more() -> None:
    text = ". ".join(f"We met Person{chr(97 + n)} there" for n in range(20))
    assert len(names(text)[0]) == MOST_IN_PASSAGE


def test_two_spellings_have_one_key() -> None:
    assert key_of("the Apollo program") == key_of("Apollo programs")
