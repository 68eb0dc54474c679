"""Plain values that cross floors: ids, times, and frozen records without identity or behaviour.

Storage adds identity; these only carry. What an answer has by the dozen is a struct: it is made
in a tenth of the time. Imports nothing of Parley.
"""

import math
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Literal, Protocol

import msgspec


def new_id() -> str:
    """A UUIDv7 as 32 hex digits: ids that one process makes later sort later.

    The 12 bits after the milliseconds hold their fraction (RFC 9562, section 6.2, method 3), about
    a quarter of a microsecond: less than it takes to make an id.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    value = (milliseconds << 80) | (0x7 << 76) | (fraction << 64)
    value |= (0b10 << 62) | secrets.randbits(62)
    return f"{value:032x}"


def utc_now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as the API and the events carry times."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Role(StrEnum):
    """What a person may do on the whole site."""

    ADMIN = "admin"
    MEMBER = "member"


class InjectionPolicy(StrEnum):
    """What is done about texts that speak to the model: passages are dropped, messages refused."""

    OFF = "off"
    WARN = "warn"
    DROP = "drop"
    REFUSE = "refuse"


class SpaceRole(StrEnum):
    """What a person may do in a space: readers read, editors also write, owners also manage it."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"


class Depth(StrEnum):
    """How much is read for an answer."""

    QUICK = "quick"
    BALANCED = "balanced"
    DEEP = "deep"

    @property
    def passages(self) -> int:
        """Passages read at most: 5, 20 or 50."""
        return {Depth.QUICK: 5, Depth.BALANCED: 20, Depth.DEEP: 50}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimits:
    """What an admin has set for one person instead of the site's limits; None where nothing is.

    The first three are rates as `chat/rates.py` reads them, "0" for no limit.
    """

    messages: str | None = None
    uploads: str | None = None
    api: str | None = None
    runs: int | None = None  # at once; 0 for no limit
    waiting: int | None = None


NO_OWN_LIMITS = OwnLimits()


class DataPolicy(IntEnum):
    """What is done about personal data in what leaves for a provider; the greater is stricter."""

    OFF = 0
    WARN = 1
    REDACT = 2
    REFUSE = 3

    @property
    def word(self) -> str:
        """How forms, settings and records call it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: every query of conversations and knowledge starts from one.

    `space_ids` are the spaces that they are in, `space_roles` what they may do in each of them;
    `limits` are their own.
    """

    id: str
    name: str
    email: str
    role: Role
    space_ids: tuple[str, ...]
    session_id: str | None = None
    space_roles: tuple[SpaceRole, ...] = ()
    limits: OwnLimits = NO_OWN_LIMITS

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def writable_ids(self) -> tuple[str, ...]:
        """The spaces where they may write."""
        roles = zip(self.space_ids, self.space_roles, strict=False)
        return tuple(space_id for space_id, role in roles if role is not SpaceRole.READER)

    def owns(self, space_id: str) -> bool:
        """Whether they manage a space."""
        return (space_id, SpaceRole.OWNER) in zip(self.space_ids, self.space_roles, strict=False)


class Passage(msgspec.Struct, frozen=True):
    """A piece of a document, as search found it.

    `score` is bm25's, or below all of bm25's for what only its meaning has found; `nearness` is the
    cosine of its meaning with the question's.
    """

    id: str
    document_id: str
    title: str
    heading: str
    position: int
    text: str
    score: float
    place: str = ""  # in its file: `page 12`
    nearness: float = 0.0
    findings: str | None = ""  # kinds of what speaks to the model in it; None: nobody has looked


class Source(msgspec.Struct, frozen=True):
    """What a marker `[n]` names; `quote` is a literal part of the passage; `score` is 0 to 1."""

    n: int
    document_id: str
    title: str
    passage_id: str
    quote: str
    score: float
    url: str = ""  # of a page that the provider itself found; then there is no passage
    place: str = ""  # of the passage in its file: `page 12`

    def as_json(self) -> dict[str, Any]:
        return {
            **({"url": self.url} if self.url else {}),
            **({"place": self.place} if self.place else {}),
            "n": self.n,
            "document_id": self.document_id,
            "title": self.title,
            "passage_id": self.passage_id,
            "quote": self.quote,
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search for a question found, best passage first.

    `intent` is one of question, how-to, comparison, summary, greeting, command. `terms` maps each
    term of the question to its weight. `concepts` are the names of the concepts looked at.
    `language` is the one in which the question was taken apart. `doubt` is how much its words leave
    to its meaning: 0 where a passage holds them, 1 where none does.
    """

    intent: str
    terms: Mapping[str, float]
    passages: Sequence[Passage]
    concepts: Sequence[str]
    language: str = "en"
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the conversation, as a provider sees it; role is user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """Everything a provider may use to write one answer.

    `written` is the text that a former attempt left and that this one continues, or empty.
    `instructions` extend the system text of a model. `deadline` is when the whole run has to be
    over, in seconds of `time.monotonic()`. With a `veil`, what it holds is sent instead.
    """

    question: str
    history: Sequence[Turn]
    retrieval: Retrieval
    depth: Depth
    model: str = ""
    written: str = ""
    instructions: str = ""
    deadline: float = math.inf
    veil: "Veil | None" = None


class Restoring(Protocol):
    """Puts back what was hidden, in a text that comes in pieces."""

    def feed(self, text: str) -> str:
        """What of the text so far may be shown now."""
        ...

    def end(self) -> str:
        """What was held back."""
        ...


@dataclass(frozen=True, slots=True)
class Veil:
    """What is sent in the place of a request, and what makes the answer to it one to the request.

    The passages of both are the same ones, in the same order.
    """

    request: AnswerRequest
    restoring: Callable[[], Restoring]


Kind = Literal["openai_compatible", "anthropic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A provider of models, as an admin or the environment describes it; its key is in no repr.

    `name` is what settings, events and pages call it, `preset` names the row of
    `providers/presets.py` that it is like. `base_url` is without a slash at its end.
    `context_tokens` is the window of its models, into which a prompt is fitted. `embedding_model`
    makes vectors of texts; empty where none does. `personal_data` is what is done about such data
    in what it is sent, None where the site's setting counts.
    """

    name: str
    kind: Kind
    preset: str
    base_url: str
    models: tuple[str, ...]
    key: str = field(default="", repr=False)
    context_tokens: int = 32_000
    embedding_model: str = ""
    personal_data: DataPolicy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a provider may take: seconds to connect, to the first byte and between bytes; and how
    much of it is read for one answer, in characters of text and in events."""

    connect_seconds: float = 10.0
    first_byte_seconds: float = 120.0
    silence_seconds: float = 60.0
    max_chars: int = 200_000
    max_events: int = 100_000
