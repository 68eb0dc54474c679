"""What belongs to one machine is not part of the repository."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def test_installed_packages_are_not_part_of_the_repository() -> None:
    """Not even as links: a checkout would put them in the place of what is installed there."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout")
    listed = subprocess.run(
        ["git", "ls-files", ".venv", "node_modules"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout.split() == []
