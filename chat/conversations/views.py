"""What is read of conversations and messages: frozen values, as pages and the API show them.

May import the plain ground and the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chat.values import iso


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as one viewer sees it; `running` says that an answer is being written.

    `may_write` says whether the viewer may ask here, `may_manage` whether they may change it.
    """

    id: str
    title: str
    owner_id: str
    owner_name: str
    is_owner: bool
    space_id: str | None
    visibility: str
    archived_at: datetime | None
    created_at: datetime
    active_at: datetime
    leaf_id: str | None
    running: bool
    pinned: bool
    may_write: bool
    may_manage: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "owner": {"id": self.owner_id, "name": self.owner_name},
            "space_id": self.space_id,
            "visibility": self.visibility,
            "archived": self.archived_at is not None,
            "pinned": self.pinned,
            "created_at": iso(self.created_at),
            "active_at": iso(self.active_at),
            "leaf_id": self.leaf_id,
            "running": self.running,
            "may_write": self.may_write,
        }


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Conversations, newest activity first; `next` is the `before` of the page that follows."""

    items: Sequence[ConversationView]
    next: str | None


@dataclass(frozen=True, slots=True)
class RatingView:
    """One's own rating of an answer; `reason` is a key of `ratings.REASONS` or empty."""

    is_good: bool
    reason: str
    note: str

    def as_json(self) -> dict[str, Any]:
        return {"good": self.is_good, "reason": self.reason, "note": self.note}


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message; `siblings` are the ids of all its versions, itself among them, oldest first."""

    id: str
    conversation_id: str
    parent_id: str | None
    role: str
    status: str
    content: str
    thinking: str
    author_id: str | None
    author_name: str
    created_at: datetime
    details: Mapping[str, Any]
    siblings: Sequence[str]
    rating: RatingView | None = None  # the viewer's own, where a page has asked for it

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "conversation_id": self.conversation_id,
            "parent_id": self.parent_id,
            "role": self.role,
            "status": self.status,
            "content": self.content,
            "thinking": self.thinking,
            "author": {"id": self.author_id, "name": self.author_name} if self.author_id else None,
            "created_at": iso(self.created_at),
            "metadata": self.details,
            "siblings": list(self.siblings),
        }


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages of one path, oldest first; `next` is the `before` of the page of older ones."""

    items: Sequence[MessageView]
    next: str | None
