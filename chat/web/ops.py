"""What the one who runs the site asks: is it alive, is it ready, what is it doing.

May import every floor below web.
"""

import hmac
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chat import conversations
from chat.errors import NotFound
from chat.figures.reading import Past, read
from chat.metrics.exposition import exposition
from chat.values import iso
from chat.web.access import current_viewer, signed_in
from chat.web.sampling import Sampling, resident_bytes
from chat.web.site import site
from chat.web.standing import look

blueprint = Blueprint("ops", __name__)
_STARTED = time.monotonic()


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is touched."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers and the log takes new runs; a Redis that is away is told, no more."""
    redis = site().redis
    about_redis = {} if redis is None else {"redis": redis.answers()}
    try:
        with site().database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify({"database": False, "log": False, **about_redis}), 503
    taking = site().runner.is_taking
    return jsonify({"database": True, "log": taking, **about_redis}), 200 if taking else 503


@blueprint.get("/api/stream/status")
@signed_in
def status() -> Response:
    """The person's running answers, this process's figures, and for admins the whole site's."""
    viewer, parts = current_viewer(), site()
    with parts.database.reading() as session:
        mine = conversations.running_answers(session, viewer)
        whole = {"site": of_site(session)} if viewer.is_admin else {}
    return jsonify(
        {
            "running": [{"message_id": m, "conversation_id": c} for m, c in mine],
            "process": figures(),
            **whole,
        }
    )


def of_site(session: Session) -> dict[str, Any]:
    """How the whole site stands, and how it did in the past hour: for admins."""
    now, hour = look(site(), session), read(session, Past.HOUR, time.time()).whole
    return {
        "runs": now.running,
        "followers": now.streams,
        "queue": now.queue,
        "online": len(now.online),
        "processes": now.processes,
        "resident_bytes": now.memory,
        "database_bytes": now.database,
        "free_bytes": now.free,
        "backup_at": iso(now.backup.made_at) if now.backup else None,
        "past_hour": {
            "answers": int(hour["answers"]),
            "failed": int(hour["failed"]),
            "stopped": int(hour["stopped"]),
            "cached": int(hour["cached"]),
            "first_chunk_ms_p50": rounded(hour.p50),
            "first_chunk_ms_p95": rounded(hour.p95),
            "tokens_per_second": rounded(hour.tokens_per_second),
        },
    }


def rounded(value: float | None) -> float | None:
    """Two digits: a quantile is within 5 %."""
    return None if value is None else float(f"{value:.2g}")


@blueprint.get("/metrics")
def metrics() -> Response:
    """The figures of all processes of this data directory, for who has the token, or loopback."""
    token = site().settings.metrics_token
    if not (_has(token) if token else _is_of_this_machine()):
        raise NotFound("There is nothing at this address, or not for you.")
    Sampling(site()).look()
    body, content_type = exposition(site().figures.read(), request.headers.get("Accept", ""))
    return Response(body, content_type=content_type)


def _has(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(
        given.strip().encode(), token.encode()
    )


def _is_of_this_machine() -> bool:
    """Whether nobody else asks: a proxy on this machine that is not trusted hides who does."""
    told = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
    if told and not site().settings.trusted_proxies:
        return False
    return request.remote_addr in {"127.0.0.1", "::1"}


def figures() -> dict[str, float]:
    """Measured now: runs and streams of this process, its memory and its age."""
    parts = site()
    redis = {} if parts.redis is None else {"redis": int(not parts.redis.is_away)}
    return {
        "runs": parts.runner.running - parts.runner.waiting,
        "waiting": parts.runner.waiting,
        "followers": parts.watch.count,
        **redis,
        "resident_bytes": resident_bytes(),
        "cpu_seconds": round(time.process_time(), 3),
        "uptime_seconds": round(time.monotonic() - _STARTED, 1),
    }
