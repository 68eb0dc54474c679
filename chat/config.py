"""The settings: the only reader of the environment.

Keeps true: a bad value stops the start with one clear line (`SettingError`); there is no default
secret (the first start writes a random one to the data directory, mode 600). Each variable has its
row in docs/settings.md. May import the plain ground.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from chat.connections import read_connections
from chat.environment import (
    Fingerprints,
    Reader,
    SettingError,
    check_database_url,
    check_redis_url,
    read_secret,
)
from chat.loglines import FORMATS, Format
from chat.sharing import check_sharing
from chat.values import Connection, DataPolicy, InjectionPolicy, Limits

__all__ = ["SettingError", "Settings", "load_settings", "stored_secret"]
_SHORTEST_SECRET = 16  # characters; what signs cookies must not be guessed
_LONGEST_SYSTEM_TEXT = 10_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, checked. Times are in the unit that the name says."""

    host: str
    port: int
    data_dir: Path
    database_url: str
    redis_url: str  # "" for none
    secret_key: str
    processes: int
    site_name: str
    rate_messages: str  # as `chat/rates.py` reads it; "" for none
    rate_space: str
    rate_uploads: str
    rate_api: str
    max_runs: int
    max_waiting: int
    slots: int
    max_queue: int
    max_message_chars: int
    max_message_tokens: int  # 0 for no limit
    typed_injections: InjectionPolicy  # off, warn or refuse
    injections: InjectionPolicy  # in passages: off, warn or drop
    max_upload_bytes: int
    reading_seconds: int
    reading_bytes: int
    web_ports: tuple[int, ...]  # from which pages of the web are read; none where they are not
    chunk_words: int
    chunk_delay_ms: int
    heartbeat_seconds: float
    write_timeout_seconds: float
    flush_ms: int
    session_days: int
    invite_days: int
    trusted_proxies: int
    secure_cookies: bool
    rate_sign_in: str
    worker_connections: int
    graceful_seconds: int
    load_handbook: bool
    connections: tuple[Connection, ...]  # in the order in which they are asked
    limits: Limits
    run_seconds: float
    history_turns: int
    system_text: str
    personal_data: DataPolicy  # of providers that have none of their own
    log_format: Format
    traces: bool  # whether OpenTelemetry's own variables ask for them
    figures_days: int
    metrics_token: str  # "" where only the machine itself reads the figures
    cache_minutes: int  # an answer may be given again for so long; 0 for never
    cache_answers: int  # so many may; 0 for none
    confidence_levels: tuple[int, int]  # percent from which one is high, and from which medium
    audit_days: int  # that an entry of the audit trail is kept; 0 for ever
    fingerprints: Fingerprints = Fingerprints()

    @property
    def uploads(self) -> Path:
        return self.data_dir / "uploads"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of `environ` (the process's own by default); SettingError for a bad one."""
    env = Reader(os.environ if environ is None else environ)
    data_dir = Path(env.text("PARLEY_DATA_DIR", "instance")).resolve()
    settings = Settings(
        host=env.text("HOST", "127.0.0.1"),
        port=env.number("PORT", 8000, least=0, most=65535),
        data_dir=data_dir,
        database_url=check_database_url("DATABASE_URL", env.secret("DATABASE_URL"))
        or f"sqlite:///{data_dir / 'parley.db'}",
        redis_url=check_redis_url("REDIS_URL", env.secret("REDIS_URL")),
        secret_key=_long_enough(env.secret("SECRET_KEY") or stored_secret(data_dir)),
        processes=env.number("WEB_CONCURRENCY", 1, least=1, most=64),
        site_name=env.text("PARLEY_SITE_NAME", "Parley"),
        rate_messages=env.rate("PARLEY_RATE_MESSAGES", "20/minute,1000/day"),
        rate_space=env.rate("PARLEY_RATE_SPACE", "0"),
        rate_uploads=env.rate("PARLEY_RATE_UPLOADS", "1000/hour"),
        rate_api=env.rate("PARLEY_RATE_API", "600/minute"),
        max_runs=env.number("PARLEY_MAX_RUNS", 3, least=0),
        max_waiting=env.number("PARLEY_MAX_WAITING", 20, least=0),
        slots=env.number("PARLEY_SLOTS", 500, least=0),
        max_queue=env.number("PARLEY_MAX_QUEUE", 1000, least=0),
        max_message_chars=env.number("PARLEY_MAX_MESSAGE_CHARS", 32_000, least=1),
        max_message_tokens=env.number("PARLEY_MAX_MESSAGE_TOKENS", 16_000, least=0),
        typed_injections=InjectionPolicy(
            env.choice("PARLEY_TYPED_INJECTIONS", "warn", of=("off", "warn", "refuse"))
        ),
        injections=InjectionPolicy(
            env.choice("PARLEY_INJECTIONS", "drop", of=("off", "warn", "drop"))
        ),
        max_upload_bytes=env.number("PARLEY_MAX_UPLOAD_MB", 20, least=1) * 1024 * 1024,
        reading_seconds=env.number("PARLEY_READING_SECONDS", 180, least=5, most=3600),
        reading_bytes=env.number("PARLEY_READING_MB", 512, least=128, most=16_384) * 1024 * 1024,
        web_ports=_web_ports(env),
        chunk_words=env.number("PARLEY_CHUNK_WORDS", 3, least=1),
        chunk_delay_ms=env.number("PARLEY_CHUNK_DELAY_MS", 20, least=0, most=10_000),
        heartbeat_seconds=env.number("PARLEY_HEARTBEAT_SECONDS", 15, least=1, most=30),
        write_timeout_seconds=env.number("PARLEY_WRITE_TIMEOUT_SECONDS", 30, least=1),
        flush_ms=env.number("PARLEY_FLUSH_MS", 180, least=10, most=200),
        session_days=env.number("PARLEY_SESSION_DAYS", 30, least=1, most=365),
        invite_days=env.number("PARLEY_INVITE_DAYS", 7, least=1, most=90),
        trusted_proxies=env.number("PARLEY_TRUSTED_PROXIES", 0, least=0, most=10),
        secure_cookies=env.flag("PARLEY_SECURE_COOKIES", default=False),
        rate_sign_in=env.rate("PARLEY_RATE_SIGN_IN", "10/minute"),
        worker_connections=env.number("PARLEY_WORKER_CONNECTIONS", 2000, least=10),
        graceful_seconds=env.number("PARLEY_GRACEFUL_SECONDS", 10, least=1, most=300),
        load_handbook=env.flag("PARLEY_HANDBOOK", default=True),
        connections=read_connections(env),
        limits=_limits(env),
        run_seconds=env.number("PARLEY_RUN_SECONDS", 600, least=1, most=86_400),
        history_turns=env.number("PARLEY_HISTORY_MESSAGES", 10, least=0, most=1000),
        system_text=_short_enough(env.secret("PARLEY_SYSTEM_TEXT")),
        personal_data=env.policy("PARLEY_PERSONAL_DATA") or DataPolicy.OFF,
        log_format=_log_format(env),
        traces=_traces(env),
        figures_days=env.number("PARLEY_FIGURES_DAYS", 90, least=1, most=3650),
        metrics_token=_token(env.secret("PARLEY_METRICS_TOKEN")),
        cache_minutes=env.number("PARLEY_CACHE_MINUTES", 1440, least=0, most=527_040),
        cache_answers=env.number("PARLEY_CACHE_ANSWERS", 2000, least=0, most=100_000),
        confidence_levels=_levels(env),
        audit_days=env.number("PARLEY_AUDIT_DAYS", 0, least=0, most=36_500),
    )
    check_sharing(settings.database_url, settings.processes)
    return replace(settings, fingerprints=env.fingerprints(settings.secret_key))


def _limits(env: Reader) -> Limits:
    return Limits(
        connect_seconds=env.number("PARLEY_CONNECT_SECONDS", 10, least=1, most=300),
        first_byte_seconds=env.number("PARLEY_FIRST_BYTE_SECONDS", 120, least=1, most=3600),
        silence_seconds=env.number("PARLEY_SILENCE_SECONDS", 60, least=1, most=3600),
        max_chars=env.number("PARLEY_MAX_ANSWER_CHARS", 200_000, least=100),
        max_events=env.number("PARLEY_MAX_ANSWER_EVENTS", 100_000, least=100),
    )


def _web_ports(env: Reader) -> tuple[int, ...]:
    is_on = env.flag("PARLEY_WEB_PAGES", default=False)
    listed = env.text("PARLEY_WEB_PORTS", "80,443")
    ports = [part.strip() for part in listed.split(",")]
    if not all(port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536 for port in ports):
        raise SettingError(f"PARLEY_WEB_PORTS: {listed!r} is not a list of ports such as 80,443")
    return tuple(map(int, ports)) if is_on else ()


def _levels(env: Reader) -> tuple[int, int]:
    high = env.number("PARLEY_CONFIDENCE_HIGH", 80, least=1, most=100)
    medium = env.number("PARLEY_CONFIDENCE_MEDIUM", 50, least=0, most=99)
    if medium >= high:
        raise SettingError(
            f"PARLEY_CONFIDENCE_MEDIUM: {medium} is not below PARLEY_CONFIDENCE_HIGH, {high}"
        )
    return high, medium


def stored_secret(data_dir: Path) -> str:
    """The secret of `data_dir`, made at the first start; exactly one of several starts makes it."""
    path = data_dir / "secret-key"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _write_secret(path)
    return read_secret(path, "SECRET_KEY")


def _write_secret(path: Path) -> None:
    """Write a random secret unless there is one: the file appears whole, or not at all."""
    handle, draft = tempfile.mkstemp(prefix=".secret-key-", dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):  # another start was first: its secret counts
            os.link(draft, path)
    finally:
        os.unlink(draft)


def _log_format(env: Reader) -> Format:
    asked = env.text("PARLEY_LOG_FORMAT", "off")
    for known in FORMATS:
        if asked == known:
            return known
    raise SettingError(f"PARLEY_LOG_FORMAT: {asked!r} is not one of {', '.join(FORMATS)}")


def _traces(env: Reader) -> bool:
    """OpenTelemetry reads the rest of its variables itself."""
    addresses = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    is_off = env.text("OTEL_SDK_DISABLED", "false").lower() == "true"
    exporter = env.text("OTEL_TRACES_EXPORTER", "otlp").lower()
    return any([env.text(name, "") for name in addresses]) and not is_off and exporter == "otlp"


def _token(token: str) -> str:
    if token and len(token) < _SHORTEST_SECRET:
        raise SettingError(
            f"PARLEY_METRICS_TOKEN: {len(token)} characters can be guessed; "
            f"take at least {_SHORTEST_SECRET}"
        )
    return token


def _short_enough(text: str) -> str:
    if len(text) > _LONGEST_SYSTEM_TEXT:
        raise SettingError(
            f"PARLEY_SYSTEM_TEXT: {len(text)} characters; a model reads it with every question, "
            f"so take at most {_LONGEST_SYSTEM_TEXT}"
        )
    return text


def _long_enough(secret: str) -> str:
    if len(secret) < _SHORTEST_SECRET:
        raise SettingError(
            f"SECRET_KEY: {len(secret)} characters can be guessed; "
            f"take at least {_SHORTEST_SECRET}, such as from `openssl rand -hex 32`"
        )
    return secret
