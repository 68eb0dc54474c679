"""Programs that some tests start: one that is missing is named loudly, and fails CI."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

_missing: set[str] = set()


def find_program(name: str) -> str | None:
    """The path of a program; Debian keeps servers where not every PATH leads."""
    beside = str(Path(sys.executable).parent)
    places = [os.environ.get("PATH", ""), beside, "/usr/sbin", "/sbin"]
    places += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(name, path=os.pathsep.join(places))


def require_program(name: str) -> str:
    """The path of a program, or the test does not go on."""
    return find_program(name) or without(name)


def without(name: str) -> str:
    """Skip a test for want of a program; under CI fail it instead."""
    _missing.add(name)
    reason = f"{name} is missing; `make test-deps` installs it where it can"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def report_missing(terminalreporter: Any) -> None:
    """Say at the very end which part of the tests did not run."""
    names = set(_missing)
    for report in terminalreporter.stats.get("skipped", []):
        text = str(report.longrepr)
        if " is missing; `make test-deps`" in text:
            names.add(text.split(" is missing;")[0].split()[-1].strip("'\""))
    for name in sorted(names):
        terminalreporter.write_line(f"NOT TESTED: what needs {name}, which is missing.", red=True)
