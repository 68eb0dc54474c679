"""What a wire format is to the rest: it words a request, and reads what comes back.

May import the plain ground and the files beside it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from chat.errors import ProviderError
from chat.providers.abilities import Ask
from chat.providers.allowances import Allowance
from chat.providers.base import Usage
from chat.providers.citing import Page
from chat.providers.failures import Complaints
from chat.providers.prompt import Prompt

Reason = Literal["end", "length", "refused"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a model; `without` is what it is known to refuse."""

    model: str
    allowance: Allowance
    without: Collection[str]


class Reading:
    """What has been read of one response. `take` sets `text` and `thinking` to what is new.

    `surprise` is the sum of the negative log-probabilities of `measured` tokens of the text;
    `has_logprobs` tells whether the text comes with them, None before there is text. A `failure`
    counts after the text that came before it. `is_over` says that nothing may follow.
    """

    __slots__ = (
        "complaints",
        "failure",
        "finish",
        "has_logprobs",
        "is_over",
        "measured",
        "pages",
        "surprise",
        "text",
        "thinking",
        "usage",
    )

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.failure: ProviderError | None = None
        self.finish: Reason | None = None
        self.has_logprobs: bool | None = None
        self.is_over = False
        self.measured = 0
        self.pages: Sequence[Page] = ()
        self.surprise = 0.0
        self.text = self.thinking = ""
        self.usage: Usage | None = None

    def take(self, events: Sequence[str]) -> None:
        """Read the data of some events."""
        raise NotImplementedError

    def take_whole(self, body: bytes) -> None:
        """Read an answer that is not streamed."""
        raise NotImplementedError

    def end(self) -> None:
        """Nothing more comes: what was held back becomes text."""
        self.text = self.thinking = ""

    def fail(self, told: object, status: int) -> None:
        """The provider tells of an error where text was due; its kind stands for a status."""
        body = msgspec.json.encode({"error": told})
        self.failure = self.complaints.status(status, body)

    def misread(self) -> None:
        """What came is not of the format."""
        self.failure = self.complaints.broken("sent what is not an answer of a model")


class Format(Protocol):
    """One of the wire formats, with the habits of one vendor. Paths follow the base URL."""

    path: str
    models_path: str
    searches: bool  # the text cites pages that the provider itself finds

    def headers(self, key: str) -> Mapping[str, str]: ...

    def base_url(self, address: str) -> str:
        """Where the paths begin, from the address that somebody has given."""
        ...

    def thinks(self, model: str) -> bool:
        """Whether the model is known to think unasked."""
        ...

    def ask(self, prompt: Prompt, wish: Wish) -> Ask: ...

    def gives_logprobs(self, wish: Wish) -> bool:
        """Whether a request would ask for log-probabilities."""
        ...

    def reading(self, complaints: Complaints) -> Reading: ...
