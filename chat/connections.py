"""The connections to models: what one may hold, and those that the environment describes.

Keeps true: an address is one that can be asked, a name one that fits into a setting and an event; a
complaint never holds a key. May import the plain ground.
"""

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from chat.environment import Reader, SettingError
from chat.values import Connection
from chat.vendors import VENDORS, vendor_at

Value = TypeVar("Value")
BUILT_IN = "library"  # the provider that is always there
LEAST_CONTEXT, MOST_CONTEXT = 1_000, 10_000_000  # tokens
MOST_MODELS = 50
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HOST = re.compile(r"[\w.:-]+", re.ASCII)
_LONGEST = {"name": 32, "address": 500, "model": 128, "key": 2000}


def clean_name(text: str) -> str:
    """The name of a provider; ValueError says what one is."""
    name = text.strip().lower()
    if not _NAME.fullmatch(name) or len(name) > _LONGEST["name"]:
        raise ValueError("a name is up to 32 letters, digits and hyphens, such as team-models")
    if name == BUILT_IN:
        raise ValueError("library is the name of the built-in provider; take another")
    return name


def clean_address(text: str) -> str:
    """A base URL without a slash at its end; ValueError says what is wrong with it."""
    address = text.strip().rstrip("/")
    example = "such as https://api.example.com/v1"
    if not _is_address(address):
        raise ValueError(f"an address begins with http:// or https://, {example}")
    for path in ("/chat/completions", "/messages"):
        if address.endswith(path):
            raise ValueError(f"leave {path} out of the address: it is added, {example}")
    return address


def _is_address(address: str) -> bool:
    if len(address) > _LONGEST["address"] or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        _ = parts.port  # ValueError for one that is no number
    except ValueError:
        return False
    inside = (parts.query, parts.fragment, parts.username, parts.password)
    is_place = bool(_HOST.fullmatch(host)) and parts.path.isascii()
    return parts.scheme in {"http", "https"} and is_place and not any(inside)


def clean_models(text: str) -> tuple[str, ...]:
    """The names of models, separated by commas or lines; ValueError when there is none."""
    found = dict.fromkeys(part.strip() for part in re.split(r"[,\n]", text))
    models = tuple(name for name in found if name)
    if not models:
        raise ValueError("name at least one model, such as the vendor's list calls it")
    if len(models) > MOST_MODELS:
        raise ValueError(f"name at most {MOST_MODELS} models")
    for name in models:
        if len(name) > _LONGEST["model"] or not name.isprintable():
            raise ValueError("the name of a model has up to 128 letters, digits and signs")
    return models


def clean_embedding_model(text: str) -> str:
    """The name of a model that makes embeddings, or ""."""
    names = clean_models(text) if text.strip() else ("",)
    if len(names) > 1:
        raise ValueError("name one model for embeddings, or none")
    return names[0]


def clean_key(text: str) -> str:
    """A key as a header can carry it, or ""; ValueError without the key in it."""
    key = text.strip()
    if len(key) > _LONGEST["key"] or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("a key has no spaces and no letters beyond ASCII; copy it once more")
    return key


def read_connections(env: Reader) -> tuple[Connection, ...]:
    """What the environment describes, in the order in which they are asked."""
    found = [_known(env, "openai", "OPENAI"), _known(env, "anthropic", "ANTHROPIC")]
    names = env.text("PARLEY_PROVIDERS", "").split(",")
    found += [_listed(env, name) for name in names if name.strip()]
    connections = [connection for connection in found if connection is not None]
    for later, connection in enumerate(connections):
        if connection.name in {other.name for other in connections[:later]}:
            name = connection.name
            raise SettingError(f"PARLEY_PROVIDERS: there are two of the name {name}; rename one")
    return tuple(connections)


def _known(env: Reader, name: str, prefix: str) -> Connection | None:
    """A vendor by the variables that its own tools read, too; None when nothing is given."""
    key = _checked(f"{prefix}_API_KEY", clean_key, env.secret(f"{prefix}_API_KEY"))
    address = env.text(f"{prefix}_BASE_URL", "")
    if not key and not address:
        return None
    address = address or VENDORS[name].address
    preset = name if VENDORS[name].kind == "anthropic" else vendor_at(address)
    return _connection(env, name, prefix, preset, address, key, models=f"{prefix}_MODEL")


def _listed(env: Reader, listed: str) -> Connection:
    """One of the list, by the variables that begin with its name."""
    name = _checked("PARLEY_PROVIDERS", clean_name, listed)
    prefix = f"PARLEY_PROVIDER_{name.upper().replace('-', '_')}"
    key = _checked(f"{prefix}_API_KEY", clean_key, env.secret(f"{prefix}_API_KEY"))
    address = env.text(f"{prefix}_BASE_URL", "")
    preset = env.text(f"{prefix}_PRESET", name if name in VENDORS else vendor_at(address))
    if preset not in VENDORS:
        raise SettingError(f"{prefix}_PRESET: {preset!r} is none of {', '.join(VENDORS)}")
    address = address or VENDORS[preset].address
    if not address:
        raise SettingError(f"{prefix}_BASE_URL: say at which address {name} answers")
    if not key and VENDORS[preset].needs_key and address == VENDORS[preset].address:
        raise SettingError(f"{prefix}_API_KEY: {VENDORS[preset].label} answers only with a key")
    return _connection(env, name, prefix, preset, address, key, models=f"{prefix}_MODELS")


def _connection(
    env: Reader, name: str, prefix: str, preset: str, address: str, key: str, *, models: str
) -> Connection:
    is_openai = VENDORS[preset].kind == "openai_compatible"
    return Connection(
        name=name,
        kind=VENDORS[preset].kind,
        preset=preset,
        base_url=_checked(f"{prefix}_BASE_URL", clean_address, address),
        models=_checked(models, clean_models, env.text(models, "")),
        key=key,
        context_tokens=env.number(
            f"{prefix}_CONTEXT_TOKENS",
            VENDORS[preset].context_tokens,
            least=LEAST_CONTEXT,
            most=MOST_CONTEXT,
        ),
        embedding_model=_checked(
            f"{prefix}_EMBEDDING_MODEL",
            clean_embedding_model,
            env.text(f"{prefix}_EMBEDDING_MODEL", "") if is_openai else "",
        ),
        personal_data=env.policy(f"{prefix}_PERSONAL_DATA"),
    )


def _checked(variable: str, clean: Callable[[str], Value], text: str) -> Value:
    try:
        return clean(text)
    except ValueError as error:
        raise SettingError(f"{variable}: {error}") from None  # the text may be a key
