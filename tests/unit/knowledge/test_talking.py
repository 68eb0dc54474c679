"""An export is stored a little at a time, so that others can write in between."""

import json
from pathlib import Path
from typing import Any

import pytest

from chat.database import Database
from chat.knowledge.reading.messages import Progress
from chat.knowledge.reading.process import ReadingBounds
from chat.knowledge.talking import TalkReading
from tests.people import Person
from tests.unit.knowledge.reading.test_talks import node


def conversation(name: str, length: int) -> dict[str, Any]:
    return {
        "conversation_id": name,
        "title": name,
        "create_time": 1_700_000_000,
        "current_node": "a",
        "mapping": {"q": node("user", "Why?", None), "a": node("assistant", "x" * length, "q")},
    }


@pytest.mark.parametrize(
    ("length", "steps"), [(10, [0, 10, 12]), (60_000, [0, 2, 4, 6, 8, 10, 12])]
)
def test_long_conversations_are_stored_in_smaller_pieces(
    length: int, steps: list[int], database: Database, alice: Person, tmp_path: Path
) -> None:
    file, seen = tmp_path / "conversations.json", list[int]()
    file.write_text(json.dumps([conversation(f"c{n}", length) for n in range(12)]))

    def show(progress: Progress) -> None:
        seen.append(progress.done)

    with file.open("rb") as export:
        reading = TalkReading(export, file.name, ReadingBounds())
        [result] = reading.store(database, alice.id, lambda: True, show)
    assert result["made"] == 12
    assert sorted(set(seen)) == steps
