"""From a command to the server: what `make run` and `python app.py` do.

Keeps true: a start with nothing to prepare is one process that becomes gunicorn without loading the
site; what is to prepare happens in a process of its own, whose memory is gone afterwards.
"""

import os
import subprocess
import sys
from pathlib import Path

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
    prepare = [sys.executable, "-m", "flask", "--app", "app", "prepare"]
    if not is_prepared(settings) and subprocess.call(prepare) != 0:
        sys.exit(1)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "wsgi:app"])


if __name__ == "__main__":
    main()
