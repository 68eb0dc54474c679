"""Reads one variable of the environment at a time, and fails with the line that an admin needs.

Keeps true: an empty value counts as unset; every secret may come from a file named by `X_FILE`; an
error names its variable, says what it takes, and never holds a secret. Imports nothing of Parley.
"""

import re
from collections.abc import Mapping
from pathlib import Path

_RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")  # `limits` itself costs 8 MB


class SettingError(ValueError):
    """A setting cannot be used; the message names it and says what it takes."""


class Reader:
    """The variables of one environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        file = self._environ.get(f"{name}_FILE", "").strip()
        return read_secret(Path(file), f"{name}_FILE") if file else self.text(name, "")

    def number(self, name: str, default: int, *, least: int, most: int | None = None) -> int:
        text = self.text(name, str(default))
        limit = f"from {least} to {most}" if most is not None else f"of at least {least}"
        if not (text.isascii() and text.isdigit()):
            raise SettingError(f"{name}: {text!r} is not a whole number {limit}")
        value = int(text)
        if value < least or (most is not None and value > most):
            raise SettingError(f"{name}: {value} is not a whole number {limit}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        text = self.text(name, "1" if default else "0").lower()
        if text not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
            raise SettingError(f"{name}: {text!r} is neither 1 nor 0")
        return text in {"1", "true", "yes", "on"}

    def rate(self, name: str, default: str) -> str:
        text = self.text(name, default)
        if text == "0":
            return ""
        if not _RATE.fullmatch(text):
            raise SettingError(f"{name}: {text!r} is not a rate such as 20/minute, or 0 for none")
        return text


def read_secret(path: Path, name: str) -> str:
    """What a file holds, without the space around it; SettingError for `name` when it is empty."""
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}: cannot read {path}: {error}") from error
    if not value:
        raise SettingError(f"{name}: {path} is empty; delete it or write a secret into it")
    return value
