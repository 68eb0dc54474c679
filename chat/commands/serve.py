"""From a command to the server: what `make run` and `python app.py` do.

Keeps true: a start with nothing to prepare is one process that becomes gunicorn without loading the
site; what is to prepare happens in a process of its own, whose memory is gone afterwards; from here
to the end of the last worker no backup is restored into the data directory.
"""

import os
import subprocess
import sys
from pathlib import Path

from chat.backups.occupancy import occupy
from chat.commands.prepared import is_prepared
from chat.config import SettingError, load_settings

ROOT = Path(__file__).parent.parent.parent


def main() -> None:
    """Prepare what is missing, then become the server."""
    try:
        settings = load_settings()
    except (SettingError, OSError) as error:
        sys.exit(f"Parley cannot start. {error}")
    os.putenv("PARLEY_DATA_DIR", str(settings.data_dir))  # it may be relative to where we are
    os.chdir(ROOT)
    os.umask(0o077)
    announce(settings.data_dir)
    prepare = [sys.executable, "-m", "flask", "--app", "app", "prepare"]
    if not is_prepared(settings) and subprocess.call(prepare) != 0:
        sys.exit(1)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "wsgi:app"])


def announce(data_dir: Path) -> None:
    """Let nobody replace the data from now on; exit when somebody does so right now."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.set_inheritable(occupy(data_dir, alone=False), True)  # gunicorn and its workers keep it
    except BlockingIOError:
        sys.exit(f"Parley cannot start. A backup is being restored into {data_dir}.")
    except OSError as error:
        sys.exit(f"PARLEY_DATA_DIR: {data_dir} cannot be used: {error.strerror}")


if __name__ == "__main__":
    main()
