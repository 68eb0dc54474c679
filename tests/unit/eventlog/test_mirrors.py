"""What one process writes is followed at another: late, from the middle, over attempts, to the end.

The writer and the followers are two logs with databases of their own over one file.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import delete

from chat import conversations, events, sse
from chat.conversations import Ending
from chat.database import Database
from chat.errors import Unavailable
from chat.eventlog import mirrors, tailer
from chat.eventlog.backplane import Group, News
from chat.eventlog.mirrors import Mirrors, reach
from chat.eventlog.sql import RunWriter, SqlLog
from chat.eventlog.sql_backplane import SqlBackplane
from chat.events import BEGINNING, EventId
from chat.models import Message
from tests.unit.eventlog.conftest import group, take_over

PATIENCE = 10.0


@dataclass
class Counting(SqlBackplane):
    """Counts the reads, and what they ask for."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.reads: list[int] = []
        self.away = False

    def read(self, places: dict[str, EventId], timeout: float) -> News:  # type: ignore[override]
        self.reads.append(len(places))
        if self.away:
            raise Unavailable("It is away.")
        return super().read(places, timeout)


@pytest.fixture
def owner(database: Database) -> Iterator[SqlLog]:
    """The process that writes."""
    log = SqlLog(database, flush_seconds=0.01, is_alone=lambda: False)
    yield log
    log.shut_down(PATIENCE)


@pytest.fixture
def backplane(other_database: Callable[[], Database]) -> Counting:
    return Counting(other_database())


@pytest.fixture
def elsewhere(other_database: Callable[[], Database], backplane: Counting) -> Iterator[SqlLog]:
    """The process that follows."""
    log = SqlLog(other_database(), flush_seconds=0.01, backplane=backplane)
    yield log
    log.shut_down(PATIENCE)


@pytest.fixture
def writer(owner: SqlLog, message: str) -> RunWriter:
    writer = owner.open(message, 1)
    writer.write(_start(1))
    return writer


