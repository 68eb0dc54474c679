"""Groups and announcements over the database: in order, once, and not from a former owner.

What holds for every kind of backplane is in tests/contract/test_backplane.py.
"""

import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from chat.config import Settings
from chat.database import Database
from chat.errors import Unavailable
from chat.eventlog import sql_backplane
from chat.eventlog.backplane import Announcement, Backplane, Group
from chat.events import BEGINNING, EventId
from chat.models import Announcement as Row
from chat.models import LogGroup, LogTail, Run
from chat.values import utc_now
from tests.people import Person
from tests.unit.eventlog.conftest import Join, begin_run, group, take_over

STOP = Announcement("stop", b'{"message_id":"m"}')


def test_what_one_process_appends_another_reads(join: Join, message: str) -> None:
    writer, reader = join(), join()
    groups = [group(message, 1, 1, 3), group(message, 1, 4, 4)]
    for one in groups:
        assert writer.append([one]) == set()
    assert reader.read({message: BEGINNING}, 0).groups == groups
    assert not reader.read({message: EventId(1, 4)}, 0).groups


def test_a_reader_within_a_group_is_told_the_rest_of_it(join: Join, message: str) -> None:
    join().append([group(message, 1, 1, 3)])
    assert join().read({message: EventId(1, 2)}, 0).groups == [group(message, 1, 3, 3)]


def test_the_groups_of_many_runs_are_read_at_once(
    join: Join, database: Database, alice: Person
) -> None:
    messages = [begin_run(database, alice) for _ in range(30)]
    writer, reader = join(), join()
    writer.append([group(one, 1, 1, 2) for one in messages])
    writer.append([group(one, 1, 3, 3) for one in messages])
    found = reader.read(dict.fromkeys(messages, EventId(1, 2)), 0).groups
    assert sorted(found, key=_message) == [group(one, 1, 3, 3) for one in sorted(messages)]


def test_what_a_former_owner_still_writes_is_refused_and_the_rest_is_stored(
    join: Join, database: Database, alice: Person, message: str
) -> None:
    other, former = begin_run(database, alice), join()
    take_over(database, message, 2)
    assert former.append([group(message, 1, 1, 2), group(other, 1, 1, 1)]) == {message}
    assert _stored(database) == [(other, 1, 1, 1)]


def test_what_comes_after_the_end_is_not_stored_and_is_nobodys_loss(
    join: Join, database: Database, message: str
) -> None:
    with database.writing() as session:
        session.execute(update(Run).values(state="ended"))
    assert join().append([group(message, 1, 1, 2)]) == set()
    assert _stored(database) == []


def test_what_is_sent_again_with_more_is_stored_once(
    join: Join, database: Database, alice: Person, message: str
) -> None:
    """The answer to a commit may be lost: its writer sends the groups again, as one with more."""
    writer, other = join(), begin_run(database, alice)
    writer.append([group(message, 1, 1, 3)])
    assert writer.append([group(other, 1, 1, 1), group(message, 1, 1, 5)]) == set()
    assert writer.append([group(message, 1, 1, 5)]) == set()
    assert join().read({message: BEGINNING}, 0).groups == [
        group(message, 1, 1, 3),
        group(message, 1, 4, 5),
    ]
    assert (other, 1, 1, 1) in _stored(database)


def test_a_new_attempt_is_read_after_the_former_one(
    join: Join, database: Database, message: str
) -> None:
    join().append([group(message, 1, 1, 3)])
    take_over(database, message, 2)
    join().append([group(message, 2, 1, 1)])
    found = join().read({message: EventId(1, 1)}, 0).groups
    assert found == [group(message, 1, 2, 3), group(message, 2, 1, 1)]


def test_an_announcement_reaches_each_other_process_once(join: Join) -> None:
    teller, *others = (join() for _ in range(3))
    teller.publish([STOP, Announcement("notice", b"{}")])
    for other in others:
        assert other.read({}, 0).announcements == [STOP, Announcement("notice", b"{}")]
        assert not other.read({}, 0).announcements
    assert not teller.read({}, 0).announcements


