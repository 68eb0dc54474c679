"""When the last backup was made, as the one who made it noted it in the data directory.

Keeps true: it tells nothing of where the backup is; a note that cannot be written or read stops
nobody. Imports the plain ground.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from chat.values import utc_now

_NAME = "last-backup.json"


class Noted(msgspec.Struct, frozen=True):
    """A backup that was whole: its moment, and its size in bytes."""

    made_at: datetime
    size: int


def note(data_dir: Path, size: int) -> None:
    """A backup of this size is made, now."""
    with suppress(OSError):
        draft = data_dir / f".{_NAME}"
        draft.write_bytes(msgspec.json.encode(Noted(utc_now(), size)))
        draft.chmod(0o600)
        draft.replace(data_dir / _NAME)


def last(data_dir: Path) -> Noted | None:
    """The last one; None where none was noted."""
    try:
        return msgspec.json.decode((data_dir / _NAME).read_bytes(), type=Noted)
    except (OSError, ValueError):
        return None
