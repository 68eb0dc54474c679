"""What a search for people found, as pages and the API show it. Imports marking and values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chat.finding.marking import Marked
from chat.values import iso


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A conversation or a document; `text_id` is the message or the passage that suits best.

    Of a document `position` is that of the passage, from 1, among `passages`. `more` counts the
    other texts of it that suit.
    """

    kind: str
    id: str
    title: Marked
    space_id: str | None
    space_name: str
    people: Sequence[str]
    at: datetime
    text_id: str | None
    excerpt: Marked
    more: int
    archived: bool = False
    position: int = 0
    passages: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "title": "".join(text for text, _ in self.title),
            "space": {"id": self.space_id, "name": self.space_name} if self.space_id else None,
            "people": list(self.people),
            "at": iso(self.at),
            "text_id": self.text_id,
            "excerpt": [{"text": text, "mark": marked} for text, marked in self.excerpt],
            "more": self.more,
            "archived": self.archived,
            **({"position": self.position} if self.kind == "document" else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The best results; `instead` is what was looked for where nothing was as it was typed.

    `conversations` and `documents` count what was found; `is_cut` says that there is more.
    """

    items: Sequence[Result] = ()
    conversations: int = 0
    documents: int = 0
    is_cut: bool = False
    instead: str = ""
