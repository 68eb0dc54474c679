"""Which request the work of this greenlet or thread belongs to, as logs and traces name it.

Keeps true: an id is made here, or comes from a proxy that is trusted, and is short and plain.
Imports nothing of Parley.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """A request: its id, and the context of OpenTelemetry in which its trace goes on, if any."""

    request_id: str
    trace: Any = None


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin | None:
    """The request that is being answered here; None where it is something else."""
    return _current.get()


def come_from(found: Origin | None) -> None:
    """What follows here is done for this request."""
    _current.set(found)


def is_plain(request_id: str) -> bool:
    """Whether an id from elsewhere can be written into a log as it is."""
    return _PLAIN.fullmatch(request_id) is not None
