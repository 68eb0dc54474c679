"""Whether the processes of a site can share its database.

Keeps true: what cannot work stops the start with one line that says what to set. SQLite's processes
share memory and file locks, which only one machine has (sqlite.org/wal.html, "Overview"; its
WAL-reset bug does not concern them: `sqlite.py` lets one of them commit and checkpoint at a time).
May import environment.
"""

import os
import re
from pathlib import Path

from chat.environment import SettingError

_NETWORK = frozenset({
    "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs",
    "fuse.sshfs", "glusterfs", "gpfs", "lustre", "nfs", "nfs4", "smb3", "smbfs",
})  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def check_sharing(database_url: str, processes: int, mounts: Path = _MOUNTS) -> None:
    """SettingError when the database of this address cannot be shared as the site needs it."""
    if not database_url.startswith("sqlite:"):
        return
    path = database_url.removeprefix("sqlite:").removeprefix("///").partition("?")[0]
    if path in {"", "//", ":memory:"} or database_url.startswith("sqlite:///file:"):
        raise SettingError(
            "DATABASE_URL: a database in memory belongs to one process, and preparing the site is "
            "another one; name a file (sqlite:////srv/parley/parley.db) or a PostgreSQL"
        )
    kind = file_system_of(Path(path), mounts)
    if kind in _NETWORK:
        several = f", and WEB_CONCURRENCY is {processes}" if processes > 1 else ""
        raise SettingError(
            f"DATABASE_URL: {path} is on a network file system ({kind}), where SQLite loses "
            f"data{several}; put it on a local disk (PARLEY_DATA_DIR), or take a PostgreSQL"
        )


def file_system_of(path: Path, mounts: Path = _MOUNTS) -> str:
    """The type of the file system that holds a path, as Linux names it; "" where nobody can tell.

    The format is that of proc_pid_mountinfo(5).
    """
    real = os.path.realpath(path)
    holding: tuple[int, str] = (-1, "")
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        mount, _, rest = line.partition(" - ")
        point = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), mount.split(" ")[4])
        if real == point or real.startswith(point.rstrip("/") + "/"):
            holding = max(holding, (len(point), rest.split(" ")[0]), key=lambda one: one[0])
    return holding[1]
