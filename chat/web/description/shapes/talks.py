"""The shapes of conversations, messages, ratings and links. Imports the closed sets of words."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from chat.events import Basis, StopReason
from chat.web.description.shapes.plain import Id, Person, Share, Time


class Conversation(Struct):
    """A conversation as the one who asks sees it; `running` says that an answer is written."""

    id: Id
    title: str
    owner: Person
    space_id: Id | None
    visibility: Literal["private", "space"]
    archived: bool
    pinned: bool
    created_at: Time
    active_at: Time
    leaf_id: Id | None
    running: bool
    may_write: bool


class Conversations(Struct):
    """A page of them; `next` is the `before` of the page that follows."""

    items: list[Conversation]
    next: Id | None


class Source(Struct):
    """What a marker `[n]` names; `quote` is a literal part of the passage."""

    n: int
    document_id: str
    title: str
    passage_id: str
    quote: str
    score: float
    url: str | UnsetType = UNSET
    place: str | UnsetType = UNSET


class Metadata(Struct):
    """How an answer was made; empty for a question, partial while the answer is written."""

    confidence: Share | None | UnsetType = UNSET
    confidence_basis: Basis | None | UnsetType = UNSET
    sources: list[Source] | UnsetType = UNSET
    concepts_used: list[str] | UnsetType = UNSET
    suggestions: list[str] | UnsetType = UNSET
    analysis: dict[str, Any] | UnsetType = UNSET
    provider: str | UnsetType = UNSET
    model: str | UnsetType = UNSET
    usage: dict[str, Any] | UnsetType = UNSET
    timing: dict[str, Any] | UnsetType = UNSET
    cached: bool | UnsetType = UNSET
    cached_at: str | UnsetType = UNSET
    stop_reason: StopReason | None | UnsetType = UNSET
    attempts: Annotated[int, Meta(ge=1)] | UnsetType = UNSET


class Message(Struct):
    """One turn; `siblings` are the ids of all its versions, itself among them, oldest first."""

    id: Id
    conversation_id: Id
    parent_id: Id | None
    role: Literal["user", "assistant"]
    status: Literal["complete", "running", "stopped", "interrupted", "failed"]
    content: str
    thinking: str
    author: Person | None
    created_at: Time
    metadata: Metadata
    siblings: list[Id]


class Messages(Struct):
    """A page of one path, oldest first; `next` is the `before` of the page of older ones."""

    items: list[Message]
    next: Id | None


class Exchange(Struct):
    """A question and its whole answer."""

    user_message: Message
    message: Message


class Stopping(Struct):
    """`stopping` is false where the answer had ended already."""

    id: Id
    stopping: bool


class Rating(Struct):
    """What one thinks of an answer."""

    good: bool
    reason: str
    note: str


class Link(Struct):
    """A link by which others read a conversation."""

    id: Id
    made_by: str
    shows_names: bool
    created_at: Time
    expires_at: Time


class MadeLink(Link):
    """The same with its address, which is told this once."""

    url: str


class Links(Struct):
    """The links of a conversation that work."""

    items: list[Link]


class OwnLink(Link):
    """A link that one has made, and what it shows."""

    conversation_id: Id
    title: str


class OwnLinks(Struct):
    """One's own links, of all conversations."""

    items: list[OwnLink]
