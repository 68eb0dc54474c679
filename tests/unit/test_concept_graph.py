"""The small graph of concepts: the same picture for the same map, and one that can be read."""

from collections.abc import Sequence

import pytest

from chat.knowledge.concept_map import ConceptMap
from chat.web.concept_graph import HEIGHT, MOST, WIDTH, draw

NAMES = ["On-call", "Paging", "Severity", "Alert", "Night shift", "Runbook", "Defect", "Backup"]
LINKS = {
    ("On-call", "Paging"): 3,
    ("On-call", "Severity"): 2,
    ("On-call", "Alert"): 2,
    ("Paging", "Alert"): 1,
    ("Alert", "Defect"): 1,
}


def test_the_one_with_most_links_is_in_the_middle_and_the_picture_stays() -> None:
    graph = draw(ConceptMap(NAMES, LINKS))
    assert graph == draw(ConceptMap(list(NAMES), dict(LINKS)))
    assert graph is not None
    assert (graph.nodes[0].name, graph.nodes[0].role) == ("On-call", "on")
    roles = {node.name: node.role for node in graph.nodes}
    assert roles["Paging"] == "near"
    assert roles["Defect"] == "far"
    assert graph.sentence == "On-call shares passages with Paging, Severity and Alert"
    assert [edge.is_on for edge in graph.edges] == [True, True, True, False, False]


@pytest.mark.parametrize("count", range(1, MOST + 3))
@pytest.mark.parametrize("letters", [3, 40])
def test_every_label_is_within_the_picture_and_beside_the_others(count: int, letters: int) -> None:
    names = [f"{number}".ljust(letters, "m") for number in range(count)]
    graph = draw(ConceptMap(names, {(names[0], name): 1 for name in names[1:]}))
    assert graph is not None
    assert len(graph.nodes) == min(count, MOST)
    boxes = []
    for node in graph.nodes:
        half = len(node.label) * 3.4
        assert half <= node.label_x <= WIDTH - half
        assert 10 <= node.label_y <= HEIGHT
        boxes.append((node.label_x - half, node.label_x + half, node.label_y - 10, node.label_y))
    assert not overlapping(boxes)


def overlapping(boxes: Sequence[tuple[float, ...]]) -> bool:
    pairs = [(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :]]
    return any(a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3] for a, b in pairs)


def test_no_line_between_two_of_the_ring_runs_through_the_middle() -> None:
    graph = draw(ConceptMap(NAMES, LINKS))
    assert graph is not None
    middle, *ring = graph.nodes
    for at, one in enumerate(ring):
        for other in ring[at + 1 :]:
            area = (one.x - middle.x) * (other.y - middle.y)
            area -= (other.x - middle.x) * (one.y - middle.y)
            assert abs(area) > 500, (one.name, other.name)


def test_nothing_is_drawn_of_nothing_and_what_is_alone_says_so() -> None:
    assert draw(ConceptMap([], {})) is None
    alone = draw(ConceptMap(["One", "Two"], {}))
    assert alone is not None
    assert alone.sentence == "No two of these concepts share a passage"
