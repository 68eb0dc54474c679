"""Builds the site: the only file that knows every box. `python app.py` prepares and serves it."""

import importlib
import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chat.answering.allowing import Allowing
from chat.answering.caching import AnswerCache
from chat.answering.context import Job
from chat.answering.embedding import Embedding
from chat.answering.leases import Leases
from chat.answering.pipeline import Bounds
from chat.answering.runner import Runner
from chat.answering.sending import Sending
from chat.answering.taking_over import TakingOver
from chat.answering.turns import Room
from chat.commands.lazy import Commands
from chat.commands.serve import main
from chat.config import Settings, load_settings
from chat.database import Database
from chat.eventlog.backplane import Backplane
from chat.eventlog.notices import Notices
from chat.eventlog.presence import Presence
from chat.eventlog.publisher import Publisher
from chat.eventlog.sql import SqlLog
from chat.eventlog.sql_backplane import SqlBackplane
from chat.extensions import csrf, db
from chat.figures.keeping import Keeping
from chat.knowledge.fetching import PageFetcher
from chat.knowledge.intake import Intake
from chat.knowledge.reading.process import ReadingBounds
from chat.metrics import counted
from chat.metrics.files import Files
from chat.metrics.minutes import minutes
from chat.offload import aside
from chat.providers.registry import build_registry
from chat.safety.guard import Bounds as MessageBounds
from chat.values import InjectionPolicy
from chat.web.configuration import flask_config
from chat.web.counting import Admission
from chat.web.site import Site
from chat.web.turnstile import Turnstile
from chat.web.watch import Watch

if TYPE_CHECKING:
    from chat.eventlog.redis_client import RedisServer

# Each is a file of chat/web with a `blueprint`, or of chat/commands with a `command`.
PAGES = ("auth", "account", "admin", "limits_page", "models", "space_forms", "spaces_api",
         "pages", "library", "graph", "overview", "ratings_page", "audit_page", "rating", "going",
         "api", "stream", "news", "openapi", "ops")  # fmt: skip
COMMANDS = ("users", "library", "audit", "backup", "restore", "evaluate",
            "evaluate_guardrails", "recalibrate", "prepare")  # fmt: skip
REGISTER = (("requests", "register_requests"), ("errors", "register_errors"),
            ("access", "register_access"), ("headers", "register_headers"),
            ("formats", "register_formats"))  # fmt: skip


class _Synchronous(Flask):
    """Flask without views that are coroutines, for which it looks eight times a request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The site as a WSGI application; SettingError when a setting cannot be used."""
    settings = settings or load_settings()
    app = _Synchronous(__name__)
    app.config.from_mapping(flask_config(settings))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    app.wsgi_app = Turnstile(partial(aside, app.wsgi_app))  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    app.extensions["parley"] = build_site(app, settings)
    for module, function in REGISTER:
        getattr(importlib.import_module(f"chat.web.{module}"), function)(app)
    for name in PAGES:
        app.register_blueprint(importlib.import_module(f"chat.web.{name}").blueprint)
    app.cli = Commands(app.name, COMMANDS)
    return app


