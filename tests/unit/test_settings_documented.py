"""Every setting has its row in docs/settings.md, and every row its setting."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "settings.md").read_text()
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
READERS = {"text", "secret", "number", "flag", "rate"}


def settings_read() -> dict[str, object]:
    """The variables that chat/config.py reads, each with its default; None where it has none."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / "chat" / "config.py").read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    return {str(call.args[0].value): _default(call) for call in calls}  # type: ignore[attr-defined]


def _default(call: ast.Call) -> object:
    given = call.args[1:2] or [word.value for word in call.keywords if word.arg == "default"]
    return ast.literal_eval(given[0]) if given else None


def test_every_setting_has_its_row() -> None:
    assert len(settings_read()) > 20
    assert set(settings_read()) - {name for name, _, _ in ROW.findall(PAGE)} == set()


def test_every_row_has_its_setting() -> None:
    assert {name for name, _, _ in ROW.findall(PAGE)} - set(settings_read()) == set()


def test_every_row_tells_the_default() -> None:
    defaults = {name: default for name, default, _ in ROW.findall(PAGE)}
    for name, default in settings_read().items():
        if default is not None:
            written = str(int(default)) if isinstance(default, bool) else str(default)
            assert defaults[name] == f"`{written}`", name
