"""What is said of one route beside its address, its name and the sentence of its view.

Keeps true: whoever adds a route names only what is its own; the problems that any route may answer
with are added here. Imports nothing of Parley.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"
STREAM = "text/event-stream"
_SAFE = frozenset({"GET", "HEAD"})
# What any route may answer with: nobody is signed in, too many requests, a defect, try again.
_ANY = frozenset({401, 429, 500, 503})
# What is sent may be unusable (also the CSRF token), or too large.
_UNSAFE = frozenset({400, 413})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of the query, or a header; `schema` is JSON Schema."""

    name: str
    says: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    place: str = "query"

    @property
    def is_checked(self) -> bool:
        """Whether a bad value is refused, rather than found nowhere."""
        return self.schema != {"type": "string"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One good answer: its shape is a type for msgspec, or a schema; None for an empty body."""

    says: str
    shape: Any = None
    kind: str = JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A route's own matter; the rest is the same for all, or read off the route."""

    answers: Mapping[int, Answer]
    query: Sequence[Parameter] = ()
    body: Any = None  # a type for msgspec
    form: Mapping[str, Any] | None = None  # a JSON Schema: the fields of a multipart form
    needs_body: bool = True
    problems: frozenset[int] = frozenset()
    is_open: bool = False  # for whoever comes

    def statuses(self, method: str, path: str) -> list[int]:
        """The problems that it may answer with, the usual ones included."""
        found = set(self.problems) | (_ANY - {401} if self.is_open else _ANY)
        if method not in _SAFE:
            found |= _UNSAFE
        if any(one.is_checked for one in self.query):
            found.add(400)
        if "{" in path:
            found.add(404)
        return sorted(found)


def number(least: int, most: int, usual: int) -> dict[str, Any]:
    """The schema of a whole number in the query."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": usual}


def one_of(*words: str) -> dict[str, Any]:
    """The schema of a word of a closed set."""
    return {"type": "string", "enum": list(words)}
