"""A reader that loses nothing: the rules of docs/protocol.md, "A client that loses nothing".

It goes from site to site as a load balancer might send it, and notes what it went through.
"""

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from chat import sse
from chat.events import BEGINNING, EventId
from tests.people import api_token

DELAYS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)
DEAD_SECONDS = 35.0
TEXT = {"chunk", "snapshot", "reset", "complete"}


class Door(Protocol):
    """What a reader connects to: a site, or what stands in front of it."""

    def connect(self, *, timeout: float) -> http.client.HTTPConnection: ...


@dataclass
class ResumingReader:
    """Asks on a thread of its own and follows to the end; `join` before anything is looked at.

    `sites` are tried in turn, beginning with the first. Without a `place` it makes a conversation;
    with a `message_id` it follows that answer. `begun` is when each attempt was first heard of, and
    `longest_pause` how long there was no new text, both in seconds of time.monotonic().
    """

    sites: Sequence[Door]
    place: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    as_: str = "alice"
    chance: random.Random = field(default_factory=random.Random)
    message_id: str = ""
    text: str = ""
    last_id: EventId = BEGINNING
    names: list[str] = field(default_factory=list)
    ends: list[dict[str, Any]] = field(default_factory=list)
    begun: dict[int, float] = field(default_factory=dict)
    connections: int = 0
    longest_pause: float = 0.0
    trouble: str = ""
    _failures: int = 0
    _text_at: float | None = None

    def __post_init__(self) -> None:
        self.body = {"client_id": str(uuid.uuid4()), **self.body}
        self._writing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def attempts(self) -> set[int]:
        return set(self.begun)

    @property
    def has_ended(self) -> bool:
        """Whether it has left, in one way or the other."""
        return not self._thread.is_alive()

    def start(self) -> Self:
        self._thread.start()
        return self

    def wait_for_text(self, timeout: float = 30) -> Self:
        """Until the answer has begun."""
        assert self._writing.wait(timeout), self.trouble or "the answer does not begin"
        return self

    def join(self, timeout: float = 60) -> Self:
        """Until the end of the answer."""
        self.wait_for_end(timeout)
        assert not self.trouble, self.trouble
        return self

    def wait_for_end(self, timeout: float) -> None:
        """The same, whatever the end is: `trouble` tells."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self.trouble = f"no end after {self.last_id}, {self.connections} connections"

    def _run(self) -> None:
        while not self.ends and not self.trouble:
            site = self.sites[self.connections % len(self.sites)]
            self.connections += 1
            try:
                wait = self._follow(site)
            except (OSError, http.client.HTTPException):
                wait = 0.0
            if not self.ends:
                self._pause(wait)

    def _pause(self, least: float) -> None:
        if self._failures >= len(DELAYS):
            self.trouble = f"gave up after {self.last_id}"
            return
        delay = DELAYS[self._failures] * self.chance.uniform(0.75, 1.25)
        self._failures += 1
        time.sleep(max(delay, least))

    def _follow(self, site: Door) -> float:
        """One connection to its end; the seconds that the server wants waited after it."""
        connection = site.connect(timeout=DEAD_SECONDS)
        try:
            if not (self.place or self.message_id):
                self._make_place(connection)
            connection.request(*self._request())
            response = connection.getresponse()
            if response.status != 200:
                return self._refused(response)
            decoder = sse.Decoder()
            while data := self._receive(response):
                for frame in decoder.feed(data):
                    self._apply(frame)
        finally:
            connection.close()
        return 0.0

    def _receive(self, response: http.client.HTTPResponse) -> bytes:
        return response.read1(65_536)

    def _make_place(self, connection: http.client.HTTPConnection) -> None:
        headers = {"Content-Type": "application/json"} | self._who()
        connection.request("POST", "/api/conversations", b"{}", headers)
        response = connection.getresponse()
        made = _read_json(response)
        if response.status != 201:
            raise ConnectionError(f"no conversation yet: {response.status}")
        self.place = made["id"]

    def _who(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {api_token(self.as_)}"}

    def _request(self) -> tuple[str, str, bytes | None, dict[str, str]]:
        headers = self._who()
        if not self.message_id:
            headers["Content-Type"] = "application/json"
            path = f"/api/conversations/{self.place}/messages/stream"
            return "POST", path, json.dumps(self.body).encode(), headers
        headers["Last-Event-ID"] = str(self.last_id)
        return "GET", f"/api/messages/{self.message_id}/stream", None, headers

    def _refused(self, response: http.client.HTTPResponse) -> float:
        problem = _read_json(response)
        if response.status not in {429, 502, 503, 504}:
            self.trouble = f"{response.status} {problem}"
        return float(problem.get("retry_after") or 0)

    def _apply(self, frame: sse.Frame) -> None:
        event_id = EventId.parse(frame.id)
        if event_id <= self.last_id:
            return
        self.last_id, self._failures = event_id, 0
        data = json.loads(frame.data)
        self.names.append(frame.event)
        self.begun.setdefault(event_id.attempt, time.monotonic())
        if frame.event == "start":
            self.message_id = data["message_id"]
        if frame.event in TEXT:
            self._apply_text(frame.event, data)
        if frame.event in {"complete", "error"}:
            self.ends.append(data)

    def _apply_text(self, event: str, data: dict[str, Any]) -> None:
        before = self.text
        if event == "reset":
            self.text = ""
        else:
            self.text = self.text + data["content"] if event == "chunk" else data["content"]
        now = time.monotonic()
        if self._text_at is not None:
            self.longest_pause = max(self.longest_pause, now - self._text_at)
        if self.text != before:
            self._text_at = now
            self._writing.set()


def _read_json(response: http.client.HTTPResponse) -> dict[str, Any]:
    """What a response says; nothing for a page of a proxy's own."""
    raw = response.read()
    is_json = "json" in (response.headers.get_content_type() or "")
    found: dict[str, Any] = json.loads(raw) if is_json else {}
    return found


def ask_and_resume(
    sites: Sequence[Door], question: str, *, as_: str = "alice", **body: Any
) -> ResumingReader:
    """Ask in a new conversation and follow the answer to its end, on whichever site serves."""
    return ResumingReader(sites, body={"content": question, **body}, as_=as_).start()
