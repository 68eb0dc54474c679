"""The concept space: vectors, folding, and the fusion of rankings."""

import math
import random
from operator import mul

import pytest

from chat.knowledge.fusion import fuse
from chat.knowledge.meaning.folding import fold_passage, fold_question, is_english
from chat.knowledge.meaning.lexicon import DIMENSIONS, lexicon
from chat.knowledge.meaning.packed import nearness, pack, signature, unpack


def near(question: str, text: str) -> float:
    return nearness(fold_question(question.split()), [fold_passage("", "", text)])[0]


def test_a_packed_vector_keeps_its_direction() -> None:
    values = [math.sin(n) for n in range(DIMENSIONS)]
    turned = [-value for value in values]
    across = [math.cos(n) for n in range(DIMENSIONS)]
    same, opposite, neither = nearness(
        pack(values), [pack([9 * value for value in values]), pack(turned), pack(across)]
    )
    assert same == pytest.approx(1, abs=0.02)
    assert opposite == pytest.approx(-1, abs=0.02)
    assert abs(neither) < 0.02


def test_a_vector_without_length_is_empty() -> None:
    assert pack([0.0] * DIMENSIONS) == b""
    assert fold_passage("", "", "… of the") == fold_question([]) == b""


def test_signs_are_a_bit_a_dimension() -> None:
    assert signature(pack([1.0, -1.0, 0.0, 2.0])) == bytes([0b1001])
    assert len(signature(fold_passage("", "", "A lighthouse."))) == DIMENSIONS // 8


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("physician", "Ask a doctor.", "Ask a carpenter."),
        ("salary", "Wages are paid on Friday.", "Ferries leave on Friday."),
        ("automobile", "The car is blue.", "The sky is blue."),
        ("purchase", "How to buy bread.", "How to bake bread."),
    ],
)
def test_words_that_mean_nearly_the_same_are_near(question: str, text: str, other: str) -> None:
    assert near(question, text) > near(question, other) + 0.1


def test_a_word_that_no_lexicon_has_is_near_itself_and_its_inflections() -> None:
    assert not is_english("zwackelmann")
    text = "Herr Zwackelmanns drove away."
    assert near("zwackelmann", text) > near("zwickeldorf", text) + 0.2


def test_the_lexicon_finds_its_first_and_its_last_word_and_no_other() -> None:
    known = lexicon()
    for number in (0, 1, known.count // 2, known.count - 1):
        assert known.find(known.word(number)) == number
    assert known.find(b"") is known.find(b"\xff") is known.find(b"lighthousez") is None


def test_what_both_rankings_have_comes_before_what_one_has() -> None:
    assert fuse([(1, [1, 2, 3]), (1, [3, 4])])[0] == 3


def test_a_heavier_ranking_counts_for_more_and_one_of_no_weight_for_nothing() -> None:
    assert fuse([(0.9, [1, 2]), (0.1, [3, 4])]) == [1, 2, 3, 4]
    assert fuse([(0.0, [3, 4]), (1.0, [1])]) == [1]


def test_cosines_are_those_of_the_plain_sums() -> None:
    chance = random.Random(3)
    vectors = [pack([chance.gauss(0, 1) for _ in range(256)]) for _ in range(40)]
    vectors += [bytes([129] * 256), bytes([128] * 256), bytes([127] * 256)]  # the outermost steps
    for asked in (vectors[0], vectors[-1], vectors[-2]):
        one = unpack(asked)
        plain = [sum(map(mul, one, unpack(other))) / (625 * 256) for other in vectors]
        assert nearness(asked, vectors) == plain
    assert nearness(vectors[0], []) == []


def test_a_step_beyond_a_byte_is_the_last_one_of_it() -> None:
    assert max(unpack(pack([1.0] + [0.0] * 255))) == 127
    assert min(unpack(pack([-1.0] + [0.0] * 255))) == -127
