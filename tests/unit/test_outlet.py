"""What goes straight to a stream's socket: whole, cut short, refused."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from chat.eventlog.following import WAITING
from chat.eventlog.live import LiveLog
from chat.events import BEGINNING, Chunk, Complete
from chat.values import Role, Viewer
from chat.web.outlet import Outlet, outlet_of
from chat.web.watch import Ticket

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def ticket() -> Ticket:
    viewer = Viewer("1", "Alice", "alice@example.org", Role.MEMBER, ())
    return Ticket(viewer, None, lambda: None)


def test_a_frame_goes_out_as_one_chunk(ends: Ends, ticket: Ticket) -> None:
    assert Outlet(ends[0], ticket).offer(b"0123456789abcdef") is True
    assert ends[1].recv(100) == b"10\r\n0123456789abcdef\r\n"


def test_what_a_full_socket_leaves_is_sent_later_and_nothing_twice(
    ends: Ends, ticket: Ticket
) -> None:
    outlet, frame = Outlet(ends[0], ticket), b"x" * 10_000_000
    assert outlet.offer(frame) is None
    received = bytearray()

    def read() -> None:
        while len(received) < len(frame) + 10:
            received.extend(ends[1].recv(1 << 20))

    reader = threading.Thread(target=read)
    reader.start()
    ends[0].settimeout(5)
    outlet.flush()
    reader.join(5)
    assert bytes(received) == b"989680\r\n" + frame + b"\r\n"


Work = Callable[[], object]


@pytest.fixture
def round_(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """A round is under way; what is in the list is to be done at its end."""
    work: list[Work] = []
    monkeypatch.setattr("chat.web.outlet.at_round_end", lambda one: work.append(one) or True)
    return work


def _end(round_: list[Work]) -> None:
    for work in round_:
        work()
    round_.clear()


def test_frames_of_one_round_go_out_at_its_end(
    ends: Ends, ticket: Ticket, round_: list[Work]
) -> None:
    outlet = Outlet(ends[0], ticket)
    assert outlet.offer(b"one") is True
    assert outlet.offer(b"two") is True
    ends[1].setblocking(False)
    with pytest.raises(BlockingIOError):
        ends[1].recv(100)
    assert len(round_) == 1
    _end(round_)
    assert ends[1].recv(100) == b"3\r\none\r\n3\r\ntwo\r\n"
    assert outlet.offer(b"three") is True
    _end(round_)
    assert ends[1].recv(100) == b"5\r\nthree\r\n"


def test_what_a_round_cannot_send_is_flushed_in_order_by_who_is_woken(
    ends: Ends, ticket: Ticket, round_: list[Work]
) -> None:
    woken = threading.Event()
    ticket.wake = woken.set
    outlet, frame = Outlet(ends[0], ticket), b"x" * 10_000_000
    assert outlet.offer(frame) is True
    _end(round_)
    assert woken.wait(5)
    assert outlet.offer(b"after") is None  # behind the rest
    received = bytearray()
    reader = threading.Thread(target=_read_until, args=(ends[1], received, b"after\r\n"))
    reader.start()
    ends[0].settimeout(5)
    outlet.flush()
    reader.join(5)
    assert bytes(received) == b"989680\r\n" + frame + b"\r\n5\r\nafter\r\n"


def test_whoever_flushes_before_the_end_of_a_round_leaves_nothing_to_it(
    ends: Ends, ticket: Ticket, round_: list[Work]
) -> None:
    outlet = Outlet(ends[0], ticket)
    outlet.offer(b"one")
    outlet.flush()
    _end(round_)
    outlet.offer(b"two")
    outlet.close()
    _end(round_)
    ends[0].close()
    assert b"".join(iter(lambda: ends[1].recv(100), b"")) == b"3\r\none\r\n"


def _read_until(socket: socket.socket, received: bytearray, last: bytes) -> None:
    while not received.endswith(last):
        received.extend(socket.recv(1 << 20))


@pytest.mark.parametrize("reason", ["ended", "closed", "broken"])
def test_nothing_is_taken_once_a_stream_has_ended(ends: Ends, ticket: Ticket, reason: str) -> None:
    outlet = Outlet(ends[0], ticket)
    if reason == "ended":
        ticket.ended = True
    elif reason == "closed":
        outlet.close()
    else:
        ends[1].close()
    assert outlet.offer(b"x") is False


def test_only_a_plain_http_1_1_socket_of_the_server_is_written_to(
    ends: Ends, ticket: Ticket
) -> None:
    plain = {"gunicorn.socket": ends[0], "SERVER_PROTOCOL": "HTTP/1.1"}
    assert outlet_of(plain, ticket) is not None
    assert outlet_of(plain | {"SERVER_PROTOCOL": "HTTP/1.0"}, ticket) is None
    assert outlet_of({"SERVER_PROTOCOL": "HTTP/1.1"}, ticket) is None
    assert outlet_of(plain | {"gunicorn.socket": ends[1]}, ticket) is None  # it would wait


class _Taking:
    """An outlet that takes what its list says."""

    is_gate = False

    def __init__(self, *answers: bool | None) -> None:
        self.answers, self.taken, self.flushed = list(answers), list[bytes](), 0

    def offer(self, frame: bytes) -> bool | None:
        answer = self.answers.pop(0)
        if answer is not False:
            self.taken.append(frame)
        return answer

    def flush(self) -> None:
        self.flushed += 1

    def release(self) -> None:
        raise AssertionError("somebody waits for this one's follower")


@pytest.mark.parametrize("last", [None, False])
def test_a_follower_is_told_only_what_its_outlet_did_not_take(last: bool | None) -> None:
    log, outlet = LiveLog("m", 1), _Taking(True, last)
    told: list[bytes | None] = []
    follower = threading.Thread(target=lambda: told.extend(log.follow(BEGINNING, 5, outlet)))
    follower.start()
    _until_it_waits(log)
    for word in ("one", "two"):
        log.write(Chunk(content=word, confidence=None))
    log.end()
    follower.join(5)
    everything = b"".join([*outlet.taken, *filter(None, told)])
    assert everything.count(b"one") == everything.count(b"two") == 1
    assert everything.index(b"one") < everything.index(b"two")
    assert outlet.flushed >= 1


def _until_it_waits(log: LiveLog) -> None:
    deadline = time.monotonic() + 5
    while not log._waiting:
        assert time.monotonic() < deadline
        time.sleep(0.001)


class _Gate(_Taking):
    """An outlet that is its follower's gate."""

    is_gate = True
    released = 0

    def release(self) -> None:
        self.released += 1


