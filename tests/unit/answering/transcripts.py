"""What followers of a run were told, and what is stored of it."""

from collections.abc import Iterable

import pytest

from chat import conversations, events, sse
from chat.database import Database
from chat.events import Event
from tests.people import Person
from tests.unit.answering.conftest import Running


def stored(database: Database, person: Person, job: Running) -> conversations.MessageView:
    """The answer as it is read again."""
    with database.reading() as session:
        return conversations.find_message(session, person.viewer, job.message_id)


def told(batches: Iterable[bytes | None]) -> list[Event]:
    """Every event that these batches hold."""
    decoder = sse.Decoder()
    frames = [frame for batch in batches if batch for frame in decoder.feed(batch)]
    return [events.parse(frame.event, frame.data) for frame in frames]


def read_until(batches: Iterable[bytes | None], wanted: bytes) -> None:
    """Up to the batch that holds these bytes."""
    for batch in batches:
        if batch is None:
            pytest.fail(f"nothing came any more before {wanted!r}")
        if wanted in batch:
            return


def wait(job: Running) -> None:
    """Until the run is over."""
    for batch in job.follow():
        assert batch is not None, "the run does not end"
