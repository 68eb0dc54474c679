"""The search for personal data never raises, whatever the text, and its cost grows as the text."""

import random
import time

import pytest

from chat.safety.personal.detect import find_personal

ODD = "\ud800\x00\u200b\u202e\u0301\u0130ßéА中1٣²½+-()[]/.,:;|#@=&%$€'\"<>\n\t \u00a0\u202f‑–x"
# fmt: off
PIECES = [
    *ODD, "Tel. ", "T: ", "phone", "BSN ", "ssn,", "Kunden-Nr. ", "D.N.I. ", "taxId", "+49 ",
    "00", "(0)", "030", "0171 ", "555-0123", "12 34 ", "123456782", "AB12", "1-800-", "ext. 1",
    "FLOWERS", "1 234 567", "2024-01-02", "passport ", "电话", " mobile: ", "\n\n",
]
HOSTILE = [
    "1", "0 ", "(0)", "+49 ", "1-", "1.", "1/2/", "1 2 ", "tel 0", "A1", "A-1 ", "AA99 ", "1;2\n",
    "1,2\n", "| 1 | 2 |\n", "a,b;c|d\t", "1 ext 1 ", "1-800-AAA-", "800-A", "x nr 1 ",
    "PhoneNumber", "aB", "BSN 111222333 999999990 ", "BSN 123456782,", "020 7946 0123, ", "T: ",
    "12 34 56 78 90 ", " \u00a0", "0(1)", "%2B4", "(+4)", "电话1", "phone 1,2;3|4\n", "S.S.N. ",
    "01 23 45 67 89 / ", "1 2 3 4 5 6 7 8 9 0 ",
]
# fmt: on


def test_it_never_raises_and_its_places_are_within() -> None:
    chance = random.Random(11)
    for _ in range(400):
        text = "".join(chance.choices(PIECES, k=chance.randrange(1, 60)))
        for found in find_personal(text):
            assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_of_the_same_again_and_again_costs_little_more_than_its_length(piece: str) -> None:
    find_personal("Tel. 020 7946 0123, BSN 111222333")  # loads the libraries
    short, long = cost(piece, 4_000), cost(piece, 16_000)
    assert long < max(0.1, 4 * 2.5 * short)  # quadratic would be 16 times as much


def test_what_is_found_very_often_is_not_compared_with_everything_else() -> None:
    assert len(find_personal("a@b.de/" * 100)) == 100
    assert cost("a@b.de/", 80_000) < 1  # seconds of CPU; they were five


def cost(piece: str, length: int) -> float:
    """The least seconds of CPU of three tries."""
    text = (piece * (length // len(piece) + 1))[:length]
    tries = []
    for _ in range(3):
        before = time.process_time()
        find_personal(text)
        tries.append(time.process_time() - before)
    return min(tries)
