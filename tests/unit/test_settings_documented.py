"""Every setting has its row in docs/settings.md, and every row its setting."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat.config import load_settings
from chat.environment import Reader

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "settings.md").read_text()
ROW = re.compile(r"^\| `([A-Z_<>]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
READERS = ("text", "secret", "number", "flag", "rate")
BY_THE_PRESET = ("_CONTEXT_TOKENS", "_PRESET")
ENVIRON = {
    "OPENAI_API_KEY": "k",
    "OPENAI_MODEL": "m",
    "ANTHROPIC_API_KEY": "k",
    "ANTHROPIC_MODEL": "m",
    "PARLEY_PROVIDERS": "example",
    "PARLEY_PROVIDER_EXAMPLE_BASE_URL": "http://127.0.0.1/v1",
    "PARLEY_PROVIDER_EXAMPLE_MODELS": "m",
}


@pytest.fixture
def settings_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The variables that are read, each with its default; None where it has none of its own."""
    found: dict[str, object] = {}

    def noting(read: Callable[..., Any]) -> Callable[..., Any]:
        def noted(reader: Reader, name: str, *args: Any, **kwargs: Any) -> Any:
            default = args[0] if args else kwargs.get("default")
            found.setdefault(name.replace("_EXAMPLE_", "_<NAME>_"), default)
            return read(reader, name, *args, **kwargs)

        return noted

    for name in READERS:
        monkeypatch.setattr(Reader, name, noting(getattr(Reader, name)))
    load_settings({"PARLEY_DATA_DIR": str(tmp_path)} | ENVIRON)
    return found


def test_every_setting_has_its_row(settings_read: dict[str, object]) -> None:
    assert len(settings_read) > 40
    assert set(settings_read) - {name for name, _, _ in ROW.findall(PAGE)} == set()


def test_every_row_has_its_setting(settings_read: dict[str, object]) -> None:
    assert {name for name, _, _ in ROW.findall(PAGE)} - set(settings_read) == set()


def test_every_row_tells_the_default(settings_read: dict[str, object]) -> None:
    told = {name: default for name, default, _ in ROW.findall(PAGE)}
    for name, default in settings_read.items():
        if default not in (None, "") and not name.endswith(BY_THE_PRESET):
            written = str(int(default)) if isinstance(default, bool) else str(default)
            assert told[name] == f"`{written}`", name
