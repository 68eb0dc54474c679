"""PostgreSQL goes away and comes back while answers are written: nobody sees a defect."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from tests.live import LiveSite
from tests.people import fill_database
from tests.postgresql import PostgresServer
from tests.service.reader import Reader

QUESTION = "How do I add documents?"
READERS = 8


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that these tests may stop, and which keeps what it has acknowledged."""
    with PostgresServer(synchronous_commit="on") as server:
        server.template = server.create()
        fill_database(server.sqlalchemy_url(server.template))
        yield server


@pytest.fixture(scope="module")
def site(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    url = server.url(server.create(server.template))
    pace = {"PARLEY_CHUNK_WORDS": "1", "PARLEY_CHUNK_DELAY_MS": "40"}
    with LiveSite(tmp_path_factory.mktemp("site"), None, DATABASE_URL=url, **pace) as site:
        yield site


def ask(site: LiveSite) -> Reader:
    """Ask in a new conversation, and follow the answer to its first text."""
    _, place = site.request("POST", "/api/conversations", {}, as_="alice")
    path = f"/api/conversations/{place['id']}/messages/stream"
    reader = Reader(site, "POST", path, {"content": QUESTION})
    assert reader.read("chunk") == "chunk"
    return reader


class Visitor:
    """Reads and writes again and again, and counts what it gets."""

    def __init__(self, site: LiveSite) -> None:
        self.statuses: Counter[int] = Counter()
        self._site = site
        self._enough = threading.Event()
        self._counted = threading.Condition()
        self._thread = threading.Thread(target=self._visit)

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join(timeout=60)

    def wait_for(self, status: int, times: int) -> None:
        """Go on once there were so many more answers with this status."""
        with self._counted:
            wanted = self.statuses[status] + times
            came = self._counted.wait_for(lambda: self.statuses[status] >= wanted, timeout=60)
        assert came, self.statuses

    def _visit(self) -> None:
        while not self._enough.is_set():
            self._ask("GET")
            self._ask("POST", {"title": "Now"})

    def _ask(self, method: str, body: object = None) -> None:
        status, _ = self._site.request(method, "/api/conversations", body, as_="bob")
        with self._counted:
            self.statuses[status] += 1
            self._counted.notify_all()


def stored(site: LiveSite, reader: Reader) -> tuple[str, str]:
    path = f"/api/messages/{reader.data('start')['message_id']}"
    _, message = site.request("GET", path, as_="alice")
    return message["status"], message["content"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_answers_go_on_while_the_server_is_away(
    site: LiveSite, server: PostgresServer, how: signal.Signals
) -> None:
    readers = [ask(site) for _ in range(READERS)]
    with Visitor(site) as visitor, ThreadPoolExecutor(READERS) as pool:
        visitor.wait_for(200, 2)
        ends = [pool.submit(reader.read) for reader in readers]
        server.stop(how)
        visitor.wait_for(503, 4)
        refused, problem = site.request("POST", "/api/conversations", {}, as_="alice")
        assert (refused, problem["code"]) == (503, "unavailable")
        assert problem["retry_after"] > 0
        server.start()
        visitor.wait_for(201, 4)
        assert [end.result(timeout=60) for end in ends] == ["complete"] * READERS
    assert set(visitor.statuses) == {200, 201, 503}
    assert [stored(site, reader) for reader in readers] == [
        ("complete", reader.text) for reader in readers
    ]
    assert "Traceback" not in site.output


def test_text_still_comes_while_the_server_hangs(site: LiveSite, server: PostgresServer) -> None:
    """No token waits for the database, and who asks for something waits no longer than it hangs."""
    reader = ask(site)
    with ThreadPoolExecutor(1) as pool:
        with server.frozen():
            asked = pool.submit(site.request, "GET", "/api/conversations", as_="bob")
            length = len(reader.text)
            while len(reader.text) < length + 40:
                assert reader.read("chunk") == "chunk"
            assert not asked.done()
        assert reader.read() == "complete"
        assert asked.result(timeout=30)[0] == 200
    assert stored(site, reader) == ("complete", reader.text)


def test_connections_that_the_server_closed_are_replaced_before_they_are_used(
    site: LiveSite, server: PostgresServer
) -> None:
    with ThreadPoolExecutor(READERS) as pool:  # several connections in the pool

        def visit(_: int) -> int:
            return site.request("GET", "/api/conversations", as_="bob")[0]

        assert set(pool.map(visit, range(40))) == {200}
        server.stop()
        server.start()
        assert set(pool.map(visit, range(40))) == {200}


def test_an_answer_whose_end_falls_into_the_outage_is_stored_afterwards(
    site: LiveSite, server: PostgresServer
) -> None:
    reader = ask(site)
    message = reader.data("start")["message_id"]
    server.stop()
    with ThreadPoolExecutor(1) as pool:
        end = pool.submit(reader.read)
        while f"the end of {message} is not stored" not in site.output:
            assert wait([end], timeout=0.05).not_done, reader.text
        server.start()
        assert end.result(timeout=60) == "complete"
    assert stored(site, reader) == ("complete", reader.text)
