"""What one person sends at the same moment, and what others send then."""

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from chat.answering import one_by_one
from chat.answering.one_by_one import OneByOne
from chat.errors import Unavailable
from chat.web.turnstile import Turnstile


def test_a_persons_turns_come_one_by_one_and_nobody_elses_wait() -> None:
    turns, inside, done = OneByOne(), threading.Event(), threading.Event()
    order: list[str] = []

    def take(person: str) -> None:
        with turns.turn(person):
            order.append(person)

    with turns.turn("ann") as waiting:
        assert waiting() == 0
        second = threading.Thread(target=take, args=("ann",))
        second.start()
        while not waiting():
            inside.wait(0.001)
        take("bob")
        assert order == ["bob"]
        done.set()
    second.join(10)
    assert order == ["bob", "ann"]
    assert not turns._turns


def test_nobody_waits_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_by_one, "_PATIENCE", 0.01)
    turns = OneByOne()
    with turns.turn("ann"), pytest.raises(Unavailable), turns.turn("ann"):
        pass
    with turns.turn("ann"):
        pass


def test_a_turn_raises_what_its_block_raises_and_is_over() -> None:
    turns = OneByOne()
    with pytest.raises(KeyError), turns.turn("ann"):
        raise KeyError
    assert not turns._turns


def test_sends_of_one_credential_pass_one_by_one_until_their_streams_begin() -> None:
    lock, now, most = threading.Lock(), 0, 0
    release = threading.Event()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        release.wait(0.005)
        with lock:
            now -= 1
        return endless()

    def endless() -> Iterable[bytes]:
        while True:
            yield b"data"

    gate = Turnstile(app)
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/conversations/1/messages/stream"}

    def send(number: int) -> None:
        body = gate(environ | {"HTTP_AUTHORIZATION": "Bearer one"}, None)
        assert next(iter(body)) == b"data"

    threads = [threading.Thread(target=send, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 1
