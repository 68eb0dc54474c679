"""What every kind of backplane holds, whatever carries it."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.eventlog.backplane import Announcement
from chat.events import EventId
from chat.values import new_id
from tests.contract.backplanes import GROUNDS, ON_POSTGRES, Ground, Reader, frames, group


@pytest.fixture(scope="module", params=[*GROUNDS, *ON_POSTGRES])
def shared_ground(
    request: pytest.FixtureRequest,
    template_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ground]:
    if request.param in ON_POSTGRES:
        laid = ON_POSTGRES[request.param](request.getfixturevalue("postgres"))
    else:
        laid = GROUNDS[request.param](template_database, tmp_path_factory.mktemp("ground"))
    with laid as ground:
        yield ground


@pytest.fixture
def ground(shared_ground: Ground) -> Iterator[Ground]:
    yield shared_ground
    shared_ground.leave()


@pytest.fixture
def message(ground: Ground) -> str:
    """A message whose first attempt is running."""
    return ground.begin()


def test_a_late_joiner_reads_everything_from_the_beginning(ground: Ground, message: str) -> None:
    writer = ground.join()
    for first in (1, 4, 7):
        assert writer.append([group(message, 1, first, first + 2)]) == set()
    assert Reader(ground.join(), message).read_to(message, EventId(1, 9)) == frames(1, 1, 9)


def test_two_processes_read_the_same(ground: Ground, message: str) -> None:
    writer = ground.join()
    readers = [Reader(ground.join(), message) for _ in range(2)]
    for seq in range(1, 30):
        writer.append([group(message, 1, seq, seq)])
        readers[seq % 2].read()
    for reader in readers:
        assert reader.read_to(message, EventId(1, 29)) == frames(1, 1, 29)


@pytest.mark.parametrize("place", range(7))
def test_a_reader_from_the_middle_reads_exactly_what_it_lacks(
    ground: Ground, message: str, place: int
) -> None:
    writer = ground.join()
    writer.append([group(message, 1, 1, 3)])
    writer.append([group(message, 1, 4, 7)])
    reader = Reader(ground.join(), message, after=EventId(1, place))
    assert reader.read_to(message, EventId(1, 7)) == frames(1, place + 1, 7)


def test_a_reader_at_the_end_is_told_nothing_twice(ground: Ground, message: str) -> None:
    ground.join().append([group(message, 1, 1, 3)])
    reader = Reader(ground.join(), message, after=EventId(1, 3))
    assert not reader.read()
    assert not reader.read(0.1)


def test_a_slow_reader_holds_nobody_up_and_misses_nothing(ground: Ground, message: str) -> None:
    writer, slow = ground.join(), Reader(ground.join(), message)
    writer.append([group(message, 1, 1, 1)])
    slow.read_to(message, EventId(1, 1))
    for seq in range(2, 602):
        writer.append([group(message, 1, seq, seq)])
    assert slow.read_to(message, EventId(1, 601)) == frames(1, 1, 601)


def test_a_reader_that_waits_is_told_at_once(ground: Ground, message: str) -> None:
    writer, reader = ground.join(), Reader(ground.join(), message)
    for seq in range(1, 6):
        appending = threading.Timer(0.05, writer.append, [[group(message, 1, seq, seq)]])
        appending.start()
        began = time.monotonic()
        reader.read_to(message, EventId(1, seq))
        assert time.monotonic() - began < 0.3
        appending.join()


def test_nothing_new_takes_no_longer_than_the_timeout(ground: Ground, message: str) -> None:
    reader = Reader(ground.join(), message)
    began = time.monotonic()
    assert not reader.read(0.2)
    assert time.monotonic() - began < 1.0


def test_a_new_attempt_follows_the_one_before(ground: Ground, message: str) -> None:
    first, second = ground.join(), ground.join()
    reader = Reader(ground.join(), message)
    first.append([group(message, 1, 1, 5)])
    reader.read_to(message, EventId(1, 5))
    first.append([group(message, 1, 6, 8)])
    ground.take_over(message, 2)
    second.append([group(message, 2, 1, 2)])
    expected = frames(1, 1, 8) + frames(2, 1, 2)
    assert reader.read_to(message, EventId(2, 2)) == expected
    assert Reader(ground.join(), message).read_to(message, EventId(2, 2)) == expected


def test_what_a_former_owner_still_writes_is_refused(ground: Ground, message: str) -> None:
    former, owner, other = ground.join(), ground.join(), ground.begin()
    former.append([group(message, 1, 1, 5)])
    ground.take_over(message, 2)
    owner.append([group(message, 2, 1, 3)])
    assert former.append([group(message, 1, 6, 9), group(other, 1, 1, 2)]) == {message}
    assert former.append([group(message, 1, 10, 12)]) == {message}
    owner.append([group(message, 2, 4, 5)])
    reader = Reader(ground.join(), message, other)
    assert reader.read_to(message, EventId(2, 5)) == frames(1, 1, 5) + frames(2, 1, 5)
    assert reader.read_to(other, EventId(1, 2)) == frames(1, 1, 2)


def test_what_is_sent_again_is_told_once(ground: Ground, message: str) -> None:
    """A writer that did not learn whether its groups arrived sends them again, with more."""
    ground.join().append([group(message, 1, 1, 3)])
    again = ground.join()
    assert again.append([group(message, 1, 1, 3)]) == set()
    assert again.append([group(message, 1, 1, 6)]) == set()
    assert again.append([group(message, 1, 7, 8)]) == set()
    assert Reader(ground.join(), message).read_to(message, EventId(1, 8)) == frames(1, 1, 8)


def test_the_runs_of_a_process_are_written_together(ground: Ground) -> None:
    messages = [ground.begin() for _ in range(300)]
    writer, reader = ground.join(), Reader(ground.join(), *messages)
    for seq in range(1, 4):
        assert writer.append([group(m, 1, seq, seq) for m in messages]) == set()
    for message_id in messages:
        assert reader.read_to(message_id, EventId(1, 3)) == frames(1, 1, 3)


def test_a_reader_after_the_end_gets_all_or_nothing(ground: Ground, message: str) -> None:
    writer = ground.join()
    for seq in range(1, 5):
        writer.append([group(message, 1, seq, seq)])
    writer.forget(message)
    reader = Reader(ground.join(), message)
    reader.read(0.1)
    assert reader.frames[message] in {b"", frames(1, 1, 4)}


def test_an_announcement_reaches_every_other_process_once(ground: Ground) -> None:
    teller, *others = (ground.join() for _ in range(3))
    readers = [Reader(other) for other in others]
    names = [new_id() for _ in range(5)]
    told = [Announcement(name, b'{"n":"\xc3\xa9"}') for name in names]
    teller.publish(told[:3])
    teller.publish(told[3:])
    for reader in readers:
        assert reader.read_announcements(*names)[-5:] == names
        assert reader.announcements[-5:] == told
        assert reader.read_announcements().count(names[0]) == 1
    assert not set(names) & set(Reader(teller).read_announcements())


def test_who_joins_is_told_what_is_said_from_then_on(ground: Ground) -> None:
    """And perhaps what was said just before: a start takes a while."""
    teller = ground.join()
    reader = Reader(ground.join())
    name = new_id()
    teller.publish([Announcement(name, b"{}")])
    assert reader.read_announcements(name).count(name) == 1


def test_an_announcement_wakes_who_waits(ground: Ground) -> None:
    teller, reader, name = ground.join(), Reader(ground.join()), new_id()
    telling = threading.Timer(0.05, teller.publish, [[Announcement(name, b"{}")]])
    telling.start()
    began = time.monotonic()
    reader.read_until(lambda: name in {one.name for one in reader.announcements})
    assert time.monotonic() - began < 0.3
    telling.join()


def test_a_wake_lets_a_waiting_read_return(ground: Ground, message: str) -> None:
    backplane = ground.join()
    waking = threading.Timer(0.05, backplane.wake)
    waking.start()
    began = time.monotonic()
    backplane.read({message: EventId(0, 0)}, 0.5)
    assert time.monotonic() - began < 0.4
    waking.join()


def test_a_wake_between_two_reads_is_not_lost(ground: Ground, message: str) -> None:
    backplane = ground.join()
    for _ in range(2):
        backplane.wake()
        began = time.monotonic()
        backplane.read({message: EventId(0, 0)}, 0.5)
        assert time.monotonic() - began < 0.4
