"""Every dependency has its reason in docs/dependencies.md."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "dependencies.md").read_text()
ROWS = " ".join(re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE))


def pinned(name: str) -> list[str]:
    lines = (ROOT / name).read_text().splitlines()
    requirements = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line) for line in requirements)
    return [line.partition("==")[0] for line in requirements]


@pytest.mark.parametrize("name", [f"requirements{kind}.txt" for kind in ("", "-dev", "-otel")])
def test_every_pinned_package_has_its_reason(name: str) -> None:
    assert [package for package in pinned(name) if package not in ROWS] == []


def test_every_npm_package_has_its_reason() -> None:
    packages = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert [package for package in packages if package not in ROWS] == []


def test_the_checks_run_with_the_versions_that_are_offered() -> None:
    """What is optional is installed for the tests, in the version that operators get."""
    optional = set((ROOT / "requirements-otel.txt").read_text().splitlines()[1:])
    assert optional - set((ROOT / "requirements-dev.txt").read_text().splitlines()) == set()