@pytest.mark.parametrize("last", [None, False])
def test_where_the_outlet_is_the_gate_nobody_waits(last: bool | None) -> None:
    log, outlet = LiveLog("m", 1), _Gate(True, last)
    reader = log.follow(BEGINNING, outlet=outlet)
    assert next(reader) == WAITING
    log.write(Chunk(content="one", confidence=None))
    assert outlet.released == 0
    log.write(Chunk(content="two", confidence=None))
    assert outlet.released == 1
    if last is False:
        assert b"two" in (next(reader) or b"")
    else:
        assert next(reader) is None  # woken for the rest, which `flush` has sent
        assert outlet.flushed == 1
    assert next(reader) == WAITING
    log.write(Complete(id="m", content="onetwo", metadata={}))
    assert outlet.released == 2
    assert b"complete" in (next(reader) or b"")
    assert next(reader, "over") == "over"


def test_a_detached_outlet_keeps_the_socket_that_the_server_closes(
    ends: Ends, ticket: Ticket
) -> None:
    outlet, gone_on = Outlet(ends[0], ticket, is_gate=True), threading.Event()
    ends[0].settimeout(5)
    ends[0].setblocking(False)
    outlet.detach(lambda _outlet: gone_on.set())
    ends[0].close()
    assert outlet.offer(b"word") is True
    outlet.release()
    assert gone_on.wait(5)
    outlet.send(b"last")
    outlet.end()
    outlet.close()
    outlet.close()
    received = b"".join(iter(lambda: ends[1].recv(100), b""))
    assert received == b"4\r\nword\r\n4\r\nlast\r\n0\r\n\r\n"
    assert outlet.offer(b"x") is False
