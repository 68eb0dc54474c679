"""The description of the API, for programs that make clients or checks of it.

Keeps true: it is made once a process, when it is first asked for, and looked up afterwards. May
import every floor below web.
"""

import threading

import msgspec
from flask import Blueprint, Flask, Response, current_app, request

blueprint = Blueprint("openapi", __name__, url_prefix="/api")
_MINUTES = 10
_one_at_a_time = threading.Lock()


@blueprint.get("/openapi.json")
def show() -> Response:
    """This description of the API, in OpenAPI 3.1."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(described(app), mimetype="application/json")
    response.cache_control.public = True
    response.cache_control.max_age = _MINUTES * 60
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def described(app: Flask) -> bytes:
    """The document as JSON."""
    with _one_at_a_time:
        made = app.extensions.get("parley-openapi")
        if made is None:
            from chat.web.description import build  # a hundred types that nobody else needs

            made = app.extensions["parley-openapi"] = msgspec.json.encode(build(app))
    return bytes(made)
