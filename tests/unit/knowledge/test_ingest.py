"""Documents come in once, whole, and go out without a trace."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import column, delete, distinct, func, select, text
from sqlalchemy.orm import Session

from chat.database import Database
from chat.errors import Invalid, NotFound
from chat.knowledge.documents import document_text, get_document, list_documents
from chat.knowledge.handbook import HANDBOOK, load_handbook
from chat.knowledge.hybrid import Way
from chat.knowledge.ingest import add_document, remove_document
from chat.knowledge.search import search
from chat.models import Concept, Document, Mention, Passage, Space
from chat.values import Depth
from tests.unit.knowledge.indexes import check_index

AddText = Callable[..., Document]
LIGHTHOUSE = "The Alder Point Lighthouse was built in 1871 by Maria Holt. It still shines."


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def finds(session: Session, word: str, space: str = "team") -> bool:
    found = search(session, word, space_ids=[space], depth=Depth.QUICK, way=Way.WORDS)
    return bool(found.passages)


def test_a_document_is_found_as_soon_as_it_is_added(session: Session, add_text: AddText) -> None:
    document = add_text(LIGHTHOUSE, title="Alder Point")
    assert (document.title, document.passages, document.duplicate) == ("Alder Point", 1, False)
    assert finds(session, "lighthouse")
    assert document_text(session, document.id, ["team"]) == LIGHTHOUSE
    check_index(session)


@pytest.mark.sqlite_only
def test_a_search_looks_into_few_parts_of_the_index_however_many_documents_came(
    database: Database,
) -> None:
    given = {"space_id": "team", "kind": "text", "origin": "t", "added_by": None}
    for number in range(40):
        with database.writing() as session:
            add_document(session, title=f"Lamp {number}", text=f"{LIGHTHOUSE} {number}", **given)
    with database.reading() as session:
        parts = select(func.count(distinct(column("segid")))).select_from(text("passage_index_idx"))
        assert session.scalar(parts) <= 6  # of 40, one for each power of two


def test_the_same_text_is_kept_once_in_a_space(session: Session, add_text: AddText) -> None:
    first = add_text(LIGHTHOUSE)
    again = add_text(LIGHTHOUSE, title="Another name")
    elsewhere = add_text(LIGHTHOUSE, space="board")
    assert again.duplicate
    assert (again.id, again.title) == (first.id, "Notes")
    assert not elsewhere.duplicate
    assert count(session, Document) == 2


def test_removing_a_document_leaves_nothing_of_it(session: Session, add_text: AddText) -> None:
    gone = add_text(LIGHTHOUSE)
    add_text("The harbour office opens at eight.")
    assert count(session, Concept) > 0
    remove_document(session, gone.id, ["team"])
    assert not finds(session, "lighthouse")
    assert finds(session, "harbour")
    assert count(session, Passage) == 1
    assert not session.scalars(select(Concept).where(Concept.name.contains("Holt"))).all()
    check_index(session)


def test_the_index_follows_where_a_foreign_key_deletes(session: Session, add_text: AddText) -> None:
    add_text(LIGHTHOUSE, space="board")
    session.execute(delete(Space).where(Space.id == "board"))
    assert count(session, Passage) == count(session, Mention) == 0
    assert not finds(session, "lighthouse", "board")
    check_index(session)


def test_a_failed_add_leaves_neither_passage_nor_index_row(database: Database) -> None:
    given = {"space_id": "team", "title": "T", "kind": "text", "origin": "t", "added_by": None}

    def add_and_fail() -> None:
        with database.writing() as session:
            add_document(session, text=LIGHTHOUSE, **given)
            assert finds(session, "lighthouse")
            raise RuntimeError

    pytest.raises(RuntimeError, add_and_fail)
    with database.reading() as session:
        assert not finds(session, "lighthouse")
        assert count(session, Passage) == 0


def test_a_document_of_another_space_does_not_exist(session: Session, add_text: AddText) -> None:
    document = add_text(LIGHTHOUSE, space="board")
    assert get_document(session, document.id, ["board"]).title == "Notes"
    assert list_documents(session, ["team"]) == []
    for use in (get_document, remove_document, document_text):
        with pytest.raises(NotFound):
            use(session, document.id, ["team"])


def test_a_document_without_text_is_refused(add_text: AddText) -> None:
    with pytest.raises(Invalid, match="no text"):
        add_text("# Only a heading\n", kind="markdown")


def test_the_handbook_is_loaded_once_and_follows_its_pages(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "one.md").write_text("# One\n\nAlpha is first.")
    (tmp_path / "two.md").write_text("# Two\n\nBeta is second.")
    assert load_handbook(session, "team", tmp_path) == 2
    assert load_handbook(session, "team", tmp_path) == 0
    (tmp_path / "one.md").write_text("# One\n\nGamma is first.")
    (tmp_path / "two.md").unlink()
    assert load_handbook(session, "team", tmp_path) == 1
    assert [entry.title for entry in list_documents(session, ["team"])] == ["One"]
    assert finds(session, "gamma")
    assert not finds(session, "alpha")


def test_every_page_of_the_handbook_can_be_read(session: Session) -> None:
    assert load_handbook(session, "team") == len(list(HANDBOOK.glob("*.md"))) >= 10
    assert all(entry.is_handbook for entry in list_documents(session, ["team"]))
