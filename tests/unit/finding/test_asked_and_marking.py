"""What was typed becomes terms without any grammar, and is marked where a text has it."""

import time

import pytest

from chat.finding.asked import folded, terms_of, widened
from chat.finding.marking import Marked, excerpt, mark


def test_of_many_words_short_ones_are_looked_for_as_they_are_typed() -> None:
    two, many = (widened(terms_of(typed)) for typed in ("cat dog", "cat rolling dogs"))
    assert [term.beginning for term in two] == ["cat", "dog"]
    assert [term.beginning for term in many] == ["", "", "dog"]
    assert widened(terms_of("elephants cats dogs"))[0].beginning == "eleph"


def marked(pieces: Marked) -> list[str]:
    return [text for text, is_marked in pieces if is_marked]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Rolling back", ["rolling", "back"]),
        ("how do I roll back", ["roll", "back"]),
        ("how do I", ["how", "do", "i"]),
        ('"roll back" now', ['"roll back"', "now"]),
        ('"half a phrase', ["half", "phrase"]),
        ('c++ AND NOT "x" -y it\'s', ["c", "x", "y", "s"]),
        ("foo:bar* (baz) ^qux", ["foo", "bar", "baz", "qux"]),
        ("Ru\u0308ckfall", ["rückfall"]),
        ("   ", []),
        ("\0%_'", []),
    ],
)
def test_only_words_and_phrases_are_left_of_what_was_typed(typed: str, terms: list[str]) -> None:
    assert [folded(str(term)) for term in terms_of(typed)] == [folded(term) for term in terms]


def test_a_text_of_any_length_becomes_a_few_terms() -> None:
    assert len(terms_of(" ".join(f"word{n}" for n in range(10_000)))) == 8
    assert len(str(terms_of("a" * 10_000)[0])) == 60


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("rolling", "Roll back, rolled, a ROLLING stone; scroll", ["Roll", "rolled", "ROLLING"]),
        ("policy", "Policies and the policy", ["Policies", "policy"]),
        ("ruckfall", "Ein Rückfall", ["Rückfall"]),
        ("rückfall", "Ein Ruckfall", ["Ruckfall"]),
        ('"roll back"', "roll, back; rolled back. Roll  back", ["roll, back", "Roll back"]),
        ("at", "at bats", ["at"]),
        ("привет", "Скажи ПРИВЕТ", ["ПРИВЕТ"]),
    ],
)
def test_every_form_of_a_word_is_marked(typed: str, text: str, found: list[str]) -> None:
    assert marked(excerpt(text, terms_of(typed))) == found


def test_marks_change_nothing_of_a_text() -> None:
    text = "İstanbul, ﬁve Straßen, 日本語 and rolling"
    assert "".join(piece for piece, _ in mark(text, terms_of("rolling istanbul"))) == text


def test_an_excerpt_is_short_and_shows_where_most_of_the_words_are() -> None:
    filler = "nothing to see here " * 100
    text = f"back {filler} then **roll** it\n# back [1] {filler}"
    pieces = excerpt(text, terms_of("roll back"))
    assert marked(pieces) == ["roll", "back"]
    assert 100 < len("".join(piece for piece, _ in pieces)) < 260
    assert (pieces[0], pieces[-1]) == (("…", False), ("…", False))


@pytest.mark.parametrize("text", ["roll " * 8_000, "roll" + "\n" * 12_000 + "roll"])
def test_an_excerpt_of_the_same_again_and_again_is_made_at_once(text: str) -> None:
    before = time.process_time()
    pieces = excerpt(text, terms_of("roll"))
    assert time.process_time() - before < 1  # seconds; it was three, and two
    assert set(marked(pieces)) == {"roll"}


def test_of_places_with_as_many_words_the_first_is_shown() -> None:
    gap = " nothing to see here" * 30
    pieces = excerpt(f"roll{gap} roll one roll{gap} roll two roll{gap}", terms_of("roll"))
    assert " one " in "".join(piece for piece, _ in pieces)


def test_a_word_without_spaces_around_it_is_cut() -> None:
    pieces = excerpt("x" * 9000 + " roll " + "y" * 9000, terms_of("roll"))
    assert marked(pieces) == ["roll"]
    assert len("".join(piece for piece, _ in pieces)) < 330
