"""Sends files as the library's page does, and waits until they are read."""

import io
import time
from collections.abc import Callable
from typing import Any

from tests.people import Person

PATIENCE = 60.0  # seconds; a machine that is busy with other things is slow, not broken
File = tuple[str, bytes]


def send(person: Person, *files: File, **fields: str) -> list[dict[str, Any]]:
    """The uploads that the server makes of these files, not read yet."""
    form = fields | {"file": [(io.BytesIO(data), name) for name, data in files]}
    answer = person.client.post("/api/documents", data=form)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def settled(person: Person, upload: dict[str, Any]) -> dict[str, Any]:
    """An upload once it is done or has failed."""
    seen: dict[str, Any] = {}

    def is_over() -> bool:
        seen.update(person.client.get(f"/api/uploads/{upload['id']}").json)
        return seen["state"] in {"done", "failed"}

    until(is_over)
    return seen


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, as long as a busy machine may take."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not become true"
        time.sleep(0.02)  # between two looks at a condition, not for a time to pass


def upload(person: Person, name: str, data: bytes, **fields: str) -> dict[str, Any]:
    """What became of one file."""
    return settled(person, send(person, (name, data), **fields)[0])
