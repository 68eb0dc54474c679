"""Reads a file in this process, and collects what the child would have told."""

import io
from dataclasses import dataclass, field

from chat.knowledge.reading.files import read_file
from chat.knowledge.reading.messages import Begun, Message, Passage, Passages, Refusal, Text


@dataclass
class Report:
    """What came of one file."""

    messages: list[Message] = field(default_factory=list)

    @property
    def documents(self) -> list[Begun]:
        return [one for one in self.messages if isinstance(one, Begun)]

    @property
    def refusals(self) -> list[tuple[str, str]]:
        return [(one.origin, one.reason) for one in self.messages if isinstance(one, Refusal)]

    @property
    def advice(self) -> str:
        (refusal,) = [one for one in self.messages if isinstance(one, Refusal)]
        return refusal.detail

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.messages if isinstance(one, Text))

    @property
    def passages(self) -> list[Passage]:
        return [p for one in self.messages if isinstance(one, Passages) for p in one.passages]


def read(name: str, data: bytes) -> Report:
    """What comes of a file with this name and these bytes."""
    report = Report()
    read_file(io.BytesIO(data), name, report.messages.append)
    return report
