"""The graph of concepts: what is in it, how it is linked, and for whom."""

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from chat.database import Database
from chat.errors import NotFound
from chat.knowledge import preparing, storing
from chat.knowledge.graph import Graph, read_graph, read_nodes
from chat.knowledge.mentions import read_concept
from tests.unit.knowledge.conftest import AddText

SHIPS = "The ferry from Holt calls at Alder Point. Nobody lives there."
TRAINS = "The train from Holt calls at Bergen. It is slow."


def counts(graph: Graph) -> dict[str, int]:
    return {node.name: node.passages for node in graph.nodes}


def linked(graph: Graph) -> set[tuple[str, ...]]:
    names = [node.name for node in graph.nodes]
    return {tuple(sorted((names[edge.one], names[edge.other]))) for edge in graph.edges}


def read(session: Session, spaces: Sequence[str] = ("team",), document_id: str = "") -> Graph:
    session.flush()
    return read_graph(session, spaces, document_id=document_id)


def test_concepts_of_one_passage_are_linked_and_others_are_not(
    session: Session, add_text: AddText
) -> None:
    add_text(SHIPS, title="Ships")
    add_text(TRAINS, title="Trains")
    add_text("Dover has cliffs. Fair Isle has none.", title="Coasts")
    graph = read(session)
    assert counts(graph) == {
        "Holt": 2, "Alder Point": 1, "Bergen": 1, "Dover": 1, "Fair Isle": 1
    }  # fmt: skip
    assert ("Alder Point", "Holt") in linked(graph)
    assert ("Dover", "Fair Isle") in linked(graph)
    assert ("Alder Point", "Bergen") not in linked(graph)
    assert graph.passages == 3


def test_counts_and_links_come_only_from_the_given_spaces(
    session: Session, add_text: AddText
) -> None:
    add_text(SHIPS, title="Ships")
    add_text(TRAINS, title="Trains", space="board")
    add_text("Dover has cliffs.", title="Coasts", space="board")
    assert counts(read(session)) == {"Holt": 1, "Alder Point": 1}
    assert counts(read(session, ["board"])) == {"Holt": 1, "Bergen": 1, "Dover": 1}
    assert linked(read(session, ["board"])) == {("Bergen", "Holt")}
    both = read(session, ["team", "board"])
    assert counts(both) == {"Holt": 2, "Alder Point": 1, "Bergen": 1, "Dover": 1}
    assert linked(both) == {("Bergen", "Holt"), ("Alder Point", "Holt")}
    assert read(session, []).nodes == []


def test_a_document_has_a_graph_of_its_own(session: Session, add_text: AddText) -> None:
    ships = add_text(SHIPS, title="Ships")
    add_text(TRAINS, title="Trains")
    graph = read(session, document_id=ships.id)
    assert counts(graph) == {"Holt": 1, "Alder Point": 1}
    assert read(session, ["board"], ships.id).nodes == []


def test_the_weightiest_come_first_and_their_number_is_kept(
    session: Session, add_text: AddText
) -> None:
    add_text(SHIPS, title="Ships")
    add_text(TRAINS, title="Trains")
    add_text("Holt has a market.", title="Markets")
    for number in range(4):
        add_text(f"It rains {number} times.", title="Rain")
    session.flush()
    assert [node.name for node in read_nodes(session, ["team"], most=2)] == ["Holt", "Alder Point"]


def test_what_is_being_taken_out_is_not_counted_any_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("Ships", SHIPS), ("Trains", TRAINS)):
        prepared = preparing.prepare(name, text, "text")
        added = storing.add(database, prepared, space_id="team", origin=name, added_by=None)
    monkeypatch.setattr(storing, "_clear", lambda *_: None)  # as if the process ended here
    with database.reading() as session:
        assert counts(read(session)) == {"Holt": 2, "Alder Point": 1, "Bergen": 1}
    storing.remove(database, added.id, ["team"])
    with database.reading() as session:
        graph = read(session)
        assert counts(graph) == {"Holt": 1, "Alder Point": 1}
        assert ("Bergen", "Holt") not in linked(graph)
        with pytest.raises(NotFound):
            read_concept(session, ["team"], "bergen")


def test_a_concept_has_its_links_and_its_passages(session: Session, add_text: AddText) -> None:
    ships = add_text(SHIPS, title="Ships")
    add_text(TRAINS, title="Trains")
    add_text(TRAINS, title="Trains", space="board")
    session.flush()
    found = read_concept(session, ["team"], "holt")
    assert (found.name, found.passages, found.documents) == ("Holt", 2, 2)
    assert {one.name: one.shared for one in found.links} == {"Alder Point": 1, "Bergen": 1}
    excerpt = found.mentions[0].excerpt
    assert (excerpt.before, excerpt.name) == ("The ferry from ", "Holt")
    assert excerpt.text == "The ferry from Holt calls at Alder Point."
    assert [one.title for one in found.mentions] == ["Ships", "Trains"]
    within = read_concept(session, ["team"], "holt", document_id=ships.id)
    assert (within.passages, [one.name for one in within.links]) == (1, ["Alder Point"])


@pytest.mark.parametrize(("spaces", "key"), [(["board"], "holt"), ([], "holt"), (["team"], "oslo")])
def test_what_no_document_of_the_spaces_mentions_is_not_found(
    session: Session, add_text: AddText, spaces: list[str], key: str
) -> None:
    add_text(SHIPS)
    session.flush()
    with pytest.raises(NotFound):
        read_concept(session, spaces, key)
