"""A run that nobody writes ends with what was saved of it, and can be continued."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from chat import conversations, events, sse
from chat.answering.recovery import end_orphans, forget_ended_logs
from chat.answering.runner import Runner
from chat.conversations import MessageView, Wish
from chat.database import Database
from chat.errors import ProviderError
from chat.eventlog.sql import SqlLog
from chat.events import EventId
from chat.models import Announcement
from chat.values import utc_now
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running

Ask = Callable[..., Running]


@pytest.fixture
def orphan(ask: Ask, provider: FedProvider, log: SqlLog, database: Database) -> Running:
    """A run whose end could not be stored; "Saved so far" reached the database."""
    job = ask()
    follower = job.follow()
    provider.write("Saved so far")
    while b"Saved so far" not in (next(follower) or b""):
        pass
    log.flush()
    log.shut_down(5)
    return job


def test_an_orphan_keeps_what_was_saved(
    orphan: Running, runner: Runner, database: Database, alice: Person
) -> None:
    assert _end(database, runner) == 1
    stored = _stored(database, alice, orphan)
    assert (stored.status, stored.content) == ("interrupted", "Saved so far")
    assert stored.details["error"]["code"] == "interrupted"


def test_an_orphan_is_ended_once(orphan: Running, runner: Runner, database: Database) -> None:
    assert [_end(database, runner), _end(database, runner)] == [1, 0]


def test_a_reader_who_had_seen_more_is_brought_to_what_is_stored(
    orphan: Running, runner: Runner, database: Database
) -> None:
    _end(database, runner)
    with database.reading() as session:
        ended = conversations.find_ended(session, orphan.message_id)
    assert ended is not None
    told = list(sse.Decoder().feed(conversations.ended_frames(ended, EventId(1, 500))))
    assert [frame.event for frame in told] == ["snapshot", "error"]
    assert EventId(1, 500) < EventId.parse(told[0].id) < EventId.parse(told[1].id)
    snapshot = events.parse("snapshot", told[0].data)
    assert isinstance(snapshot, events.Snapshot)
    assert snapshot.content == "Saved so far"


def test_an_interrupted_answer_can_be_continued(
    orphan: Running, runner: Runner, database: Database, alice: Person
) -> None:
    _end(database, runner)
    with database.writing() as session:
        again = conversations.go_on(session, alice.viewer, orphan.message_id, Wish())
    assert again.written == "Saved so far"
    assert again.attempt == 3  # the second one told the readers that the first was over


def test_a_crash_while_continuing_keeps_the_text_of_both_attempts(
    ask: Ask, provider: FedProvider, log: SqlLog, runner: Runner, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("First, ")
    provider.fail(ProviderError("It went away."))
    for batch in job.follow():
        assert batch is not None
    with database.writing() as session:
        conversations.go_on(session, alice.viewer, job.message_id, Wish(owner_id=runner.owner_id()))
    assert _end(database, runner) == 1
    assert _stored(database, alice, job).content == "First, "


def test_an_interrupted_answer_names_only_what_it_cites_and_no_confidence(
    orphan: Running, runner: Runner, database: Database, alice: Person
) -> None:
    _end(database, runner)
    details = _stored(database, alice, orphan).details
    assert (details["confidence"], details["confidence_basis"]) == (None, None)
    assert details["sources"] == []
    assert details["provider"] == "fed"


def _end(database: Database, runner: Runner) -> int:
    return end_orphans(database, runner.owner_id())


def _stored(database: Database, person: Person, job: Running) -> MessageView:
    with database.reading() as session:
        return conversations.find_message(session, person.viewer, job.message_id)


def test_announcements_that_a_crash_left_behind_are_deleted_and_new_ones_are_not(
    database: Database,
) -> None:
    for age in (timedelta(0), timedelta(minutes=3)):
        with database.writing() as session:
            row = {"sender_id": "p", "name": "notice", "data": "{}", "made_at": utc_now() - age}
            session.execute(insert(Announcement).values(row))
    forget_ended_logs(database)
    with database.reading() as session:
        assert session.query(Announcement).count() == 1
