"""Writing the trail: an entry commits with what it tells of, or neither does.

Keeps true: numbers have no gap, and one entry follows one other: who appends waits for those
before, so it is the last thing that a transaction does. May import the plain ground and the tables.
"""

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import insert, select, text

from chat.audit.actions import Action
from chat.audit.chain import BEGINNING, Entry, seal
from chat.database import Statements, dialect_of
from chat.models import AuditEntry
from chat.statements import Prepared
from chat.values import utc_now

_TURN = text("SELECT pg_advisory_xact_lock(hashtext('audit_entries'))")
_TABLE = AuditEntry.metadata.tables["audit_entries"]
_LAST = Prepared(select(_TABLE.c.number, _TABLE.c.hash).order_by(_TABLE.c.number.desc()).limit(1))
_COLUMNS = [column.name for column in _TABLE.c]
_ADD = Prepared(insert(_TABLE), _COLUMNS)


def append(
    session: Statements,
    action: Action,
    *,
    actor_id: str | None,
    subject: str = "",
    **details: Any,
) -> Entry:
    """Add an entry at the end, in the caller's write transaction.

    `subject` is `kind:id`; `details` hold ids, numbers and words of closed sets, never content.
    """
    take_turn(session)
    last = _LAST.first(session, {})
    number, before = (last.number, last.hash) if last is not None else (0, BEGINNING)
    said = msgspec.json.encode(details, order="deterministic").decode()
    entry = Entry(number + 1, utc_now(), actor_id, action.value, subject, said)
    entry = replace(entry, hash=seal(before, entry))
    _ADD.change(session, {name: getattr(entry, name) for name in _COLUMNS})
    return entry


def take_turn(session: Statements) -> None:
    """Nobody else appends before this transaction has ended."""
    if dialect_of(session) == "postgresql":
        session.execute(_TURN)  # with SQLite who writes is alone
