"""Reads `text/event-stream` responses of the test client, as a reader of the protocol would."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from werkzeug.test import TestResponse

from chat import events, sse
from chat.events import Event
from tests.people import Person


def frames(response: TestResponse) -> Iterator[sse.Frame]:
    """The frames of a stream, as they come."""
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "text/event-stream; charset=utf-8"
    decoder = sse.Decoder()
    for batch in response.iter_encoded():
        yield from decoder.feed(batch)


def told(response: TestResponse) -> list[Event]:
    """All events of a run's stream, to its end."""
    with closing(response):  # as a server does, once the last byte is sent
        return [events.parse(frame.event, frame.data) for frame in frames(response)]


def new_conversation(person: Person, **body: Any) -> str:
    """The id of a conversation that this person makes."""
    response = person.client.post("/api/conversations", json=body)
    assert response.status_code == 201, response.get_data(as_text=True)
    return str(response.get_json()["id"])


def ask(person: Person, conversation_id: str, content: str = "Why?", **body: Any) -> list[Event]:
    """Everything told about an answer to this question."""
    address = f"/api/conversations/{conversation_id}/messages/stream"
    return told(person.client.post(address, json={"content": content, **body}))


def begin(person: Person, conversation_id: str, content: str = "Why?", **body: Any) -> TestResponse:
    """A stream of which nothing has been read yet."""
    address = f"/api/conversations/{conversation_id}/messages/stream"
    return person.client.post(address, json={"content": content, **body})


def answer_id(events_told: list[Event]) -> str:
    """The id of the answer that a stream tells of."""
    start = next(event for event in events_told if isinstance(event, events.Start))
    return start.message_id
