"""What wakes a reader on PostgreSQL: nothing is missed over a lost connection, or out of order."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import insert

from chat.errors import Unavailable
from chat.eventlog.backplane import Announcement
from chat.eventlog.listened_changes import ListenedChanges
from chat.events import EventId
from chat.models import Announcement as Row
from tests.contract.backplanes import (
    PATIENCE,
    PostgresGround,
    Reader,
    frames,
    group,
    postgres_ground,
)
from tests.postgresql import PostgresServer


@pytest.fixture
def ground(postgres: PostgresServer) -> Iterator[PostgresGround]:
    with postgres_ground(postgres) as ground:
        yield ground


def test_a_reader_that_lost_its_connection_goes_on_where_it_was(
    ground: PostgresGround, postgres: PostgresServer
) -> None:
    message = ground.begin()
    writer, reader = ground.join(), Reader(ground.join(), message)
    writer.append([group(message, 1, 1, 2)])
    reader.read_to(message, EventId(1, 2))
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    )
    writer.append([group(message, 1, 3, 4)])
    writer.publish([Announcement("stop", b"{}")])
    deadline = time.monotonic() + PATIENCE
    while reader.places[message] < EventId(1, 4) or not reader.announcements:
        assert time.monotonic() < deadline
        with suppress(Unavailable):
            reader.read(0.5)
    assert reader.frames[message] == frames(1, 1, 4)
    assert len(reader.announcements) == 1


def test_a_quiet_reader_notices_that_its_connection_is_gone(
    ground: PostgresGround, postgres: PostgresServer
) -> None:
    reader = ground.join()
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    )
    with pytest.raises(Unavailable):
        reader.read({}, PATIENCE)
    assert not reader.read({}, 0).announcements


def test_an_announcement_that_began_later_is_not_committed_before(ground: PostgresGround) -> None:
    """Who reads the greater number would never ask for the smaller one again."""
    database, reader, teller = ground.connect(), Reader(ground.join()), ground.join()
    later = threading.Thread(target=teller.publish, args=([Announcement("second", b"{}")],))
    with database.writing() as session:
        ListenedChanges(database.engine).number_in_order(session)
        session.execute(insert(Row), [{"sender_id": "other", "name": "first", "data": "{}"}])
        later.start()
        reader.read(0.3)
        assert reader.announcements == []
    reader.read_until(lambda: len(reader.announcements) == 2)
    later.join()
    assert [one.name for one in reader.announcements] == ["first", "second"]
