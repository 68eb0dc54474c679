"""Who uses a data directory: a site that serves, or a restore that replaces it, never both.

A lock on the directory itself, shared by the processes of a site; it ends with the last of them,
however they end. Imports nothing of Parley.
"""

import fcntl
import os
from pathlib import Path


def occupy(data_dir: Path, *, alone: bool) -> int:
    """Lock the directory until the descriptor is closed; BlockingIOError when it is in use."""
    handle = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
