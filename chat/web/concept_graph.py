"""Places a few concepts for the small graph of the Why panel: one in the middle, the others around.

Keeps true: the same map gives the same picture, to the digit; labels stay within it; no line
between two of the outer concepts runs through the middle one. Imports knowledge's map.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.knowledge.concept_map import ConceptMap

WIDTH, HEIGHT = 346, 172
MOST = 8  # concepts: more would not be read in this width
_MIDDLE = (173.0, 88.0)
_RADII = (128.0, 52.0)
_LETTERS = 15  # of a label
_LETTER = 3.4  # half a letter's width


@dataclass(frozen=True, slots=True)
class Node:
    """A concept: where its disc and its label are; `role` is on, near or far."""

    name: str
    label: str
    role: str
    x: float
    y: float
    r: float
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two concepts that share passages."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_on: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn, and in a sentence what it shows."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    sentence: str


def draw(concepts: ConceptMap) -> Graph | None:
    """The picture of the first concepts of the map; None where there are none."""
    names = list(concepts.names[:MOST])
    if not names:
        return None
    linked = {name: [n for n in concepts.linked_with(name) if n in names] for name in names}
    middle = max(names, key=lambda name: (len(linked[name]), -names.index(name)))
    around = _in_a_ring(middle, names, linked)
    places = dict(zip(around, _ring(len(around)), strict=True)) | {middle: _MIDDLE}
    nodes = [_node(name, places[name], middle, linked) for name in (middle, *around)]
    pairs = [pair for pair in concepts.links if set(pair) <= set(names)]
    edges = [Edge(*places[a], *places[b], is_on=middle in (a, b)) for a, b in pairs]
    return Graph(nodes, edges, _sentence(middle, linked[middle], len(names)))


def _in_a_ring(middle: str, names: Sequence[str], linked: dict[str, list[str]]) -> list[str]:
    """The others, each beside one that it is linked with where that can be."""
    left = [name for name in names if name != middle]
    ring: list[str] = []
    while left:
        last = ring[-1] if ring else middle
        following = next((name for name in linked[last] if name in left), left[0])
        ring.append(following)
        left.remove(following)
    return ring


def _ring(count: int) -> Iterator[tuple[float, float]]:
    """Places around the middle: an odd number of them, so that no two are opposite each other."""
    slots = count + 1 - count % 2 if count != 1 else 3
    for number in range(count):
        angle = -math.pi / 2 + 2 * math.pi * number / slots
        x, y = math.cos(angle) * _RADII[0], math.sin(angle) * _RADII[1]
        yield round(_MIDDLE[0] + x, 1), round(_MIDDLE[1] + y, 1)


def _node(name: str, place: tuple[float, float], middle: str, linked: dict[str, list[str]]) -> Node:
    x, y = place
    role = "on" if name == middle else "near" if middle in linked[name] else "far"
    radius = 12.0 if role == "on" else 6.0 + min(3, len(linked[name])) if role == "near" else 5.0
    label = name if len(name) <= _LETTERS else name[: _LETTERS - 1].rstrip() + "…"
    above = name == middle or y < _MIDDLE[1]
    half = len(label) * _LETTER
    label_x = min(max(x, half), WIDTH - half)
    label_y = y - radius - 6 if above else y + radius + 15
    return Node(name, label, role, x, y, radius, round(label_x, 1), round(label_y, 1))


def _sentence(middle: str, linked: Sequence[str], count: int) -> str:
    if not linked:
        return "No two of these concepts share a passage" if count > 1 else middle
    others = linked[0] if len(linked) == 1 else f"{', '.join(linked[:-1])} and {linked[-1]}"
    return f"{middle} shares passages with {others}"
