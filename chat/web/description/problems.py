"""The problems that routes answer with, one response for each status. Imports nothing of Parley."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_WAIT = {
    "Retry-After": {
        "description": "How many seconds to wait.",
        "schema": {"type": "integer", "minimum": 0},
    }
}
_SCHEME = {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}}


@dataclass(frozen=True, slots=True)
class Status:
    """A status with the name of its response, and what it means."""

    name: str
    says: str
    headers: Mapping[str, Any]

    def as_response(self) -> dict[str, Any]:
        """The response object of it."""
        schema = {"$ref": "#/components/schemas/Problem"}
        told = {
            "description": self.says,
            "content": {"application/problem+json": {"schema": schema}},
        }
        return told | ({"headers": dict(self.headers)} if self.headers else {})


PROBLEMS: Mapping[int, Status] = {
    400: Status(
        "Invalid", "The request has to be corrected; with a cookie, also the CSRF token.", {}
    ),
    401: Status("Unauthenticated", "Sign in first.", _SCHEME),
    403: Status("Forbidden", "Not for this person.", {}),
    404: Status("NotFound", "It does not exist, or not for this person.", {}),
    409: Status("Conflict", "Somebody or something was first.", {}),
    413: Status("TooLarge", "Send less.", {}),
    415: Status("UnsupportedMediaType", "The body is of another kind than can be read here.", {}),
    422: Status("Refused", "It was understood, and is not accepted.", {}),
    429: Status("RateLimited", "Too many requests, or running answers: wait.", _WAIT),
    500: Status("Internal", "A defect of the site; it has been logged.", {}),
    502: Status("ProviderFailed", "The writer of an answer failed.", {}),
    503: Status("Unavailable", "Worth trying again.", _WAIT),
}
