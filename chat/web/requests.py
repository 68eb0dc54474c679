"""What is told of every request: an id, a figure, and where it is wanted a line and a trace.

Keeps true: an id from outside counts only behind a trusted proxy; a path is told as its rule, with
the ids of conversations and the like, and never with a secret or with what was typed. Imports the
plain ground and its own floor.
"""

import re
import time
from typing import Any

from flask import Flask, Response, g, request

from chat.loglines import lines
from chat.metrics import counted
from chat.metrics.minutes import minutes
from chat.origin import Origin, come_from, is_plain
from chat.tracing import traces
from chat.values import new_id
from chat.web.site import site

_FILES = frozenset({"static", "asset"})
_UNTOLD = _FILES | {"ops.alive", "ops.ready", "ops.metrics"}  # asked every few seconds by programs
_ID = re.compile(r"[0-9a-f]{32}")
_HEADER = "X-Request-ID"


def register_requests(app: Flask) -> None:
    """Look at each request when it comes, and when its response begins."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """The request has an id, and what is done for it knows it."""
    g.began, g.span = time.perf_counter(), None
    behind_proxy = site().settings.trusted_proxies > 0
    given = request.headers.get(_HEADER, "") if behind_proxy else ""
    g.request_id = given if is_plain(given) else new_id()
    trace = None
    if traces.are_on and request.endpoint not in _UNTOLD:
        g.span = traces.begin_request(
            request.headers.get("traceparent", "") if behind_proxy else ""
        )
        trace = traces.inside(g.span)
    come_from(Origin(g.request_id, trace))


def end(response: Response) -> Response:
    """Its response begins; a stream goes on from here."""
    seconds, status = time.perf_counter() - g.began, response.status_code
    counted.requests.add(f"{status // 100}xx")
    counted.request_seconds.observe(seconds)
    response.headers[_HEADER] = g.request_id
    if request.endpoint in _FILES:
        return response
    minutes.requested(is_error=status >= 500)
    if g.span is not None:
        _trace(status)
    if lines.format != "off" and request.endpoint not in _UNTOLD:
        lines.write(
            "request",
            id=g.request_id,
            method=request.method,
            route=_route(),
            status=status,
            ms=round(seconds * 1000, 1),
            **_ids(),
        )
    return response


def _route() -> str:
    return request.url_rule.rule if request.url_rule is not None else "none"


def _ids() -> dict[str, str]:
    """What the path names by an id; never a token."""
    given: dict[str, Any] = request.view_args or {}
    return {name: one for name, one in given.items() if name.endswith("_id") and _ID.fullmatch(one)}


def _trace(status: int) -> None:
    facts = {
        "http.request.method": request.method,
        "http.route": _route(),
        "http.response.status_code": status,
        "parley.request_id": g.request_id,
        **{f"parley.{name}": value for name, value in _ids().items()},
    }
    name = f"{request.method} {_route()}"
    traces.end_request(g.span, name, facts, failed=status >= 500)