@dataclass
class Follower:
    """Follows a message at a process, on a thread of its own; `join` before it is looked at."""

    log: SqlLog
    message_id: str
    after: EventId = BEGINNING
    frames: list[sse.Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.has_begun = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self.has_begun.wait(PATIENCE)

    def _run(self) -> None:
        decoder = sse.Decoder()
        with self.log.following(self.message_id) as log:
            assert log is not None
            reach(log, self.after, PATIENCE)
            self.has_begun.set()
            for batch in log.follow(self.after):
                self.frames += decoder.feed(batch or b"")

    def join(self) -> list[sse.Frame]:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self.frames


def test_a_follower_elsewhere_gets_every_event_once_and_the_end(
    database: Database, owner: SqlLog, elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    _wait(lambda: elsewhere.glance(message).last_id == EventId(1, 1))
    follower = Follower(elsewhere, message)
    for number in range(20):
        writer.write(_chunk(f"{number} "))
        _wait(lambda: elsewhere.glance(message).last_id == writer.log.last_id)
    _finish(database, owner, writer)
    frames = follower.join()
    assert [frame.id for frame in frames] == [f"1-{seq}" for seq in range(1, 23)]
    assert _text(frames) == writer.log.text
    assert frames[-1].event == "complete"


@pytest.mark.parametrize("after", [BEGINNING, EventId(1, 0), EventId(1, 3), EventId(1, 12)])
def test_who_joins_late_or_resumes_at_another_process_ends_with_the_same_text(
    after: EventId, database: Database, owner: SqlLog, elsewhere: SqlLog, writer: RunWriter,
    message: str,
) -> None:  # fmt: skip
    """LibreChat #11842, open-webui #12286: a reload reaches another process."""
    for number in range(11):
        writer.write(_chunk(f"{number} "))
    shown = "".join(f"{number} " for number in range(max(0, after.seq - 1)))
    follower = Follower(elsewhere, message, after)
    for number in range(11, 400):
        writer.write(_chunk(f"{number} "))
    _finish(database, owner, writer)
    frames = follower.join()
    assert _text(frames, shown) == writer.log.text
    assert all(EventId.parse(frame.id) > after for frame in frames)


def test_who_has_read_more_than_has_come_here_waits_for_the_rest(
    elsewhere: SqlLog, backplane: Counting, owner: SqlLog, database: Database, message: str
) -> None:
    """A follower of the owner is up to 200 ms ahead of every other process."""
    behind = SqlBackplane(database)
    behind.append([group(message, 1, 1, 4)])
    appending = threading.Timer(0.2, behind.append, [[group(message, 1, 5, 9)]])
    appending.start()
    with elsewhere.following(message) as log:
        reach(log, EventId(1, 7), PATIENCE)
        told = next(log.follow(EventId(1, 7)))
    appending.join()
    assert [frame.id for frame in sse.Decoder().feed(told)] == ["1-8", "1-9"]


def test_a_place_that_never_comes_is_not_waited_for_without_end(
    elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    _wait(lambda: elsewhere.glance(message).last_id == EventId(1, 1))
    with elsewhere.following(message) as log:
        reach(log, EventId(1, 400), 0.1)
        assert b"start" in next(log.follow(EventId(1, 400)))


def test_a_mirror_goes_on_with_the_next_attempt(
    database: Database, owner: SqlLog, elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    writer.write(_chunk("old"))
    _wait(lambda: elsewhere.glance(message).text == "old")
    follower = Follower(elsewhere, message)
    take_over(database, message, 2)
    writer.begin_attempt(2)
    for event in (events.Reset(reason="again"), _start(2), _chunk("new")):
        writer.write(event)
    _finish(database, owner, writer)
    frames = follower.join()
    ids = [EventId.parse(frame.id) for frame in frames]
    assert ids == sorted(set(ids))
    assert ids[-1] == EventId(2, 4)
    assert _text(frames) == "new"


def test_an_end_without_a_word_is_found(
    database: Database, elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    """The owner died after its commit, or what it announced was lost."""
    _wait(lambda: elsewhere.glance(message).last_id == EventId(1, 1))
    follower = Follower(elsewhere, message)
    with database.writing() as session:
        assert conversations.finish_answer(session, message, 1, _ending(writer))
    assert [frame.event for frame in follower.join()] == ["start", "complete"]


def test_an_interrupted_answer_is_told_with_its_text(
    database: Database, elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    writer.write(_chunk("all of it"))
    _wait(lambda: elsewhere.glance(message).text == "all of it")
    follower = Follower(elsewhere, message)
    failure = events.Error(code="interrupted", message="It stopped.", retryable=True)
    take_over(database, message, 2)
    ending = Ending(
        status="interrupted", content="all of", thinking="", details={}, last_seq=2,
        error=failure.data().decode(),
    )  # fmt: skip
    with database.writing() as session:
        assert conversations.finish_answer(session, message, 2, ending)
    frames = follower.join()
    assert [frame.event for frame in frames][-2:] == ["snapshot", "error"]
    assert _text(frames) == "all of"


def test_the_followers_of_a_message_that_is_gone_are_let_go(
    database: Database, elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    follower = Follower(elsewhere, message)
    with database.writing() as session:
        session.execute(delete(Message).where(Message.id == message))
    assert {"complete", "error"}.isdisjoint(frame.event for frame in follower.join())


def test_nobody_follows_what_has_ended(
    database: Database, elsewhere: SqlLog, writer: RunWriter, message: str
) -> None:
    with database.writing() as session:
        conversations.finish_answer(session, message, 1, _ending(writer))
    with elsewhere.following(message) as log:
        assert log is None
    assert elsewhere.glance(message) is None


def test_a_thousand_followers_elsewhere_are_one_reader(
    database: Database, owner: SqlLog, elsewhere: SqlLog, backplane: Counting, writer: RunWriter,
    message: str,
) -> None:  # fmt: skip
    followers = [Follower(elsewhere, message) for _ in range(1000)]
    for number in range(50):
        writer.write(_chunk(f"{number} "))
    _finish(database, owner, writer)
    assert {_text(follower.join()) for follower in followers} == {writer.log.text}
    assert set(backplane.reads) <= {0, 1}


def test_a_mirror_that_nobody_follows_is_dropped(
    elsewhere: SqlLog, backplane: Counting, writer: RunWriter, message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(mirrors, "_UNUSED_SECONDS", 0.0)
    with elsewhere.following(message):
        _wait(lambda: 1 in backplane.reads)
    _wait(lambda: not elsewhere._mirrors)


def test_a_process_that_is_alone_reads_and_says_nothing(
    database: Database, backplane: Counting, message: str
) -> None:
    """A site of one process pays nothing for others that it does not have."""
    alone = SqlLog(database, flush_seconds=0.01, backplane=backplane)
    writer = alone.open(message, 1)
    writer.write(_chunk("a"))
    alone.announce("notice", {})
    alone.close(writer.log)
    alone.flush()
    alone.shut_down(PATIENCE)
    names = {thread.name for thread in threading.enumerate()}
    assert backplane.reads == []
    assert "tailer" not in names
    assert SqlBackplane(database).read({}, 0).announcements == ()


def test_the_reader_rests_when_there_is_nothing_to_read_for_any_more(
    elsewhere: SqlLog, backplane: Counting, writer: RunWriter, message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(mirrors, "_UNUSED_SECONDS", 0.0)
    with elsewhere.following(message):
        _wait(lambda: backplane.reads)
    _wait(lambda: not elsewhere._mirrors)
    _wait(lambda: not elsewhere._tailer._needed.is_set())
    before = len(backplane.reads)
    with elsewhere.following(message):
        _wait(lambda: len(backplane.reads) > before)


def test_a_reader_that_rests_still_takes_what_would_fill_its_connection(
    elsewhere: SqlLog, backplane: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tailer, "_DRAIN_SECONDS", 0.05)
    elsewhere.listen()
    _wait(lambda: len(backplane.reads) > 3)
    assert set(backplane.reads) == {0}


def test_a_reader_that_failed_goes_on_where_it_was(
    elsewhere: SqlLog, backplane: Counting, writer: RunWriter, message: str
) -> None:
    _wait(lambda: elsewhere.glance(message).last_id == EventId(1, 1))
    with elsewhere.following(message) as log:
        backplane.away = True
        writer.write(_chunk("a"))
        reads = len(backplane.reads)
        _wait(lambda: len(backplane.reads) > reads + 1)
        writer.write(_chunk("b"))
        backplane.away = False
        _wait(lambda: log.text == "ab")
        assert log.last_id == EventId(1, 3)


def test_announcements_are_handled_by_their_name_and_a_defect_stops_nothing(
    owner: SqlLog, database: Database, backplane: Counting
) -> None:
    heard: list[bytes] = []
    listening = SqlLog(database, flush_seconds=0.01, backplane=backplane, is_alone=lambda: False)
    listening.handle("broken", lambda data: 1 // 0)
    listening.handle("stop", heard.append)
    listening.listen()
    owner.announce("broken", {})
    owner.announce("unknown", {})
    owner.announce("stop", {"n": 1})
    _wait(lambda: heard)
    owner.announce_now("stop", {"n": 2})
    _wait(lambda: len(heard) == 2)
    listening.shut_down(PATIENCE)
    assert heard == [b'{"n":1}', b'{"n":2}']


def test_an_event_of_a_newer_version_is_passed_on_as_it_is(
    database: Database, elsewhere: SqlLog, message: str
) -> None:
    frame = b'id: 1-1\nevent: surprise\ndata: {"new":true}\n\n'
    SqlBackplane(database).append([Group(message, 1, 1, 1, frame)])
    with elsewhere.following(message) as log:
        assert next(log.follow(BEGINNING)) == frame


def test_a_gap_ends_the_mirror_so_that_its_followers_begin_anew(
    database: Database, message: str
) -> None:
    found = Mirrors(database, fed=lambda: None)
    SqlBackplane(database).append([group(message, 1, 1, 2)])
    with found.following(message) as log:
        found.take([group(message, 1, 5, 6)])
        assert log.ended
        assert not found


def _finish(database: Database, owner: SqlLog, writer: RunWriter) -> None:
    """The end as a run makes it: the commit, then the terminal event."""
    log = writer.log
    with database.writing() as session:
        assert conversations.finish_answer(session, log.message_id, log.attempt, _ending(writer))
    writer.write(events.Complete(id=log.message_id, content=log.text, metadata={}))
    owner.close(log)


def _ending(writer: RunWriter) -> Ending:
    return Ending(
        status="complete", content=writer.log.text, thinking="", details={},
        last_seq=writer.log.next_seq,
    )  # fmt: skip


def _start(attempt: int) -> events.Start:
    return events.Start(
        message_id="m", conversation_id="c", parent_id="q", attempt=attempt, provider="p", model="m"
    )


def _chunk(text: str) -> events.Chunk:
    return events.Chunk(content=text, confidence=None)


def _text(frames: Sequence[sse.Frame], text: str = "") -> str:
    """What a client that showed `text` shows after these frames."""
    for frame in frames:
        event = events.parse(frame.event, frame.data)
        match event:
            case events.Chunk():
                text += event.content
            case events.Snapshot() | events.Complete():
                text = event.content
            case events.Reset():
                text = ""
    return text


def _wait(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)
