"""Whatever happened to a file, it is read or refused, and nothing else comes of it."""

import random

import pytest

from chat.knowledge.reading.refusals import REASONS
from tests.papers.office import make_docx, make_zip, word_p
from tests.papers.twenty import twenty
from tests.unit.knowledge.reading.reports import read

SMALL = [paper for paper in twenty() if len(paper.data) < 20_000 and not paper.reason]
DEEP = "<w:x>" * 5000 + "</w:x>" * 5000


@pytest.mark.parametrize("paper", SMALL, ids=lambda paper: paper.name)
@pytest.mark.parametrize("damage", ["cut", "changed", "doubled", "shuffled"])
def test_a_damaged_file_is_read_or_refused(paper: object, damage: str) -> None:
    chance = random.Random(f"{paper.name} {damage}")
    for _ in range(6):
        report = read(paper.name, damaged(paper.data, damage, chance))
        assert report.documents or report.refusals
        assert {reason for _, reason in report.refusals} <= set(REASONS)


def damaged(data: bytes, how: str, chance: random.Random) -> bytes:
    bits, at = bytearray(data), chance.randrange(len(data))
    if how == "cut":
        return data[:at]
    if how == "doubled":
        return data[:at] + data
    if how == "shuffled":
        return data[at:] + data[:at]
    for _ in range(1 + len(data) // 100):
        bits[chance.randrange(len(bits))] = chance.randrange(256)
    return bytes(bits)


def test_one_broken_file_of_an_archive_stops_none_of_the_others() -> None:
    parts = {
        "a.docx": make_docx(word_p("Fine.")),
        "b.docx": make_docx(f"<w:p>{DEEP}</w:p>"),
        "c.md": "Fine too.",
    }
    report = read("all.zip", make_zip(parts))
    assert [one.origin for one in report.documents] == ["all.zip/a.docx", "all.zip/c.md"]
    assert report.refusals == [("all.zip/b.docx", "broken")]
