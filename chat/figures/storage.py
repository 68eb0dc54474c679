"""How much room the site takes. May import the plain ground."""

import shutil
from pathlib import Path

from sqlalchemy import text

from chat.database import Statements, dialect_of

_SQLITE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
_POSTGRESQL = "SELECT pg_database_size(current_database())"


def database_bytes(session: Statements) -> int:
    """The size of the database, as it says itself."""
    query = _SQLITE if dialect_of(session) == "sqlite" else _POSTGRESQL
    return int(session.execute(text(query)).scalar_one())


def free_bytes(folder: Path) -> int | None:
    """The room that is left where the data directory is; None where nobody can tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
