"""A reader of streams over a real socket: it reads when it is told to, and resumes by id."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

from chat import sse
from tests.live import LiveSite
from tests.people import api_token


class Reader:
    """One open response; `text` is what a page would show."""

    def __init__(
        self,
        site: LiveSite,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str = "alice",
        last_id: str = "",
        connect: type[http.client.HTTPConnection] = http.client.HTTPConnection,
    ) -> None:
        self.last_id = last_id
        self.text = ""
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._decoder = sse.Decoder()
        headers = {"Authorization": f"Bearer {api_token(as_)}", "Content-Type": "application/json"}
        if last_id:
            headers["Last-Event-ID"] = last_id
        self._connection = connect("127.0.0.1", site.port, timeout=20)
        data = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, data, headers)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self._coming = self._frames()  # one for all reads: frames may come together

    def read(self, until: str = "") -> str:
        """Read to the end of the response, or until an event of this name; the last event's."""
        for frame in self._coming:
            self._apply(frame)
            if frame.event == until:
                return until
        return self.events[-1][0] if self.events else ""

    def read_one(self) -> str:
        """Read the next event; its name."""
        self._apply(next(self._coming))
        return self.events[-1][0]

    def data(self, event: str) -> dict[str, Any]:
        """The data of the last event of this name."""
        return next(data for name, data in reversed(self.events) if name == event)

    def close(self) -> None:
        self._connection.close()

    def _frames(self) -> Iterator[sse.Frame]:
        while data := self._receive():
            yield from self._decoder.feed(data)

    def _receive(self) -> bytes:
        try:
            return self._response.read1(65_536)
        except (ConnectionResetError, http.client.IncompleteRead):
            return b""

    def _apply(self, frame: sse.Frame) -> None:
        data = json.loads(frame.data)
        self.events.append((frame.event, data))
        self.last_id = frame.id
        if frame.event == "chunk":
            self.text += data["content"]
        elif frame.event in {"snapshot", "complete"}:
            self.text = data["content"]
        elif frame.event == "reset":
            self.text = ""


def ask(site: LiveSite, question: str, *, as_: str = "alice") -> Reader:
    """Ask in a new conversation and follow the answer."""
    status, place = site.request("POST", "/api/conversations", {}, as_=as_)
    assert status == 201
    path = f"/api/conversations/{place['id']}/messages/stream"
    return Reader(site, "POST", path, {"content": question}, as_=as_)
