"""Who has a shared conversation open is told to the others there, over all processes."""

import queue

import msgspec
import pytest

from chat.eventlog.notices import Box
from chat.eventlog.presence import Here, Presence
from tests.unit.eventlog.test_notices import _viewer


class Wires:
    """Carries what a presence says to all the others, at once."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.processes: list[Presence] = []
        self.said: list[Here] = []
        self.cut: set[Presence] = set()

    def join(self) -> Presence:
        def relay(here: Here) -> None:
            self.said.append(here)
            for other in self.processes:
                if other is not joined and not {joined, other} & self.cut:
                    other.receive(msgspec.json.encode(here))

        joined = Presence(relay, clock=lambda: self.now)
        self.processes.append(joined)
        return joined


@pytest.fixture
def wires() -> Wires:
    return Wires()


@pytest.fixture
def here(wires: Wires) -> Presence:
    return wires.join()


@pytest.fixture
def elsewhere(wires: Wires) -> Presence:
    return wires.join()


def test_who_opens_a_conversation_is_told_to_those_there_and_told_of_them(here: Presence) -> None:
    alice, bob = _enter(here, "alice"), _enter(here, "bob")
    assert _told(alice) == [[], ["bob"]]
    assert _told(bob) == [["alice"]]


def test_pages_of_other_conversations_hear_nothing(here: Presence) -> None:
    alice = _enter(here, "alice")
    _enter(here, "bob", "another")
    assert _told(alice) == [[]]


def test_a_second_page_of_the_same_person_is_no_news(here: Presence) -> None:
    alice = _enter(here, "alice")
    number = here.enter("place", _viewer("bob"), _box())
    second = here.enter("place", _viewer("bob"), _box())
    here.leave("place", number)
    assert _told(alice) == [[], ["bob"]]
    here.leave("place", second)
    assert _told(alice) == [[]]


def test_people_of_other_processes_are_there_too(here: Presence, elsewhere: Presence) -> None:
    alice = _enter(here, "alice")
    box = _box()
    number = elsewhere.enter("place", _viewer("bob"), box)
    assert _told(alice) == [[], ["bob"]]
    assert _told(box)[-1] == ["alice"]
    elsewhere.leave("place", number)
    assert _told(alice) == [[]]


def test_who_is_at_two_processes_is_there_until_they_have_left_both(
    here: Presence, elsewhere: Presence
) -> None:
    alice = _enter(here, "alice")
    one = here.enter("place", _viewer("bob"), _box())
    two = elsewhere.enter("place", _viewer("bob"), _box())
    here.leave("place", one)
    assert _told(alice)[-1] == ["bob"]
    elsewhere.leave("place", two)
    assert _told(alice)[-1] == []


def test_a_process_that_died_is_forgotten(
    wires: Wires, here: Presence, elsewhere: Presence
) -> None:
    alice = _enter(here, "alice")
    _enter(elsewhere, "bob")
    for _ in range(4):  # while it says so again, it lives
        wires.now += 30
        here.repeat()
        elsewhere.repeat()
    assert _told(alice)[-1] == ["bob"]
    wires.cut.add(elsewhere)
    for _ in range(3):
        wires.now += 30
        here.repeat()
    assert _told(alice) == [[]]


def test_what_is_the_same_is_not_told_again(
    wires: Wires, here: Presence, elsewhere: Presence
) -> None:
    alice = _enter(here, "alice")
    _enter(elsewhere, "bob")
    _told(alice)
    wires.now += 30
    elsewhere.repeat()
    elsewhere.repeat()
    assert _told(alice) == []


def test_a_conversation_that_nobody_has_open_is_not_kept(
    here: Presence, elsewhere: Presence
) -> None:
    number = here.enter("place", _viewer("alice"), _box())
    here.leave("place", number)
    _enter(elsewhere, "bob")
    assert not here._places


def _enter(presence: Presence, name: str, place: str = "place") -> Box:
    box = _box()
    presence.enter(place, _viewer(name), box)
    return box


def _box() -> Box:
    return queue.Queue(64)


def _told(box: Box) -> list[list[str]]:
    """The names of each frame that has come."""
    frames = [box.get_nowait() for _ in range(box.qsize())]
    data = [msgspec.json.decode(frame.split(b"data: ")[1]) for frame in frames]
    return [sorted(person["name"] for person in one["people"]) for one in data]
