"""Whether a start has anything to prepare, found out in milliseconds.

Keeps true: a doubt counts as "not prepared", so the worst that can happen is a slower start. Loads
nothing but the standard library and the settings.
"""

import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from chat.config import Settings

_HERE = Path(__file__).parent
REVISIONS = _HERE.parent.parent / "migrations" / "versions"
HANDBOOK = _HERE.parent / "handbook"
_REVISION = re.compile(r'^revision\b[^=\n]*= "(\w+)"', re.MULTILINE)
_PARENT = re.compile(r'^down_revision\b[^=\n]*= "(\w+)"', re.MULTILINE)
_PREFIX = "sqlite:///"
_UNFOLDED = """SELECT 1 FROM spaces
    WHERE library_version = 0 AND id IN (SELECT space_id FROM documents) LIMIT 1"""


def is_prepared(settings: Settings) -> bool:
    """Whether the data is in place.

    That is the newest revision, today's handbook, no document that is half there or lacks
    its vectors, and an account.
    """
    path = settings.database_url.removeprefix(_PREFIX)
    if not settings.database_url.startswith(_PREFIX) or not settings.uploads.is_dir():
        return False
    if settings.data_dir.stat().st_mode & 0o077 or not Path(path).is_file():
        return False
    try:
        with closing(sqlite3.connect(path)) as database:
            return _is_current(database, with_handbook=settings.load_handbook)
    except sqlite3.Error:
        return False


def _is_current(database: sqlite3.Connection, *, with_handbook: bool) -> bool:
    revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision != (known_revisions()[1],):
        return False
    if database.execute("SELECT 1 FROM users LIMIT 1").fetchone() is None:
        return False
    if database.execute("SELECT 1 FROM documents WHERE passages = 0 LIMIT 1").fetchone():
        return False
    if database.execute(_UNFOLDED).fetchone():
        return False
    held = database.execute("SELECT origin, sha256 FROM documents WHERE is_handbook").fetchall()
    return not with_handbook or dict(held) == handbook_digests()


def known_revisions(folder: Path = REVISIONS) -> tuple[set[str], str]:
    """Every revision that this version has, and the newest: the one that is nobody's parent."""
    scripts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    known = {name for script in scripts for name in _REVISION.findall(script)}
    (head,) = known - {name for script in scripts for name in _PARENT.findall(script)}
    return known, head


def handbook_digests(folder: Path = HANDBOOK) -> dict[str, str]:
    """SHA-256 of each page of the handbook, by its name."""
    return {
        page.name: hashlib.sha256(page.read_bytes()).hexdigest() for page in folder.glob("*.md")
    }