def test_who_begins_to_read_is_told_what_was_said_in_the_last_seconds(
    join: Join, database: Database, other_database
) -> None:
    """A process that hears only now that it is not alone must not miss the stop that said so."""
    teller = join()
    for name in ("old", "new"):
        teller.publish([Announcement(name, b"{}")])
        if name == "old":
            _age(database, timedelta(seconds=30))
    late = sql_backplane.SqlBackplane(other_database())
    assert [one.name for one in late.read({}, 0).announcements] == ["new"]
    late.close()


def test_old_announcements_are_deleted_some_time_after_the_last_one(
    join: Join, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller, reader = join(), join()
    teller.publish([STOP])
    reader.read({}, 0)
    _age(database, timedelta(minutes=2))
    reader.read({}, 0)
    assert _count(database) == 1
    monkeypatch.setattr(sql_backplane, "_SWEEP_SECONDS", 0.0)
    teller.publish([STOP])
    assert reader.read({}, 0).announcements == [STOP]
    reader.read({}, 0.0)
    assert _count(database) == 2
    late = join()
    late.read({}, 0)
    late.read({}, 0)
    assert _count(database) == 1


def test_a_reader_that_waits_is_told_what_comes(join: Join, message: str) -> None:
    writer, reader = join(), join()
    reader.read({message: BEGINNING}, 0)
    appending = threading.Timer(0.05, writer.append, [[group(message, 1, 1, 1)]])
    appending.start()
    assert reader.read({message: BEGINNING}, 10).groups == [group(message, 1, 1, 1)]
    appending.join()


def test_a_wake_lets_the_read_return_also_when_it_came_before(join: Join) -> None:
    reader = join()
    reader.wake()
    assert reader.read({}, 60) == sql_backplane.News()


def test_nothing_is_queried_while_nothing_changes(
    join: Join, other_database: Callable[[], Database], message: str
) -> None:
    database = other_database()
    reader = sql_backplane.SqlBackplane(database)
    queries: list[str] = []
    reader.read({message: BEGINNING}, 0)
    reader.read({message: BEGINNING}, 0)
    event.listen(database.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    assert reader.read({message: BEGINNING}, 0.2) == sql_backplane.News()
    assert queries == []
    join().append([group(message, 1, 1, 1)])
    assert reader.read({message: BEGINNING}, 10).groups
    assert queries
    reader.close()


def test_a_waiting_reader_holds_no_transaction(
    join: Join, settings: Settings, message: str
) -> None:
    """A read transaction that stays open lets the write-ahead log grow without end."""
    writer, reader = join(), join()
    reader.read({message: BEGINNING}, 0)
    writer.append([group(message, 1, 1, 1)])
    reader.read({message: BEGINNING}, 10)
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as probe:
        busy, pages, moved = probe.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, pages, moved) == (0, 0, 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda backplane: backplane.append([group("m", 1, 1, 1)]),
        lambda backplane: backplane.publish([STOP]),
        lambda backplane: backplane.read({"m": BEGINNING}, 0),
    ],
)
def test_a_database_that_fails_is_unavailable(
    call: Callable[[Backplane], object], other_database: Callable[[], Database]
) -> None:
    database = other_database()
    backplane = sql_backplane.SqlBackplane(database)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises(Unavailable):
        call(backplane)
    backplane.close()


def _message(one: Group) -> str:
    return one.message_id


def _age(database: Database, by: timedelta) -> None:
    with database.writing() as session:
        session.execute(update(Row).values(made_at=utc_now() - by))


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Row)) or 0


def _stored(database: Database) -> list[tuple[str, int, int, int]]:
    """All groups there are: with SQLite the newest are in the tail."""
    with database.reading() as session:
        stored = [*session.scalars(select(LogGroup)), *session.scalars(select(LogTail))]
        return [(one.message_id, one.attempt, one.first_seq, one.last_seq) for one in stored]
