"""The reliability diagram: its bins, how sure its bars are, and a file that can be drawn."""

import xml.etree.ElementTree as ElementTree

import pytest

from chat.commands.evaluation.reliability import bins_of, diagram, table, wilson

SVG = "{http://www.w3.org/2000/svg}"
PAIRS = [(0.05, False), (0.92, True), (0.98, True), (0.94, False), (1.0, True)]


def test_answers_of_a_like_confidence_are_counted_together() -> None:
    low, high = bins_of(PAIRS)
    assert (low.low, low.high, low.count, low.right) == (0.0, 0.1, 1, 0.0)
    assert (high.low, high.high, high.count, high.right) == (0.9, 1.0, 4, 0.75)
    assert high.confidence == pytest.approx(0.96)


@pytest.mark.parametrize(
    ("right", "count", "least", "most"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(right: int, count: int, least: float, most: float) -> None:
    """The last is of Newcombe (1998), table I, method 3."""
    assert wilson(right, count) == (pytest.approx(least, abs=1e-4), pytest.approx(most, abs=1e-4))


def test_the_table_has_a_line_a_bin() -> None:
    assert list(table(PAIRS))[1:] == [
        "0.0 to 0.1         1  0.050  0.000  0.000 to 0.793",
        "0.9 to 1.0         4  0.960  0.750  0.301 to 0.954",
    ]


def test_the_diagram_shows_each_bin_where_it_is() -> None:
    drawing = ElementTree.fromstring(diagram(PAIRS, "a <b> & c"))
    assert drawing.findtext(f"{SVG}title") == "a <b> & c"
    dots = [(float(one.get("cx") or 0), float(one.get("cy") or 0))
            for one in drawing.iter(f"{SVG}circle")]  # fmt: skip
    assert dots == [(56 + 0.05 * 320, 28 + 320), (pytest.approx(56 + 0.96 * 320, abs=0.1), 108)]
    assert diagram(PAIRS, "t") == diagram(list(PAIRS), "t")


def test_no_answers_are_an_empty_diagram() -> None:
    assert bins_of([]) == []
    assert not list(ElementTree.fromstring(diagram([], "none")).iter(f"{SVG}circle"))
