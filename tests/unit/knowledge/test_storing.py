"""Large documents come and go slice by slice: others write in between, and nobody sees a half."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from chat.database import Database
from chat.errors import Conflict, NotFound, Unavailable
from chat.knowledge import catalogue, documents, ingest, preparing, storing
from chat.knowledge.search import search
from chat.models import Concept, Document, Mention, Passage, Space
from chat.values import Depth
from tests.unit.knowledge.indexes import check_index

SECTIONS = 40
TEXT = "\n\n".join(
    f"# Buoy {n}\n\nThe lighthouse sees Buoy {n} off Alder Point." for n in range(40)
)
Between = Callable[[Callable[[], None]], None]


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "SLICE", 8)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Lets something happen between two slices, where everybody else may go on."""

    def happen(what: Callable[[], None]) -> None:
        monkeypatch.setattr(time, "sleep", lambda seconds: what() if seconds else None)

    return happen


def add(database: Database) -> documents.DocumentSummary:
    prepared = preparing.prepare("Buoys", TEXT, "markdown")
    return storing.add(database, prepared, space_id="team", origin="b.md", added_by=None)


def test_others_write_between_two_slices(database: Database, between: Between) -> None:
    written = []

    def write() -> None:
        with database.writing(patience=0.0) as session:
            session.execute(update(Space).values(name=f"Team {len(written)}"))
        written.append(_count(database, Passage))

    between(write)
    assert add(database).passages == SECTIONS
    assert written == [0, 8, 16, 24, 32, 40]


def test_nobody_sees_a_document_before_it_is_whole(database: Database, between: Between) -> None:
    seen: list[bool] = []
    between(lambda: seen.append(_is_seen(database)))
    document = add(database)
    assert seen == [False] * 6
    assert _is_seen(database)
    with database.reading() as session:
        assert [part.position for part in catalogue.read_passages(session, document.id)] == [
            *range(SECTIONS)
        ]
    _check_index(database)


def test_the_same_text_is_not_stored_twice_at_once(database: Database, between: Between) -> None:
    between(lambda: _refused(database))
    first = add(database)
    again = add(database)
    assert (again.id, again.duplicate) == (first.id, True)
    assert _count(database, Document) == 1


def _delete_space(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(Space).where(Space.id == "team"))


@pytest.mark.parametrize("withdraw", [_delete_space, storing.clear_unfinished])
def test_a_document_that_is_withdrawn_meanwhile_leaves_no_orphans(
    database: Database, between: Between, withdraw: Callable[[Database], None]
) -> None:
    def once() -> None:
        if _count(database, Passage) == 16:
            between(lambda: None)
            withdraw(database)

    between(once)
    with pytest.raises(Conflict):
        add(database)
    _check_nothing_is_left(database)


def test_what_fails_in_the_middle_is_taken_out(database: Database, between: Between) -> None:
    def fail() -> None:
        if _count(database, Passage) == 16:
            between(lambda: None)
            raise Unavailable("The disk is full.")

    between(fail)
    with pytest.raises(Unavailable):
        add(database)
    _check_nothing_is_left(database)


def test_what_a_crash_cut_off_is_gone_after_the_next_start(
    database: Database, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        pass

    def crash() -> None:
        if _count(database, Passage) == 16:
            raise Crash

    between(crash)
    with monkeypatch.context() as patched, suppress(Crash):
        patched.setattr(storing, "_clear", lambda *_: None)  # a process that is gone clears nothing
        add(database)
    assert _count(database, Passage) == 16
    assert not _is_seen(database)
    between(lambda: None)
    assert storing.clear_unfinished(database) == 1
    assert storing.clear_unfinished(database) == 0
    _check_nothing_is_left(database)
    assert add(database).passages == SECTIONS


def test_a_document_is_taken_out_in_slices_and_found_no_more_at_once(
    database: Database, between: Between
) -> None:
    document = add(database)
    left: list[int] = []

    def look() -> None:
        assert not _is_seen(database)
        with database.writing(patience=0.0):
            left.append(_count(database, Passage))

    between(look)
    storing.remove(database, document.id, ["team"])
    assert left == [32, 24, 16, 8, 0]
    _check_nothing_is_left(database)


def test_a_document_of_another_space_is_not_taken_out(database: Database) -> None:
    document = add(database)
    with pytest.raises(NotFound):
        storing.remove(database, document.id, ["board"])
    assert _is_seen(database)


def _refused(database: Database) -> None:
    with pytest.raises(Conflict):
        add(database)


def _is_seen(database: Database) -> bool:
    """Whether the document is found in any way; found in one and not in another fails."""
    with database.reading() as session:
        ways = {
            bool(search(session, "lighthouse", space_ids=["team"], depth=Depth.DEEP).passages),
            bool(catalogue.find_documents(session, ["team"])),
            bool(catalogue.count_documents(session, ["team"]).documents),
            bool(documents.list_documents(session, ["team"])),
            _is_readable(session),
        }
    assert len(ways) == 1
    return ways.pop()


def _is_readable(session: Session) -> bool:
    document_id = session.scalar(select(Document.id)) or ""
    try:
        documents.document_text(session, document_id, ["team"])
        documents.get_document(session, document_id, ["team"])
    except NotFound:
        return False
    return True


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _check_nothing_is_left(database: Database) -> None:
    for table in (Document, Passage, Mention, Concept):
        assert _count(database, table) == 0
    _check_index(database)


def _check_index(database: Database) -> None:
    with database.writing() as session:
        check_index(session)
