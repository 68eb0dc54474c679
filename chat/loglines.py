"""One line for each request and each answer, on standard error: JSON, or as a person reads it.

Keeps true: a line is one write of one line whatever is in it; it holds ids, names of closed sets
and numbers, never what was typed, a secret, or a path with one. Imports nothing of Parley.
"""

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

Format = Literal["off", "text", "json"]
FORMATS: tuple[Format, ...] = ("off", "text", "json")
_ERROR = 2  # the descriptor of standard error
_PLAIN = re.compile(r"[\x21\x23-\x3c\x3e-\x7e]+")  # printable, without space, quote and equals sign


class Lines:
    """Of one process."""

    def __init__(self) -> None:
        self.format: Format = "off"

    def write(self, event: str, **facts: Any) -> None:
        """A line, if lines are wanted; facts that are None are left out."""
        if self.format == "off":
            return
        known = {name: value for name, value in facts.items() if value is not None}
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = as_json(at, event, known) if self.format == "json" else as_text(at, event, known)
        try:
            os.write(_ERROR, line.encode("utf-8", "replace"))
        except OSError:  # nobody reads it any more
            self.format = "off"


def as_json(at: str, event: str, facts: Mapping[str, Any]) -> str:
    return json.dumps({"at": at, "event": event, **facts}, separators=(",", ":")) + "\n"


def as_text(at: str, event: str, facts: Mapping[str, Any]) -> str:
    """`2026-05-04T10:00:00.000Z request id=… status=200 ms=12.5`."""
    told = (f"{name}={_plain(str(value))}" for name, value in facts.items())
    return " ".join((at, event, *told)) + "\n"


def _plain(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


lines = Lines()