def build_site(app: Flask, settings: Settings) -> Site:
    """The parts that serve; nothing of them runs before the first answer."""
    with app.app_context():
        database = Database(db.engine)
    redis = find_redis(settings)
    leases = Leases(database)
    log = build_log(settings, database, redis, leases, lambda refused: runner.drop([refused]))
    notices = Notices(relay=lambda notice: log.announce("notice", notice))
    presence = Presence(relay=lambda here: log.announce("presence", here))
    providers = build_registry(settings, database)
    heartbeat, relay = settings.heartbeat_seconds, partial(log.announce, "access", {})
    watch = Watch(database, heartbeat, after_look=presence.repeat, relay=relay)
    bounds, answers = ReadingBounds.of(settings), Bounds.of(settings)
    embedding = Embedding(database, providers, privacy=answers.privacy)
    intake = Intake(database, settings.uploads, bounds, after=embedding.wake)
    cache = AnswerCache.by(settings, database)
    allowing = Allowing.by(settings)
    runner = Runner(
        database,
        log,
        providers,
        leases=leases,
        bounds=answers,
        tell=partial(tell_run, notices),
        embed=embedding.of_question,
        cache=cache,
        room=Room.by(settings, allowing),
    )
    taking_over = TakingOver(
        database, leases, runner, among_others=log.listen, is_watched=lambda: watch.count > 0
    )
    figures = Files(settings.data_dir / "figures", counted.slots, counted.FAMILIES)
    parts = Site(
        settings=settings,
        database=database,
        log=log,
        redis=redis,
        providers=providers,
        notices=notices,
        presence=presence,
        intake=intake,
        embedding=embedding,
        pages=find_pages(settings),
        runner=runner,
        cache=cache,
        taking_over=taking_over,
        watch=watch,
        keeping=build_keeping(settings, database, figures),
        figures=figures,
        sending=build_sending(settings, database, runner, allowing, redis),
    )
    heed_others(parts, log, leases)
    return parts


def build_log(
    settings: Settings,
    database: Database,
    redis: "RedisServer | None",
    leases: Leases,
    on_refused: Callable[[str], None],
) -> SqlLog:
    """The running answers of this process, and the way to those of the others."""
    backplane, publisher = find_carriers(database, redis)
    return SqlLog(
        database,
        flush_seconds=settings.flush_ms / 1000,
        backplane=backplane,
        publisher=publisher,
        is_alone=lambda: not leases.others_alive,
        on_refused=on_refused,
    )


def heed_others(parts: Site, log: SqlLog, leases: Leases) -> None:
    """What is done about the announcements of other processes."""
    runner = parts.runner
    log.handle("notice", parts.notices.receive)
    log.handle("presence", parts.presence.receive)
    log.handle("released", lambda _: leases.wanted.set())
    log.handle("access", lambda _: parts.watch.look_now())
    log.handle("stop", lambda data: runner.stop_here([json.loads(data)["message_id"]]))


def build_sending(
    settings: Settings,
    database: Database,
    runner: Runner,
    allowing: Allowing,
    redis: "RedisServer | None",
) -> Sending:
    """What takes questions, as often as a person may send them."""
    admit = Admission(settings, redis).admit
    bounds = MessageBounds(
        settings.max_message_chars,
        settings.max_message_tokens,
        settings.typed_injections == InjectionPolicy.REFUSE,
    )
    return Sending(database, runner, bounds=bounds, allowing=allowing, admit=admit)


def build_keeping(settings: Settings, database: Database, figures: Files) -> Keeping:
    """What stores the figures of each minute."""
    days = settings.figures_days
    return Keeping(database, minutes, process_id=lambda: figures.process_id, days=days)


def find_pages(settings: Settings) -> PageFetcher | None:
    """What fetches pages of the web, where an admin lets it."""
    if not settings.web_ports:
        return None
    return PageFetcher(most_bytes=settings.max_upload_bytes, ports=settings.web_ports)


def find_redis(settings: Settings) -> "RedisServer | None":
    """The Redis of the site, if it has one; redis-py is loaded only then."""
    if not settings.redis_url:
        return None
    from chat.eventlog.redis_client import RedisServer

    return RedisServer(settings.redis_url)


def find_carriers(
    database: Database, redis: "RedisServer | None"
) -> tuple[Backplane, Publisher | None]:
    """What joins this process to the others: the database, and a Redis over it if there is one."""
    durable = SqlBackplane(database)
    if redis is None:
        return durable, None
    from chat.eventlog.redis_over_database import RedisOverDatabase

    both = RedisOverDatabase(durable, redis)
    return both, Publisher(both.show)


def tell_run(notices: Notices, happening: str, job: Job) -> None:
    """Let open pages show which conversations are being answered."""
    notices.publish(
        "run",
        job.audience,
        happening=happening,
        conversation_id=job.asked.conversation_id,
        message_id=job.message_id,
        by={"id": job.viewer.id, "name": job.viewer.name},
    )


if __name__ == "__main__":
    main()
