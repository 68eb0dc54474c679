"""Who is next when not everybody can be at once."""

import random
import threading

import pytest

from chat.answering.fair_queue import FairQueue

Item = tuple[str, int]


def fill(queue: FairQueue[Item], **people: int) -> None:
    for person, count in people.items():
        for number in range(count):
            queue.wait(person, (person, number))


def begin_next(queue: FairQueue[Item], at_once: int = 0) -> Item | None:
    for person, _ in queue.people():
        found = queue.begin(person, at_once)
        if found is not None:
            return found
    return None


def test_people_take_turns_whatever_number_of_things_each_waits_for() -> None:
    queue: FairQueue[Item] = FairQueue(1)
    fill(queue, greedy=200, bob=1, carol=2)
    order = []
    while (item := begin_next(queue)) is not None:
        order.append(item[0])
        queue.leave(item[0])
    assert order[:5] == ["greedy", "bob", "carol", "greedy", "carol"]
    assert order[5:] == ["greedy"] * 198
    assert len(queue) == 0


def test_no_more_begin_than_there_are_slots() -> None:
    queue: FairQueue[Item] = FairQueue(2)
    assert [queue.enter(person) for person in ("ann", "bob", "carol")] == [True, True, False]
    fill(queue, carol=1)
    assert begin_next(queue) is None
    queue.leave("ann")
    assert begin_next(queue) == ("carol", 0)


def test_nobody_has_more_at_once_than_they_may() -> None:
    queue: FairQueue[Item] = FairQueue()
    fill(queue, ann=5, bob=1)
    begun = [begin_next(queue, at_once=2) for _ in range(4)]
    assert begun == [("ann", 0), ("bob", 0), ("ann", 1), None]
    queue.leave("ann")
    assert begin_next(queue, at_once=2) == ("ann", 2)


def test_who_is_kept_by_their_own_limit_keeps_nobody_else() -> None:
    queue: FairQueue[Item] = FairQueue(3)
    fill(queue, ann=5)
    assert begin_next(queue, at_once=1) == ("ann", 0)
    assert queue.enter("bob")


def test_only_what_may_begin_does() -> None:
    queue: FairQueue[Item] = FairQueue()
    fill(queue, ann=3)
    assert queue.begin("ann", 0, lambda item: item[1] > 1) == ("ann", 2)
    assert queue.begin("ann", 0, lambda item: item[1] > 1) is None
    assert len(queue) == 2


def test_who_waits_no_longer_loses_their_place_alone() -> None:
    queue: FairQueue[Item] = FairQueue(1)
    queue.enter("ann")
    fill(queue, ann=1, bob=2)
    assert queue.places() == [("ann", 0), ("bob", 0), ("bob", 1)]
    assert queue.withdraw("bob", ("bob", 0))
    assert not queue.withdraw("bob", ("bob", 0))
    assert queue.places() == [("ann", 0), ("bob", 1)]
    assert queue.withdraw("ann", ("ann", 0))
    queue.leave("ann")
    assert begin_next(queue) == ("bob", 1)


@pytest.mark.parametrize("seed", range(20))
def test_the_places_are_the_order_in_which_things_begin(seed: int) -> None:
    chance, queue = random.Random(seed), FairQueue[Item](1)
    queue.enter("somebody")
    fill(queue, **{name: chance.randint(1, 9) for name in "abcdef"})
    places = queue.places()
    queue.leave("somebody")
    begun = []
    while (item := begin_next(queue)) is not None:
        begun.append(item)
        queue.leave(item[0])
    assert begun == places


def test_only_who_still_waits_is_told() -> None:
    queue: FairQueue[Item] = FairQueue(1)
    fill(queue, ann=2)
    told: list[int] = []
    assert begin_next(queue) == ("ann", 0)
    queue.while_waiting("ann", ("ann", 0), lambda: told.append(0))
    queue.while_waiting("ann", ("ann", 1), lambda: told.append(1))
    assert told == [1]


def test_threads_begin_each_thing_once_and_keep_to_the_slots() -> None:
    queue, begun, most = FairQueue[Item](3), list[Item](), list[int]()
    fill(queue, ann=200, bob=100)
    now = 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal now
        while len(queue):
            item = begin_next(queue)
            if item is None:
                continue
            with lock:
                now += 1
                most.append(now)
                begun.append(item)
            with lock:
                now -= 1
            queue.leave(item[0])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == len(set(begun)) == 300
    assert max(most) <= 3
