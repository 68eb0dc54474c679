"""What is told of every request: how long it took and how it was answered.

Keeps true: nothing of it holds what a person has typed or a secret of a path. Imports the plain
ground.
"""

import time

from flask import Flask, Response, g, request

from chat.metrics import counted
from chat.metrics.minutes import minutes

_FILES = frozenset({"static", "asset"})


def register_requests(app: Flask) -> None:
    """Look at each request when it comes, and when its response begins."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    counted.requests.add(f"{response.status_code // 100}xx")
    counted.request_seconds.observe(time.perf_counter() - g.began)
    if request.endpoint not in _FILES:
        minutes.requested(is_error=response.status_code >= 500)
    return response
