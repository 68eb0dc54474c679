"""After a crash: what was saved is kept, marked as interrupted, and can be continued."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from chat import conversations, events, sse
from chat.answering.recovery import end_orphans
from chat.conversations import MessageView, Wish
from chat.database import Database
from chat.errors import ProviderError
from chat.eventlog.sql import SqlLog
from chat.events import EventId
from chat.models import LogGroup
from tests.people import Person
from tests.unit.answering.conftest import FedProvider, Running

Ask = Callable[..., Running]


@pytest.fixture
def crashed(ask: Ask, provider: FedProvider, log: SqlLog, database: Database) -> Running:
    """A run of which "Saved so far" reached the database and more reached its readers."""
    job = ask()
    follower = job.follow()
    provider.write("Saved so far")
    while b"Saved so far" not in (next(follower) or b""):
        pass
    log.flush()
    log.shut_down(5)
    return job


def test_an_orphan_keeps_what_was_saved(
    crashed: Running, database: Database, alice: Person
) -> None:
    assert end_orphans(database) == 1
    stored = _stored(database, alice, crashed)
    assert (stored.status, stored.content) == ("interrupted", "Saved so far")
    assert stored.details["error"]["code"] == "interrupted"


def test_an_orphan_is_ended_once(crashed: Running, database: Database) -> None:
    assert [end_orphans(database), end_orphans(database)] == [1, 0]


def test_a_reader_who_had_seen_more_is_brought_to_what_is_stored(
    crashed: Running, database: Database
) -> None:
    end_orphans(database)
    with database.reading() as session:
        ended = conversations.find_ended(session, crashed.message_id)
    assert ended is not None
    told = list(sse.Decoder().feed(conversations.ended_frames(ended, EventId(1, 500))))
    assert [frame.event for frame in told] == ["snapshot", "error"]
    assert EventId(1, 500) < EventId.parse(told[0].id) < EventId.parse(told[1].id)
    snapshot = events.parse("snapshot", told[0].data)
    assert isinstance(snapshot, events.Snapshot)
    assert snapshot.content == "Saved so far"


def test_an_interrupted_answer_can_be_continued(
    crashed: Running, database: Database, alice: Person
) -> None:
    end_orphans(database)
    with database.writing() as session:
        again = conversations.go_on(session, alice.viewer, crashed.message_id, Wish())
    assert again.written == "Saved so far"
    assert again.attempt == 3  # the second one told the readers that the first was over


def test_a_crash_while_continuing_keeps_the_text_of_both_attempts(
    ask: Ask, provider: FedProvider, log: SqlLog, database: Database, alice: Person
) -> None:
    job = ask()
    provider.write("First, ")
    provider.fail(ProviderError("It went away."))
    for batch in job.follow():
        assert batch is not None
    with database.writing() as session:
        conversations.go_on(session, alice.viewer, job.message_id, Wish())
    assert end_orphans(database) == 1
    assert _stored(database, alice, job).content == "First, "


def test_a_damaged_log_does_not_keep_the_site_from_starting(
    crashed: Running, database: Database, alice: Person
) -> None:
    with database.writing() as session:
        group = session.scalars(select(LogGroup).order_by(LogGroup.first_seq)).first()
        assert group is not None
        group.frames = group.frames + b"id: 1-99\nevent: unheard_of\ndata: {}\n\n"
    assert end_orphans(database) == 1
    assert _stored(database, alice, crashed).status == "interrupted"


def test_an_interrupted_answer_names_only_what_it_cites_and_no_confidence(
    crashed: Running, database: Database, alice: Person
) -> None:
    end_orphans(database)
    details = _stored(database, alice, crashed).details
    assert (details["confidence"], details["confidence_basis"]) == (None, None)
    assert details["sources"] == []
    assert details["provider"] == "fed"


def _stored(database: Database, person: Person, job: Running) -> MessageView:
    with database.reading() as session:
        return conversations.find_message(session, person.viewer, job.message_id)
