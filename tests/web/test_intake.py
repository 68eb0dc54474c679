"""Whoever is left reads what a process that is gone was reading."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from chat.database import Database
from chat.knowledge import uploads
from chat.knowledge.intake import Intake
from chat.knowledge.reading import process
from chat.knowledge.reading.process import ReadingBounds
from chat.knowledge.uploads import UploadView
from chat.models import Upload
from chat.values import utc_now
from tests.people import Person
from tests.web.uploading import until


@pytest.fixture
def intake(database: Database, tmp_path: Path) -> Iterator[Intake]:
    intake = Intake(database, tmp_path, ReadingBounds())
    yield intake
    intake.close(timeout=30)


def received(database: Database, intake: Intake, person: Person) -> UploadView:
    """An upload of a person whose file is there."""
    given = {"name": "plan.md", "size": 8, "sha256": "0" * 64, "replaces": True}
    with database.writing() as session:
        upload = uploads.begin(session, person.viewer, person.space_id, **given)
    intake.path(upload.id).write_bytes(b"We ship.")
    return upload


def state(database: Database, person: Person, upload: UploadView) -> str:
    with database.reading() as session:
        return uploads.get_mine(session, person.viewer, upload.id).state


def test_an_upload_is_claimed_by_one_reader(
    database: Database, intake: Intake, alice: Person
) -> None:
    upload = received(database, intake, alice)
    with database.writing() as session:
        assert uploads.claim(session, upload.id, "first") is not None
        assert uploads.claim(session, upload.id, "second") is None
        assert uploads.beat(session, upload.id, "first", "pages", 1, 2)
        assert not uploads.beat(session, upload.id, "second", "pages", 2, 2)
        assert uploads.waiting(session) == []


def test_few_are_read_at_once_however_many_processes_serve(
    database: Database, intake: Intake, alice: Person
) -> None:
    received(database, intake, alice)
    others = [received(database, intake, alice) for _ in range(uploads.AT_ONCE)]
    with database.writing() as session:
        for number, upload in enumerate(others):
            assert len(uploads.waiting(session)) == 1 + len(others) - number
            uploads.claim(session, upload.id, f"process {number}")
        assert uploads.waiting(session) == []


def test_what_a_dead_process_was_reading_is_read(
    database: Database, intake: Intake, alice: Person
) -> None:
    upload = received(database, intake, alice)
    with database.writing() as session:
        uploads.claim(session, upload.id, "dead")
        silent = utc_now() - uploads.STALE - timedelta(seconds=1)
        session.execute(update(Upload).values(beat_at=silent))
    intake.wake()
    until(lambda: state(database, alice, upload) == "done")
    until(lambda: not intake.path(upload.id).exists())


def test_a_process_that_leaves_gives_back_what_it_reads(
    database: Database, intake: Intake, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_MODULE", "http.server")  # which serves until it is ended
    upload = received(database, intake, alice)
    intake.wake()
    until(lambda: state(database, alice, upload) == "reading")
    intake.close(timeout=30)
    assert state(database, alice, upload) == "waiting"
    assert intake.path(upload.id).exists()


def test_nothing_runs_while_nothing_waits(
    database: Database, intake: Intake, alice: Person
) -> None:
    upload = received(database, intake, alice)
    intake.wake()
    until(lambda: state(database, alice, upload) == "done")
    until(lambda: not intake.is_running)


def test_what_nobody_is_shown_any_more_is_forgotten(
    database: Database, intake: Intake, alice: Person
) -> None:
    upload = received(database, intake, alice)
    with database.writing() as session:
        session.execute(update(Upload).values(created_at=utc_now() - timedelta(days=2)))
        session.execute(update(Upload).values(state="failed"))
    intake.wake()
    until(lambda: not intake.path(upload.id).exists())
