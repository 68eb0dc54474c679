"""Two processes on one database: a run of the one is followed, resumed and stopped at the other.

Every transcript is compared with what is stored.
"""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.live import ROOT, LiveSite
from tests.people import api_token
from tests.postgresql import PostgresServer
from tests.redis_process import RedisProcess
from tests.service.reader import Reader, ask
from tests.service.resuming import ResumingReader, ask_and_resume

QUESTION = "How do I add documents?"
SLOW = {"PARLEY_CHUNK_DELAY_MS": "30", "PARLEY_CHUNK_WORDS": "1"}
PATIENCE = 20.0

Two = tuple[LiveSite, LiveSite]


# What differs between them is how a process hears of the others.
KINDS = ["sqlite", "postgresql", "postgresql with redis"]
on_each = pytest.mark.parametrize("two", KINDS, indirect=True, scope="module")
on_sqlite = pytest.mark.parametrize("two", ["sqlite"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def two(
    request: pytest.FixtureRequest,
    template_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Two]:
    folder, environ = tmp_path_factory.mktemp("site"), dict(SLOW)
    if request.param.startswith("postgresql"):
        server: PostgresServer = request.getfixturevalue("postgres")
        environ["DATABASE_URL"] = server.url(server.create(server.template))
    with ExitStack() as stack:
        if request.param.endswith("redis"):
            environ["REDIS_URL"] = stack.enter_context(RedisProcess()).url
        first, second = (
            stack.enter_context(LiveSite(folder, template_database, **environ)) for _ in range(2)
        )
        let_them_meet(first, second)
        yield first, second


def let_them_meet(first: LiveSite, second: LiveSite) -> None:
    """Each process knows of the other when what happens there reaches a page of its own."""
    for site, other in ((first, second), (second, first)):
        with_page = Reader(site, "GET", "/api/events")
        with_page.read(until="hello")
        heard = threading.Event()

        def listen(page: Reader = with_page, heard: threading.Event = heard) -> None:
            page.read(until="conversation")
            heard.set()

        threading.Thread(target=listen, daemon=True).start()
        deadline = time.monotonic() + PATIENCE
        while not heard.wait(0.2):
            assert time.monotonic() < deadline, "they do not meet"
            other.request("POST", "/api/conversations", {}, as_="alice")


@on_each
def test_a_run_is_followed_at_the_other_process_to_its_end(two: Two) -> None:
    owner, other = two
    sender = ask(owner, QUESTION)
    sender.read(until="chunk")
    follower = _follow(other, sender)
    assert (follower.read(), sender.read()) == ("complete", "complete")
    assert "chunk" in [name for name, _ in follower.events]
    assert follower.text == sender.text == _stored(other, sender)["content"]
    assert follower.data("complete") == sender.data("complete")


@on_each
def test_what_is_followed_at_the_other_process_comes_soon(two: Two) -> None:
    """At most 200 ms until it is in the database, and one look; measured over the whole answer."""
    owner, other = two
    sender, at = ask(owner, QUESTION), {}
    sender.read(until="start")
    follower = _follow(other, sender)

    def note(reader: Reader, times: dict[str, float]) -> None:
        while reader.read(until="chunk") == "chunk":
            times[reader.last_id] = time.monotonic()

    seen: dict[str, float] = {}
    reading = threading.Thread(target=note, args=(follower, seen))
    reading.start()
    note(sender, at)
    reading.join(PATIENCE)
    late = sorted(seen[one] - at[one] for one in seen.keys() & at.keys())
    assert len(late) > 10
    assert late[len(late) // 2] < 0.3, late


@on_sqlite
def test_late_joiners_at_both_processes_end_with_what_is_stored(two: Two) -> None:
    owner, other = two
    sender = ask(owner, QUESTION)
    followers: list[Reader] = []
    for number in range(10):
        sender.read(until="chunk")
        followers.append(_follow(two[number % 2], sender))
    assert sender.read() == "complete"
    for follower in followers:
        assert follower.read() == "complete"
        assert follower.text == sender.text == _stored(other, sender)["content"]


@on_each
def test_a_page_moved_in_the_middle_continues_within_a_second(two: Two) -> None:
    """It resumes with exactly what it lacks, though the other process is a little behind."""
    owner, other = two
    sender = ask(owner, QUESTION)
    for _ in range(12):
        sender.read(until="chunk")
    sender.close()
    began = time.monotonic()
    moved = _follow(other, sender, last_id=sender.last_id)
    moved.text = sender.text
    moved.read(until="chunk")
    assert time.monotonic() - began < 1.0
    assert [name for name, _ in moved.events] == ["chunk"]
    continued = moved.text
    assert moved.read() == "complete"
    stored = _stored(other, sender)["content"]
    assert moved.text == stored
    assert stored.startswith(continued)


@on_sqlite
def test_a_reader_that_is_sent_to_and_fro_loses_nothing(two: Two) -> None:
    reader = ask_and_resume(two, QUESTION).wait_for_text()
    hopping = [ResumingReader(two[::step], reader.place, {}) for step in (1, -1)]
    for number, one in enumerate(hopping):
        one.message_id = reader.message_id
        one.connections = number
        one.start()
    for one in (reader, *hopping):
        one.join()
        stored = _get(two[0], f"/api/messages/{reader.message_id}")
        assert one.text == stored["content"]


@on_each
def test_stop_reaches_the_owner_from_the_other_process_within_300_ms(two: Two) -> None:
    owner, other = two
    sender = ask(owner, QUESTION)
    sender.read(until="chunk")
    began = time.monotonic()
    stopped = other.request("POST", f"{_path(sender)}/stop", as_="alice")
    assert stopped == (202, {"id": sender.data("start")["message_id"], "stopping": True})
    assert sender.read() == "complete"
    assert time.monotonic() - began < 0.3
    assert sender.data("complete")["metadata"]["stop_reason"] == "stopped"
    assert _stored(other, sender)["content"] == sender.text


@on_sqlite
def test_who_may_not_see_an_answer_neither_follows_nor_stops_it_elsewhere(two: Two) -> None:
    owner, other = two
    sender = ask(owner, QUESTION)
    sender.read(until="chunk")
    assert other.request("GET", f"{_path(sender)}/stream", as_="charlie")[0] == 404
    assert other.request("POST", f"{_path(sender)}/stop", as_="charlie")[0] == 404
    assert sender.read() == "complete"
    assert sender.data("complete")["metadata"]["stop_reason"] == "end"


@on_sqlite
def test_a_repeated_plain_send_waits_at_the_other_process(two: Two) -> None:
    owner, other = two
    place = _post(owner, "/api/conversations", {})["id"]
    body = {"content": QUESTION, "client_id": "0b6e3f9e-7a52-4f07-9b0c-6f5d4f5a1c11"}
    sender = Reader(owner, "POST", f"/api/conversations/{place}/messages/stream", body)
    sender.read(until="chunk")
    status, answered = other.request(
        "POST", f"/api/conversations/{place}/messages", body, as_="alice"
    )
    assert status == 200
    assert sender.read() == "complete"
    assert answered["message"]["id"] == sender.data("start")["message_id"]
    assert answered["message"]["content"] == sender.text


@on_sqlite
def test_a_message_that_is_being_written_elsewhere_is_shown_as_far_as_it_is(two: Two) -> None:
    owner, other = two
    sender = ask(owner, QUESTION)
    sender.read(until="chunk")
    _wait(lambda: _stored(other, sender)["content"])
    shown = _stored(other, sender)
    assert shown["status"] == "running"
    assert sender.read() == "complete"
    assert sender.text.startswith(shown["content"])


@on_each
def test_what_happens_at_one_process_is_told_to_the_pages_of_the_other(two: Two) -> None:
    owner, other = two
    alices, charlies = (Reader(other, "GET", "/api/events", as_=n) for n in ("alice", "charlie"))
    for page in (alices, charlies):
        page.read(until="hello")
    place = _post(owner, "/api/conversations", {"title": "Plans"})["id"]
    path = f"/api/conversations/{place}/messages/stream"
    sender = Reader(owner, "POST", path, {"content": QUESTION})
    assert _notices(alices, place, 2) == [("conversation", "created"), ("run", "started")]
    assert sender.read() == "complete"
    assert _notices(alices, place, 1) == [("run", "ended")]
    own = _post(other, "/api/conversations", {"title": "Charlie's"}, as_="charlie")["id"]
    assert _notices(charlies, own, 1) == [("conversation", "created")]
    assert {data["id"] for name, data in charlies.events if name != "hello"} == {own}


@on_sqlite
def test_people_see_who_else_is_there_whichever_process_serves_them(two: Two) -> None:
    first, second = two
    space_id = _get(first, "/api/documents")["items"][0]["space_id"]
    shared = {"title": "Plans", "visibility": "space", "space_id": space_id}
    place = _post(first, "/api/conversations", shared)["id"]
    path = f"/api/events?conversation={place}"
    alice, charlie = Reader(first, "GET", path), Reader(second, "GET", path, as_="charlie")
    assert _people(alice) == []
    bob = Reader(second, "GET", path, as_="bob")
    assert _people(alice) == ["Bob"]
    while not (there := _people(bob)):
        pass  # the first process has not answered yet
    assert there == ["Alice"]
    bob.close()
    assert _people(alice) == []
    own = _post(first, "/api/conversations", {}, as_="charlie")["id"]
    assert _notices(charlie, own, 1) == [("conversation", "created")]
    assert "presence" not in [name for name, _ in charlie.events]


def _people(page: Reader) -> list[str]:
    page.read(until="presence")
    return [person["name"] for person in page.data("presence")["people"]]


def _notices(page: Reader, place: str, count: int) -> list[tuple[str, str]]:
    """The next notices of a conversation; those of others may come in between."""
    found: list[tuple[str, str]] = []
    while len(found) < count:
        page.read_one()
        name, data = page.events[-1]
        if place in (data.get("id"), data.get("conversation_id")):
            found.append((name, data["happening"]))
    return found


@on_each
def test_who_is_taken_out_of_a_space_reads_nothing_more_at_either_process(two: Two) -> None:
    space_id, room, bob_id = _room_with_bob(two)
    path = f"/api/conversations/{room}/messages/stream"
    sender = Reader(two[0], "POST", path, {"content": QUESTION})
    sender.read(until="chunk")
    answer = f"/api/messages/{sender.data('start')['message_id']}/stream"
    his = [
        Reader(site, "GET", path, as_="bob")
        for site in two
        for path in (answer, f"/api/events?conversation={room}")
    ]
    ends: list[float] = []

    def read_to_the_end(reader: Reader) -> None:
        reader.read()
        ends.append(time.monotonic())

    for reader in his:
        reader.read_one()
    reading = [threading.Thread(target=read_to_the_end, args=(reader,)) for reader in his]
    for thread in reading:
        thread.start()
    status, _ = two[0].request("POST", f"/spaces/{space_id}/members/{bob_id}/remove", as_="alice")
    removed = time.monotonic()
    for thread in reading:
        thread.join(PATIENCE)
    assert status == 303
    assert len(ends) == len(his)
    assert max(ends) - removed < 1.0
    assert all("complete" not in dict(reader.events) for reader in his)
    assert [Reader(site, "GET", answer, as_="bob").status for site in two] == [404, 404]
    assert sender.read() == "complete"


def _room_with_bob(two: Two) -> tuple[str, str, str]:
    """A new space with Bob in it, a conversation shared there, and who Bob is."""
    made = _submit(two[0], "/spaces", "alice", name="Crew")
    space_id = made.headers["Location"].rsplit("/", 1)[1]
    page = _submit(two[0], f"/spaces/{space_id}/invites", "alice", role="editor", days="1")
    (token,) = re.findall(r"/invite/([\w-]+)", page.read().decode())
    assert _submit(two[1], f"/invite/{token}/accept", "bob").status == 303
    text = (ROOT / "chat/handbook/adding-documents.md").read_text()
    body = {"text": text, "space_id": space_id}
    assert two[0].request("POST", "/api/documents", body, as_="alice")[0] == 201
    body = {"space_id": space_id, "visibility": "space"}
    _, room = two[0].request("POST", "/api/conversations", body, as_="alice")
    _, space = two[1].request("GET", f"/api/spaces/{space_id}", as_="bob")
    (bob_id,) = [one["id"] for one in space["members"] if one["name"] == "Bob"]
    return space_id, room["id"], bob_id


def _submit(site: LiveSite, path: str, as_: str, **form: str) -> http.client.HTTPResponse:
    """Send a form, as a script with an API token does."""
    headers = {
        "Authorization": f"Bearer {api_token(as_)}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = site.connect()
    connection.request("POST", path, urlencode(form), headers)
    return connection.getresponse()


def _follow(site: LiveSite, sender: Reader, *, last_id: str = "") -> Reader:
    return Reader(site, "GET", f"{_path(sender)}/stream", last_id=last_id)


def _path(sender: Reader) -> str:
    return f"/api/messages/{sender.data('start')['message_id']}"


def _stored(site: LiveSite, sender: Reader) -> dict[str, Any]:
    return _get(site, _path(sender))


def _get(site: LiveSite, path: str) -> dict[str, Any]:
    status, body = site.request("GET", path, as_="alice")
    assert status == 200
    found: dict[str, Any] = body
    return found


def _post(site: LiveSite, path: str, body: Any, *, as_: str = "alice") -> dict[str, Any]:
    status, made = site.request("POST", path, body, as_=as_)
    assert status == 201
    found: dict[str, Any] = made
    return found


def _wait(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # between two looks at a condition
