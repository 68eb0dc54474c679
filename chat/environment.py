"""Reads one variable of the environment at a time, and fails with the line that an admin needs.

Keeps true: an empty value counts as unset; every secret may come from a file named by `X_FILE`; an
error names its variable, says what it takes, and never holds a secret. May import the plain ground.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from chat.rates import parse_rates
from chat.values import DataPolicy

_OF_A_PROCESS = frozenset({"HOST", "PORT", "PARLEY_DATA_DIR"})
_REDIS_DATABASE = re.compile(r"|/[0-9]{0,4}")
_POSTGRESQL = "postgresql+psycopg"  # SQLAlchemy's name for the driver that cooperates
_DATABASES = {
    "sqlite": "sqlite",
    "postgresql": _POSTGRESQL,
    "postgres": _POSTGRESQL,
    _POSTGRESQL: _POSTGRESQL,
}


class SettingError(ValueError):
    """A setting cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """A sign of what each setting is set to, from which nobody reads that; `given` are set."""

    all: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()


class Reader:
    """The variables of one environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._read: dict[str, str] = {}

    def text(self, name: str, default: str) -> str:
        self._read[name] = self._environ.get(name, "").strip()
        return self._read[name] or default

    def secret(self, name: str) -> str:
        file = self._environ.get(f"{name}_FILE", "").strip()
        if not file:
            return self.text(name, "")
        self._read[name] = read_secret(Path(file), f"{name}_FILE")
        return self._read[name]

    def fingerprints(self, key: str) -> Fingerprints:
        """Of all that was read, by HMAC-SHA256 with `key`; without what is each process's own."""
        read = {name: text for name, text in self._read.items() if name not in _OF_A_PROCESS}
        signs = {
            name: hmac.new(key.encode(), f"{name}={text}".encode(), "sha256").hexdigest()[:32]
            for name, text in read.items()
        }
        return Fingerprints(signs, frozenset(name for name, text in read.items() if text))

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

    def choice(self, name: str, default: str, of: Sequence[str]) -> str:
        text = self.text(name, default).lower()
        if text not in of:
            raise SettingError(f"{name}: {text!r} is none of {', '.join(of)}")
        return text

    def policy(self, name: str) -> DataPolicy | None:
        """A policy by its word; None where nothing is said."""
        text = self.text(name, "").lower()
        words = {policy.word: policy for policy in DataPolicy}
        if text and text not in words:
            raise SettingError(f"{name}: {text!r} is none of {', '.join(words)}")
        return words.get(text)

    def rate(self, name: str, default: str) -> str:
        text = self.text(name, default)
        try:
            return ",".join(map(str, parse_rates(text)))
        except ValueError as error:
            raise SettingError(f"{name}: {error}") from error


_REDIS_OPTIONS = {
    "unix": {"db"},
    "rediss": {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs"},
}


def check_database_url(name: str, url: str) -> str:
    """The address of a database as SQLAlchemy takes it; an error never shows its password."""
    scheme, _, rest = url.partition(":")
    if url and (scheme not in _DATABASES or not rest.startswith("//")):
        raise SettingError(
            f"{name}: this is no address such as postgresql://parley:password@localhost/parley "
            "or sqlite:////srv/parley/parley.db"
        )
    if url and scheme != "sqlite":
        _check_server(name, url)
    return f"{_DATABASES[scheme]}:{rest}" if url else ""


def _check_server(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        is_named = bool(parts.path.strip("/")) and parts.port != 0
    except ValueError as error:
        raise SettingError(f"{name}: its host or port cannot be read") from error
    if not is_named:
        raise SettingError(f"{name}: it ends with the name of a database, such as …/parley")


def check_redis_url(name: str, url: str) -> str:
    """The address of a Redis as it is; SettingError, without its password, when it is none."""
    try:
        parts = urlsplit(url)
        options = {option for option, _ in parse_qsl(parts.query, strict_parsing=bool(parts.query))}
        is_unix = parts.scheme == "unix" and len(parts.path) > 1
        is_tcp = parts.scheme in {"redis", "rediss"} and bool(parts.hostname) and parts.port != 0
        is_address = is_unix or (is_tcp and bool(_REDIS_DATABASE.fullmatch(parts.path)))
    except ValueError:
        is_address, options = False, set()
    if url and not (is_address and options <= _REDIS_OPTIONS.get(parts.scheme, set())):
        raise SettingError(
            f"{name}: not an address such as redis://:password@host:6379/0, rediss://… for TLS, "
            "or unix:///run/redis.sock; signs of a password that mean something there are "
            "written as %2F and the like"
        )
    return url


def read_secret(path: Path, name: str) -> str:
    """What a file holds, without the space around it; SettingError for `name` when it is empty."""
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}: cannot read {path}: {error}") from error
    if not value:
        raise SettingError(f"{name}: {path} is empty; delete it or write a secret into it")
    return value
