"""The concepts of some spaces as a graph: the weightiest ones, and the strongest links of these.

Keeps true: the same library gives the same graph; no concept has so many links that none of them
can be seen. Imports association, pace and tallies.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.database import Statements
from chat.knowledge.association import strength, weight
from chat.knowledge.pace import Pace
from chat.knowledge.tallies import Tally, pairs, tally

MOST = 500  # concepts of a graph
_MORE = 4  # times as many are weighed as are wanted: longer names weigh more
_LINKS_EACH = 3  # of its own strongest links that a concept brings in


@dataclass(frozen=True, slots=True)
class Node:
    """A concept, and how many passages mention it."""

    key: str
    name: str
    passages: int
    weight: float


@dataclass(frozen=True, slots=True)
class Edge:
    """Two concepts, by their places among the nodes, and the passages that they share."""

    one: int
    other: int
    passages: int
    strength: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes, weightiest first, and edges, strongest first; of `passages` in all."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    passages: int


def read_graph(
    session: Statements, space_ids: Sequence[str], *, document_id: str = "", most: int = 150
) -> Graph:
    """The `most` weightiest concepts of these spaces, or of one document there, and their links."""
    tallied = tally(session, space_ids, document_id, _MORE * most)
    nodes = _weightiest(tallied, most)
    shared = pairs(session, tallied, [node.key for node in nodes])
    return Graph(nodes, _edges(nodes, shared, tallied.total), tallied.total)


def read_nodes(
    session: Statements, space_ids: Sequence[str], *, document_id: str = "", most: int = 150
) -> Sequence[Node]:
    """The same concepts without their links."""
    return _weightiest(tally(session, space_ids, document_id, _MORE * most), most)


def _weightiest(tallied: Tally, most: int) -> list[Node]:
    nodes = [
        Node(key, tallied.names[key], count, weight(count, tallied.total, key.count(" ") + 1))
        for key, count in tallied.passages.items()
        if count > 0
    ]
    return sorted(nodes, key=lambda node: (-node.weight, node.key))[:most]


def _edges(nodes: Sequence[Node], shared: Mapping[tuple[str, str], int], total: int) -> list[Edge]:
    places = {node.key: place for place, node in enumerate(nodes)}
    edges, pace = [], Pace()
    for keys, both in shared.items():
        pace()
        one, other = sorted(places[key] for key in keys)
        strong = strength(nodes[one].passages, nodes[other].passages, both, total)
        if strong > 0:  # else they are together by chance, or less
            edges.append(Edge(one, other, both, strong))
    edges.sort(key=lambda edge: (-edge.strength, nodes[edge.one].key, nodes[edge.other].key))
    return _strongest_of_each(edges)


def _strongest_of_each(edges: Sequence[Edge]) -> list[Edge]:
    """Those that are among the strongest of one of their two concepts."""
    brought: Counter[int] = Counter()
    kept = []
    for edge in edges:
        if min(brought[edge.one], brought[edge.other]) < _LINKS_EACH:
            kept.append(edge)
            brought.update((edge.one, edge.other))
    return kept
