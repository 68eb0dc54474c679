"""The project as a fresh machine gets it: its files, and its packages for pip."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT
from tests.service.machine import wheels


def copy_project(folder: Path) -> None:
    """Copy what git tracks, and what it would, without the tests."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in names:
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def pack_requirements(folder: Path) -> None:
    """Write wheels of what the site runs on, and of nothing else."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wheels.pack((line for line in lines if line[:1].isalpha()), folder)
    # redis asks for it below Python 3.11.3, and imports it for what the site does not use
    wheels.stand_in("async_timeout", "5.0.1", "timeout = None\n", folder)


def require_system_python() -> None:
    """Skip where the system's Python cannot take this one's packages."""
    told = subprocess.run(
        ["/usr/bin/python3", "-c", "import sys; print(*sys.version_info[:2])"],
        capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    if told != [str(part) for part in sys.version_info[:2]]:
        pytest.skip("the tests run on another Python than the system's, whose packages they need")
