"""A text has one value, however it was cut: texts of all that is hard to cut, cut at random."""

import random
import time
from collections.abc import Iterator

import pytest

from chat.providers.support import SupportMeter
from chat.providers.written import LONGEST
from tests.unit.providers.test_support import ANSWERS, FERRY, LIGHT, SOURCES

SIGNS = """
[1] [2,4] [2–3] 【1†light】 [9] [1](http://a.b) [1]: .[note_3] [citation needed] [ ] 【 [1 .[1]
... … ? ! . .[12] .:121,154 .) .” e.g. U.S. Dr. 3.5 No. p.m. `a.b` ` ** * _ # | - 1. > Yes.
``` ~~~ --- |--| Why? 灯塔。 é ² :
"""
LINES = ["\n", "\n\n", "\n  ", "\n- ", "\n```\n", "\n| a | [1] |", "\x1c"]
BITS = [*" ".join([LIGHT, FERRY, SIGNS, *ANSWERS]).split(), *LINES * 3]


def texts(seed: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(_bits(chance)) for _ in range(60)]


def _bits(chance: random.Random) -> Iterator[str]:
    for _ in range(chance.randint(1, 40)):
        yield chance.choice(BITS) + chance.choice(["", " "])


def pieces(text: str, chance: random.Random) -> list[str]:
    largest = chance.choice([1, 4, 15, 90])
    found = []
    while text:
        size = chance.randint(1, largest)
        found.append(text[:size])
        text = text[size:]
    return found


@pytest.mark.parametrize("seed", range(8))
def test_after_each_piece_the_value_is_that_of_the_whole_so_far(seed: int) -> None:
    chance = random.Random(seed)
    for text in texts(seed):
        meter, so_far = SupportMeter(SOURCES), ""
        for piece in pieces(text, chance):
            so_far += piece
            whole = SupportMeter(SOURCES)
            assert meter.add(piece) == whole.add(so_far), so_far
            assert meter.signals == whole.signals, so_far


@pytest.mark.parametrize("size", [1, 7, 300])
def test_what_has_no_end_is_cut_in_the_same_places(size: int) -> None:
    text = "word without any end " * (3 * LONGEST // 20)
    meter = SupportMeter(SOURCES)
    for at in range(0, len(text), size):
        meter.add(text[at : at + size])
    whole = SupportMeter(SOURCES)
    assert meter.add("") == whole.add(text) == 0.0
    assert meter.signals == whole.signals


def test_a_sentence_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    monkeypatch.setattr("chat.providers.support.measure", lambda text, *_: measured.append(text))
    meter = SupportMeter(SOURCES)
    answer = (
        "The lamp burned oil. The tower is 43 metres high [1]. The ferry takes two hours [2].\n\n"
    )
    for character in answer * 3:
        meter.add(character)
    assert len(measured) == 9


@pytest.mark.parametrize("row", ["." * 1900 + "a", "." * 900 + "[1]x", "a." * 900, "[1]" * 600])
def test_no_row_of_signs_keeps_it_busy(row: str) -> None:
    meter = SupportMeter(SOURCES)
    began = time.process_time()
    for at in range(0, len(row), 4):
        meter.add(row[at : at + 4])
    assert time.process_time() - began < 0.5, "seconds; each sign is to be looked at a few times"
