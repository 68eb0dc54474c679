"""What a command does, for the audit trail: by nobody who is signed in, so without a name.

May import every floor below.
"""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from chat import audit
from chat.audit import Action
from chat.backups.archive import BackupError
from chat.database import Database, Statements


def note(session: Statements, action: Action, subject: str = "", **details: Any) -> None:
    """Add an entry as the last thing in a write."""
    audit.append(session, action, actor_id=None, subject=subject, by="command line", **details)


def note_alone(database: Database, action: Action, **details: Any) -> None:
    """Add an entry by itself; nothing where the database is older than the trail.

    BackupError says in a line what the database says.
    """
    try:
        if inspect(database.engine).has_table("audit_entries"):
            with database.writing() as session:
                note(session, action, **details)
    except SQLAlchemyError as error:
        lines = str(getattr(error, "orig", error)).splitlines()
        raise BackupError(f"The database: {lines[0]}") from error
