"""A start finds out at once whether there is anything to prepare."""

import pytest
from flask import Flask

from chat.commands.prepare import make_data_dir
from chat.commands.prepared import is_prepared
from chat.database import Database
from chat.knowledge import ingest, preparing
from tests.conftest import MakeSettings
from tests.people import Person


@pytest.mark.sqlite_only  # with PostgreSQL every start prepares, since looking needs the driver
def test_a_document_that_a_crash_left_half_stored_is_taken_out_at_the_next_start(
    app: Flask, database: Database, alice: Person, make_settings: MakeSettings
) -> None:
    settings = make_settings(load_handbook=False)
    make_data_dir(settings)
    assert is_prepared(settings)
    half = preparing.prepare("Half", "The lighthouse still shines.", "text")
    with database.writing() as session:
        ingest.begin(session, half, space_id=alice.space_id, origin="half.txt", added_by=None)
    assert not is_prepared(settings)
    assert app.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    assert is_prepared(settings)
