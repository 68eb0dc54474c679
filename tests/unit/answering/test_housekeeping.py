"""What a process does beside what it serves: it verifies the trail, and goes on after a failure."""

import logging
import threading

import pytest

from chat import audit
from chat.answering.housekeeping import Housekeeping, check_when_due
from chat.audit import Action
from chat.database import Database
from chat.errors import Unavailable


def test_the_trail_is_verified_once_a_day_and_its_head_is_in_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.writing() as session:
        entry = audit.append(session, Action.SIGNED_IN, actor_id="a1")
    caplog.set_level(logging.WARNING)
    assert check_when_due(database)
    assert f"1:{entry.hash}" in caplog.text
    assert not check_when_due(database)
    with database.reading() as session:
        checked = audit.last_checked(session)
    assert checked is not None
    assert (checked.entries, checked.broken_at) == (1, None)


def test_a_job_that_fails_keeps_no_other_from_being_done() -> None:
    done = threading.Event()

    def fail() -> None:
        raise Unavailable("The database is busy.")

    keeping = Housekeeping([fail, done.set])
    keeping.start()
    assert done.wait(10)
    keeping.stop()
