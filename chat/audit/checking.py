"""Checks of the trail that are themselves told: when it was verified last, and what came of it.

May import the plain ground and the tables.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from chat.audit.actions import Action
from chat.audit.chain import Head
from chat.audit.reading import Filter, read
from chat.audit.trail import append
from chat.audit.verifying import Verdict, verify
from chat.database import Database


@dataclass(frozen=True, slots=True)
class Checked:
    """The last check; `broken_at` is None where every entry was what was written."""

    at: datetime
    entries: int
    broken_at: int | None


def check(database: Database, *, actor_id: str | None, noted: Head | None = None) -> Verdict:
    """Verify the trail, and tell it so."""
    with database.querying() as session:
        verdict = verify(session, noted)
    with database.writing() as session:
        append(
            session,
            Action.TRAIL_VERIFIED,
            actor_id=actor_id,
            entries=verdict.entries,
            broken_at=verdict.broken_at,
        )
    return verdict


def last_checked(session: Session) -> Checked | None:
    """What the newest entry of a check says; None before the first one."""
    found = read(session, Filter(action=Action.TRAIL_VERIFIED), limit=1)
    if not found:
        return None
    told: dict[str, Any] = msgspec.json.decode(found[0].details, type=dict[str, Any])
    return Checked(found[0].at, told["entries"], told["broken_at"])
