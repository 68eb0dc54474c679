"""The shapes of spaces, of search for people, and of the state of the site."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from chat.values import SpaceRole
from chat.web.description.shapes.plain import Count, Id, Person, Time


class Piece(Struct):
    """A piece of a text; `mark` says that it is what was looked for."""

    text: str
    mark: bool


class Result(Struct):
    """A conversation or a document; `text_id` is the message or the passage that suits best."""

    kind: Literal["conversation", "document"]
    id: Id
    title: str
    space: Person | None
    people: list[str]
    at: Time
    text_id: Id | None
    excerpt: list[Piece]
    more: Count
    archived: bool
    position: Count | UnsetType = UNSET


class Results(Struct):
    """The best results, and how many there are; `instead` is what was looked for in the end."""

    items: list[Result]
    conversations: Count
    documents: Count
    more: bool
    instead: str | None
    took_ms: float


class Space(Struct):
    """A space as one of its members sees it; nobody else is in a `personal` one."""

    id: Id
    name: str
    slug: str
    personal: bool
    role: SpaceRole


class Spaces(Struct):
    """The spaces that one is in, the private one last."""

    items: list[Space]


class Membership(Person):
    """Somebody who is in a space."""

    role: SpaceRole


class WholeSpace(Space):
    """A space with what it is set to, and who is in it."""

    instructions: str
    providers: list[str]
    members: list[Membership]


class RunningAnswer(Struct):
    """An answer that is being written."""

    message_id: Id
    conversation_id: Id


class PastHour(Struct):
    """What was measured in the past hour; null where nothing was."""

    answers: int
    failed: int
    stopped: int
    cached: int
    first_chunk_ms_p50: float | None
    first_chunk_ms_p95: float | None
    tokens_per_second: float | None


class SiteStatus(Struct):
    """The whole site as it is now: what is open, who is there, and how much room there is."""

    runs: int
    followers: int
    queue: int
    online: int
    processes: int
    resident_bytes: int
    database_bytes: int
    free_bytes: int | None
    backup_at: Time | None
    past_hour: PastHour


class Status(Struct):
    """One's own running answers, and the figures of the process that was asked.

    `site` is there for admins.
    """

    running: list[RunningAnswer]
    process: dict[str, float]
    site: SiteStatus | UnsetType = UNSET
