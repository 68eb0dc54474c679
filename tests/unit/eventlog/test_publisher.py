"""Followers elsewhere see what is written before it is stored."""

import threading
from collections.abc import Sequence

from chat.errors import Unavailable
from chat.eventlog.backplane import Group
from chat.eventlog.live import LiveLog
from chat.eventlog.publisher import Publisher
from chat.events import Chunk


class Shown:
    """Notes what is shown, or cannot show it."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.fails = False

    def show(self, groups: Sequence[Group]) -> None:
        if self.fails:
            raise Unavailable("It is away.")
        self.groups += groups


def write(log: LiveLog, text: str) -> None:
    log.write(Chunk(content=text, confidence=None))


def test_what_is_written_is_shown_until_it_is_stored() -> None:
    shown = Shown()
    publisher = Publisher(shown.show, seconds=3600)
    log = LiveLog("m", 1, publisher.add)
    write(log, "a")
    publisher.publish()
    write(log, "b")
    publisher.publish()
    assert [(one.first_seq, one.last_seq) for one in shown.groups] == [(1, 1), (1, 2)]
    log.take_unsaved()
    publisher.publish()
    assert len(shown.groups) == 2
    write(log, "c")
    publisher.publish()
    assert [(one.first_seq, one.last_seq) for one in shown.groups[2:]] == [(3, 3)]
    publisher.shut_down()


def test_what_cannot_be_shown_is_shown_the_next_time() -> None:
    shown = Shown()
    publisher = Publisher(shown.show, seconds=3600)
    log = LiveLog("m", 1, publisher.add)
    write(log, "a")
    shown.fails = True
    publisher.publish()
    shown.fails = False
    publisher.publish()
    assert [one.last_seq for one in shown.groups] == [1]
    publisher.shut_down()


def test_its_thread_shows_by_itself() -> None:
    shown, seen = Shown(), threading.Event()
    publisher = Publisher(lambda groups: (shown.show(groups), seen.set()), seconds=0.01)
    write(LiveLog("m", 1, publisher.add), "a")
    assert seen.wait(10)
    publisher.shut_down()
